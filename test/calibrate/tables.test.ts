import { expect, test } from "vitest";
import { tables } from "./tables.js";

test("calibration writes four tables of Markdown, each row as wide as its head", () => {
  const written = [...tables({ comparisons: 2, intervals: 20 })];
  expect(written).toHaveLength(4);
  for (const text of written) {
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows.length).toBeGreaterThan(4);
    expect(new Set(rows.map((row) => row.split("|").length)).size).toBe(1);
    expect(text).not.toContain("NaN");
  }
});
