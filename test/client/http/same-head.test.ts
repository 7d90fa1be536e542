import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SameHead } from "../../../src/client/http/same-head.js";

const START = 8;

/** Holds this text at `START`; it has come before, as a buffer that is used again has. */
function known(text: string): { same: SameHead; buffer: Buffer } {
  const buffer = Buffer.alloc(4096);
  buffer.write(text, START, "latin1");
  const same = new SameHead();
  same.skip(buffer, 0, 0);
  same.keep(buffer, START, START + text.length);
  return { same, buffer };
}

const octets = fc.string({ unit: fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)), minLength: 1 });

describe("a head that comes again", () => {
  test("is known, wherever a word can begin, whatever follows it", () => {
    fc.assert(
      fc.property(octets, octets, fc.nat({ max: 50 }), (text, more, word) => {
        const { same, buffer } = known(text);
        buffer.fill(0).write(text + more, word * 4, "latin1");
        expect(same.skip(buffer, word * 4, word * 4 + text.length)).toBe(word * 4 + text.length);
        expect(same.skip(buffer, word * 4, word * 4 + text.length + more.length)).toBe(word * 4 + text.length);
      }),
    );
  });

  test("is not known with any octet changed, or its last one missing", () => {
    fc.assert(
      fc.property(octets, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, place, change) => {
        const { same, buffer } = known(text);
        expect(same.skip(buffer, START, START + text.length - 1)).toBe(START);
        const at = START + (place % text.length);
        buffer[at] = (buffer[at] as number) ^ change;
        expect(same.skip(buffer, START, START + text.length)).toBe(START);
      }),
    );
  });

  test("is not known where no word begins, nor once it is forgotten", () => {
    const { same, buffer } = known("x");
    buffer.fill("x");
    expect(same.skip(buffer, START + 1, START + 2)).toBe(START + 1);
    same.forget();
    expect(same.skip(buffer, START, START + 1)).toBe(START);
  });

  test("is not known when it is longer than what is kept", () => {
    const { same, buffer } = known("x".repeat(1025));
    expect(same.skip(buffer, START, START + 1025)).toBe(START);
  });
});

test.each([
  [8, true],
  [9, false],
  [63, false],
  [64, true],
  [65, false],
  [128, true],
])("of heads that all differ, the one with the number %i is kept: %j", (heads, kept) => {
  const same = new SameHead();
  const buffer = Buffer.alloc(64);
  for (let i = 1; i <= heads; i++) {
    buffer.writeInt32LE(i);
    expect(same.skip(buffer, 0, 4)).toBe(0);
    same.forget();
    same.keep(buffer, 0, 4);
  }
  expect(same.skip(buffer, 0, 4)).toBe(kept ? 4 : 0);
});
