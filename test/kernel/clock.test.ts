import { expect, test } from "vitest";
import { monotonicMs } from "../../src/kernel/clock.js";

test("is the machine's clock, not this process's", () => {
  const before = Number(process.hrtime.bigint()) / 1e6;
  const now = monotonicMs();
  const after = Number(process.hrtime.bigint()) / 1e6;
  // Within a microsecond: the two are read by different ways from the same clock.
  expect(now).toBeGreaterThanOrEqual(before - 0.001);
  expect(now).toBeLessThanOrEqual(after + 0.001);
});

test("never runs backwards", () => {
  const readings = Array.from({ length: 1000 }, monotonicMs);
  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
});
