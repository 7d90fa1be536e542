import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { UnreadableError } from "../../src/sampler/parse-counters.js";
import { TableParser } from "../../src/sampler/parse-table.js";
import { LinkEnds, Listeners } from "../../src/sampler/link-ends.js";
import { type SideCounts, sidesOf } from "../../src/sampler/socket-counts.js";
import type { LinkEnd } from "../../src/sampler/types.js";

const capture = (name: string): Buffer => readFileSync(new URL(`../fixtures/proc/${name}`, import.meta.url));

function count(text: Buffer, serverPort: number, splitAt: readonly number[] = []): SideCounts {
  return sidesOf(parse(text, splitAt), serverPort);
}

function parse(text: Buffer, splitAt: readonly number[] = []): LinkEnd[] {
  const ends = new LinkEnds(new Listeners({ low: 32_768, high: 60_999 }), Infinity);
  const parser = new TableParser("/proc/net/tcp", ends);
  const cuts = [0, ...splitAt.toSorted((a, b) => a - b), text.length];
  for (let at = 1; at < cuts.length; at++) parser.push(text.subarray(cuts[at - 1], cuts[at]));
  parser.end();
  return ends.ends();
}

/** Only the states that there are. */
function present(counts: SideCounts): Record<string, Record<string, number>> {
  const some = (side: Record<string, number>): Record<string, number> =>
    Object.fromEntries(Object.entries(side).filter(([, value]) => value > 0));
  return { client: some(counts.client), server: some(counts.server) };
}

test("a captured IPv4 table gives what ss showed, by side", () => {
  expect(present(count(capture("tcp"), 8080))).toEqual({
    client: { established: 3, time_wait: 2, fin_wait2: 1 },
    server: { listen: 1, established: 3, time_wait: 4, close_wait: 1 },
  });
});

test("a listener on :: has its IPv4 connections in the IPv6 table", () => {
  expect(present(count(capture("tcp6"), 8081))).toEqual({
    client: { established: 1 },
    server: { listen: 1, established: 1, time_wait: 5 },
  });
  expect(present(count(capture("tcp"), 8081))).toEqual({ client: {}, server: {} });
});

test("sockets of other ports are left out", () => {
  expect(present(count(capture("tcp"), 9))).toEqual({ client: {}, server: {} });
});

test("each of the kernel's state numbers has its name", () => {
  const header = "  sl  local_address rem_address   st\n";
  const states = Object.entries({
    "01": "established",
    "02": "syn_sent",
    "03": "syn_recv",
    "04": "fin_wait1",
    "05": "fin_wait2",
    "06": "time_wait",
    "07": "close",
    "08": "close_wait",
    "09": "last_ack",
    "0A": "listen",
    "0B": "closing",
    "0C": "syn_recv",
  });
  for (const [number, state] of states) {
    const line = `   0: 0100007F:1F90 00000000:0000 ${number} 00000000:00000000 03:00000E10\n`;
    expect(present(count(Buffer.from(header + line), 8080)).server).toEqual({ [state]: 1 });
  }
});

test("pieces may be split anywhere", () => {
  const table = capture("tcp");
  const whole = count(table, 8080);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: table.length }), { maxLength: 8 }), (cuts) => {
      expect(count(table, 8080, cuts)).toEqual(whole);
    }),
  );
});

test("what is left of TIME_WAIT is told in milliseconds, the shortest and the longest", () => {
  const line = (state: string, ticks: string): string =>
    `   0: 0100007F:1F90 0100007F:9C40 ${state} 00000000:00000000 03:${ticks} 00000000\n`;
  const text = "local_address\n" + line("06", "00000E10") + line("06", "00000001") + line("05", "00001770");
  expect(parse(Buffer.from(text))).toMatchObject([
    { port: 8080, end: "to", states: { fin_wait2: 1, time_wait: 2 }, timeWaitLeftMs: { min: 10, max: 36_000 } },
  ]);
});

test("addresses are those of the network, of both families", () => {
  const line = (local: string, remote: string): Buffer =>
    Buffer.from(`local_address\n   0: ${local}:1F90 ${remote}:9C40 01 0\n`);
  expect(parse(line("010012C6", "010013C6"))).toMatchObject([{ local: "198.18.0.1", remote: "198.19.0.1" }]);
  const ipv6 = ["B80D0120000000000000000001000000", "0000000000000000FFFF0000010013C6"] as const;
  expect(parse(line(...ipv6))).toMatchObject([{ local: "2001:db8::1", remote: "198.19.0.1" }]);
});

const HEADER = "  sl  local_address rem_address   st tx_queue\n";
test.each([
  ["empty", ""],
  ["another file", "sockets: used 12\n"],
  ["cut in the middle of a line", `${HEADER}   0: 0100007F:1F90 0000`],
  ["cut in the middle, with a line end", `${HEADER}   0: 0100007F:1F90 0000\n`],
  ["no state", `${HEADER}   0: 0100007F:1F90 00000000:0000\n`],
  ["a state that there is not", `${HEADER}   0: 0100007F:1F90 00000000:0000 0D 0\n`],
  ["state zero", `${HEADER}   0: 0100007F:1F90 00000000:0000 00 0\n`],
  ["TIME_WAIT without its timer", `${HEADER}   0: 0100007F:1F90 00000000:0000 06 00000000:00000000 03\n`],
  ["no hexadecimal port", `${HEADER}   0: 0100007F:1FXX 00000000:0000 01 0\n`],
  ["an empty line", `${HEADER}\n`],
])("a damaged table is told, not guessed: %s", (_what, text) => {
  expect(() => count(Buffer.from(text), 8080)).toThrow(UnreadableError);
});

test("no bytes whatever bring anything but a count or the error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        count(Buffer.concat([Buffer.from(HEADER), bytes]), 8080);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableError);
      }
    }),
  );
});
