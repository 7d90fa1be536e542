import { expect, test } from "vitest";
import { monotonicMs, originMs } from "../../src/kernel/clock.js";

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

test("is right however often the processor was taken away while it was set", () => {
  let ns = 1_000_000_000n;
  let reading = 0;
  // Every reading but the last few is followed by a pause of 7 ms.
  const tick = (): bigint => (ns += reading++ < 50 ? 7_000_000n : 200n);
  const origin = originMs(tick, () => Number(tick()) / 1e6 - 900);
  expect(Math.abs(origin - 900)).toBeLessThan(0.001);
});
