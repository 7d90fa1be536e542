import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseSockstat, UnreadableError } from "../../src/sampler/parse-counters.js";
import { TimeWaitPicker } from "../../src/sampler/time-wait-picker.js";

const captured = readFileSync(new URL("../fixtures/proc/sockstat", import.meta.url));

const sockstat = fc
  .record({ used: fc.nat(), inUse: fc.nat(), orphan: fc.nat(99), timeWait: fc.nat(), more: fc.boolean() })
  .map(
    ({ used, inUse, orphan, timeWait, more }) =>
      `sockets: used ${used}\nTCP: inuse ${inUse} orphan ${orphan} tw ${timeWait}${more ? " alloc 5 mem 0" : ""}\n` +
      `UDP: inuse 3 mem 0\nRAW: inuse 0\n`,
  );

test("is what the parser of the whole text reads, wherever it has gone since the last time", () => {
  fc.assert(
    fc.property(fc.array(sockstat, { minLength: 1, maxLength: 5 }), (texts) => {
      const picker = new TimeWaitPicker();
      const buffer = Buffer.alloc(400, "9 tw 8 ");
      for (const text of texts) {
        const bytes = buffer.write(text);
        expect(picker.pick(buffer, bytes)).toBe(parseSockstat(text).timeWait);
      }
    }),
  );
});

test("a file cut anywhere, or with a byte changed, is read as by that parser, or told", () => {
  const picker = new TimeWaitPicker();
  const meant = picker.pick(captured, captured.length);
  fc.assert(
    fc.property(fc.nat(captured.length - 1), fc.nat(captured.length - 1), fc.nat(127), (bytes, at, octet) => {
      const text = Buffer.from(captured);
      text[at] = octet;
      let parsed: number | null = null;
      try {
        parsed = parseSockstat(text.toString("latin1", 0, bytes)).timeWait;
      } catch {
        // Then the picker may say so too; what it cannot do is to make a figure up.
      }
      try {
        expect([parsed, meant]).toContain(picker.pick(text, bytes));
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
  expect(picker.pick(captured, captured.length)).toBe(meant);
});

test("says what is missing, as that parser does", () => {
  const text = Buffer.from("sockets: used 5\nUDP: inuse 3 tw 4\n");
  expect(() => new TimeWaitPicker().pick(text, text.length)).toThrow(UnreadableError);
});
