import fc from "fast-check";
import { expect, test } from "vitest";
import { caretLines, positionsIn } from "../../../src/scenario/source/caret.js";

/** Columns in a terminal, for the characters used here. */
const width = (text: string) =>
  Array.from(text, (char) => (/[日本語😀]/u.test(char) ? 2 : 1)).reduce((a, b) => a + b, 0);

test("positions count lines and columns from 1", () => {
  const at = positionsIn("ab\ncd\r\nef");
  expect(at(0)).toEqual({ line: 1, col: 1, sourceLine: "ab" });
  expect(at(2)).toEqual({ line: 1, col: 3, sourceLine: "ab" });
  expect(at(3)).toEqual({ line: 2, col: 1, sourceLine: "cd" });
  expect(at(8)).toEqual({ line: 3, col: 2, sourceLine: "ef" });
  expect(at(99)).toEqual({ line: 3, col: 3, sourceLine: "ef" });
});

test("a position leads back to its offset", () => {
  const lines = fc.array(fc.stringMatching(/^[a-c\t ]*$/)).map((list) => list.join("\n"));
  fc.assert(
    fc.property(lines, fc.nat(), (text, seed) => {
      const offset = seed % (text.length + 1);
      const { line, col, sourceLine } = positionsIn(text)(offset);
      const before = text.split("\n").slice(0, line - 1);
      expect(before.reduce((sum, { length }) => sum + length + 1, 0) + col - 1).toBe(offset);
      expect(text.split("\n")[line - 1]).toBe(sourceLine);
    }),
  );
});

test.each(["ab", "日本語x", "😀😀", "a日b😀"])("the caret stands below its character in %s", (text) => {
  for (const [index] of Array.from(text).entries()) {
    const col = Array.from(text).slice(0, index).join("").length + 1;
    const [line, caret] = caretLines(text, col);
    expect(line).toBe(text);
    expect(caret.indexOf("^")).toBe(width(text.slice(0, col - 1)));
  }
});

test("tabs stay tabs below, so that any tab width fits", () => {
  expect(caretLines("\ta\tb", 4)).toEqual(["\ta\tb", "\t \t^"]);
});

test("a long line is cut around the caret, which still points at the same word", () => {
  const text = `${"x ".repeat(300)}HERE${" y".repeat(300)}`;
  const [line, caret] = caretLines(text, 601);
  expect(line.length).toBeLessThan(110);
  expect(line.slice(caret.indexOf("^")).startsWith("HERE")).toBe(true);
  expect([line.at(0), line.at(-1)]).toEqual(["…", "…"]);
});
