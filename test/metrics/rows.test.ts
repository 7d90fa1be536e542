import { expect, test } from "vitest";
import { PLACES } from "../../src/metrics/names.js";
import { SHOWN_ROWS } from "../../src/metrics/rows.js";

test("every row shows figures that there are, each in one row, of one unit", () => {
  const shown = SHOWN_ROWS.flatMap(({ figures }) => figures.map(({ path }) => path));
  expect(new Set(shown).size).toBe(shown.length);
  for (const { figures } of SHOWN_ROWS) expect(new Set(figures.map(({ leaf }) => leaf.unit)).size).toBe(1);
});

test("what the report leaves out is a minority that is named", () => {
  const shown = new Set(SHOWN_ROWS.flatMap(({ figures }) => figures.map(({ path }) => path)));
  expect(PLACES.map(({ path }) => path).filter((path) => !shown.has(path))).toEqual([
    "requests.succeeded",
    "latencyUs.min",
    "latencyUs.mean",
    "uncorrectedLatencyUs.min",
    "uncorrectedLatencyUs.mean",
    "uncorrectedLatencyUs.max",
    ...["connectUs", "firstByteUs"].flatMap((of) => ["min", "mean", "p90", "p999", "max"].map((p) => `${of}.${p}`)),
    "connections.perSec",
    ...["client", "server"].flatMap((role) => [`cpu.${role}.userMs`, `cpu.${role}.systemMs`]),
  ]);
});
