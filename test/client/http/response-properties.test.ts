import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ResponseParser } from "../../../src/client/http/response-parser.js";
import { read, type Reading } from "./read.js";
import { damage, response, type Response } from "./responses.js";

const RUNS = 2000;
const cuts = fc.array(fc.nat(), { maxLength: 8 });
const octets = fc.string({ unit: fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 300 });

function expected({ status, keepAlive, bodyBytes, text }: Response): Reading {
  return { state: "complete", status, keepAlive, bodyBytes, error: null, fault: null, taken: text.length };
}

/** Cut before each octet. */
function octetWise(text: string): number[] {
  return Array.from(text, (_, i) => i);
}

describe("any valid response", () => {
  test("is read as what it says, however its bytes come in", () => {
    fc.assert(
      fc.property(response, cuts, (valid, anyCuts) => {
        const { text, toHead } = valid;
        for (const some of [[], anyCuts, octetWise(text)]) {
          expect(read(text, { toHead, fin: true, cuts: some })).toEqual(expected(valid));
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("is complete with its last byte, unless only the end of the stream ends it", () => {
    fc.assert(
      fc.property(response, ({ text, toHead, untilClose }) => {
        expect(read(text, { toHead }).state).toBe(untilClose ? "body" : "complete");
        const short = read(text.slice(0, -1), { toHead }).state;
        expect(["head", "body"]).toContain(short);
      }),
      { numRuns: RUNS },
    );
  });

  test("is read alike by a parser that has read others, from one buffer, wherever it stands in it", () => {
    const parser = new ResponseParser();
    const buffer = Buffer.alloc(4096);
    const once = fc.tuple(response, fc.nat({ max: 9 }));
    fc.assert(
      // The same responses come again and again, whole and changed, because heads that come again are known again.
      fc.property(
        fc.array(once, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (some, order) => {
          for (const place of order) {
            const [{ toHead, untilClose, ...valid }, start] = some[place % some.length] ?? fail();
            const text = place % 5 === 0 ? `${valid.text}!` : valid.text;
            parser.reset(toHead);
            const end = start + buffer.write(text, start, "latin1");
            const taken = parser.push(buffer, start, end) - start;
            parser.end();
            const { state, status, keepAlive, bodyBytes, error, fault } = parser;
            expect({ state, status, keepAlive, bodyBytes, error, fault, taken }).toEqual(
              read(text, { toHead, fin: true }),
            );
            expect(state === "complete").toBe(text === valid.text || untilClose);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("with one more byte after it is a fault", () => {
    fc.assert(
      fc.property(response, octets, cuts, (valid, more, anyCuts) => {
        fc.pre(!valid.untilClose && more.length > 0);
        const { text, toHead } = valid;
        expect(read(text + more, { toHead, cuts: anyCuts })).toMatchObject({
          fault: "surplus-bytes",
          taken: text.length,
        });
      }),
    );
  });

  test("is followed by the next with pipelining", () => {
    fc.assert(
      fc.property(fc.array(response, { maxLength: 5 }), (all) => {
        const parser = new ResponseParser({ pipelining: true });
        const piped = all.filter(({ untilClose }) => !untilClose);
        const buffer = Buffer.from(piped.map(({ text }) => text).join(""), "latin1");
        let at = 0;
        for (const { text, toHead, status } of piped) {
          parser.reset(toHead);
          const stop = parser.push(buffer, at, buffer.length);
          expect([stop - at, parser.state, parser.status]).toEqual([text.length, "complete", status]);
          at = stop;
        }
        expect(at).toBe(buffer.length);
      }),
    );
  });
});

describe("whatever comes", () => {
  const whatever = fc.oneof(
    octets,
    octets.map((text) => `HTTP/1.1 200 OK\r\n${text}`),
    octets.map((text) => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${text}`),
    fc.tuple(response, damage).map(([{ text }, break_]) => break_(text)),
  );

  test("is read alike however it is cut, to an end that has one name", () => {
    fc.assert(
      fc.property(whatever, cuts, fc.boolean(), (text, anyCuts, toHead) => {
        const whole = read(text, { toHead, fin: true });
        expect(read(text, { toHead, fin: true, cuts: anyCuts })).toEqual(whole);
        expect(read(text, { toHead, fin: true, cuts: octetWise(text) })).toEqual(whole);
        expect(["complete", "failed"]).toContain(whole.state);
        expect(whole.error === null).toBe(whole.state === "complete");
        expect(whole.fault === null).toBe(whole.error !== "malformed-response");
        expect(whole.taken).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2 * RUNS },
    );
  });

  test("is read alike under limits however it is cut, and no further than they allow", () => {
    const limits = { lineBytes: 24, headBytes: 60 };
    fc.assert(
      fc.property(whatever, cuts, (text, anyCuts) => {
        const whole = read(text, { limits, fin: true });
        expect(read(text, { limits, fin: true, cuts: anyCuts })).toEqual(whole);
        expect(read(text, { limits, fin: true, cuts: octetWise(text) })).toEqual(whole);
        if (whole.state === "failed" && whole.status === 0) expect(whole.taken).toBeLessThanOrEqual(limits.headBytes);
      }),
      { numRuns: RUNS },
    );
  });
});

function fail(): never {
  throw new Error("unreachable");
}
