import fc from "fast-check";
import { expect, test } from "vitest";
import { RequestReader } from "../../src/server/epoll/request-reader.js";

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const CLOSE = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

function read(text: string, rest: Buffer | null = null): { count: number; closes: boolean; rest: string | null } {
  const { count, closes, rest: left } = new RequestReader().read(Buffer.from(text, "latin1"), rest);
  return { count, closes, rest: left?.toString("latin1") ?? null };
}

test.each([
  ["one request", GET, { count: 1, closes: false, rest: null }],
  ["one that asks to close", CLOSE, { count: 1, closes: true, rest: null }],
  [
    "any spelling of it",
    CLOSE.replace("Connection: close", "CONNECTION:foo, Close"),
    { count: 1, closes: true, rest: null },
  ],
  [
    "a header that only looks like it",
    CLOSE.replace("Connection", "X-Connection"),
    { count: 1, closes: false, rest: null },
  ],
  ["two at once, the last decides", CLOSE + GET, { count: 2, closes: false, rest: null }],
  ["an old version closes", GET.replace("1.1", "1.0"), { count: 1, closes: true, rest: null }],
  [
    "unless it asks to stay",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    { count: 1, closes: false, rest: null },
  ],
  ["a part of one", GET.slice(0, 10), { count: 0, closes: false, rest: GET.slice(0, 10) }],
  ["one and a part", GET + "GET", { count: 1, closes: false, rest: "GET" }],
])("%s", (_what, text, expected) => {
  expect(read(text)).toEqual(expected);
});

test("requests may be split anywhere", () => {
  const cuts = fc.array(fc.integer({ min: 0, max: (GET + GET + CLOSE).length }), { maxLength: 6 });
  fc.assert(
    fc.property(cuts, (at) => {
      const reader = new RequestReader();
      const bytes = Buffer.from(GET + GET + CLOSE);
      const ends = [0, ...at.toSorted((a, b) => a - b), bytes.length];
      let rest: Buffer | null = null;
      let count = 0;
      let closes = false;
      for (let i = 1; i < ends.length; i++) {
        const requests = reader.read(bytes.subarray(ends[i - 1], ends[i]), rest);
        count += requests.count;
        if (requests.count > 0) closes = requests.closes;
        rest = requests.rest;
      }
      expect({ count, closes, rest }).toEqual({ count: 3, closes: true, rest: null });
    }),
  );
});

test("a head without end is too large at some time", () => {
  expect(new RequestReader().read(Buffer.alloc(100_000, "x"), null).tooLarge).toBe(true);
});
