import { expect, test } from "vitest";
import { SHOWN_ROWS } from "../../src/metrics/rows.js";

test("every row shows figures that there are, each in one row, of one unit", () => {
  const shown = SHOWN_ROWS.flatMap(({ figures }) => figures.map(({ path }) => path));
  expect(new Set(shown).size).toBe(shown.length);
  for (const { figures } of SHOWN_ROWS) expect(new Set(figures.map(({ leaf }) => leaf.unit)).size).toBe(1);
});
