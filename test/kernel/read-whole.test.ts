import { closeSync, openSync, readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { readWholeInto } from "../../src/kernel/read-whole.js";

test("reads a file again and again from its beginning, as much as there is room for", () => {
  const bytes = Buffer.alloc(64);
  const read = readWholeInto(bytes)!;
  const text = readFileSync(import.meta.filename);
  const file = openSync(import.meta.filename, "r");
  onTestFinished(() => closeSync(file));
  for (let round = 0; round < 3; round++) {
    bytes.fill(0);
    expect(read(file)).toBe(64);
    expect(bytes.equals(text.subarray(0, 64))).toBe(true);
  }
});

test("says by its errno why it cannot", () => {
  expect(() => readWholeInto(Buffer.alloc(8))!(-1)).toThrow("EBADF");
});
