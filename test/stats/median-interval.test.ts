import { expect, test } from "vitest";
import { medianInterval, rangeOf } from "../../src/stats/median-interval.js";
import { seeded } from "../../src/stats/random.js";
import { shareOf } from "../calibrate/trials.js";

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
/** Each with median 0. */
const SCATTERS: Record<string, (random: () => number) => number> = {
  normal,
  "skewed, as latencies are": (random) => Math.exp(normal(random)) - 1,
  "one trial in ten disturbed": (random) => normal(random) + (random() < 0.05 ? 20 : random() < 0.0526 ? -20 : 0),
};

test.each(Object.keys(SCATTERS))("holds the true median 95 % of the time: %s", (name) => {
  for (const n of [6, 7, 10, 15, 30]) {
    const random = seeded(n);
    const covered = shareOf(8_000, () => {
      const { low, high } = medianInterval(Array.from({ length: n }, () => SCATTERS[name]!(random)))!;
      return low <= 0 && high >= 0;
    });
    expect(covered, `${n} values`).toBeGreaterThan(0.935);
    expect(covered, `${n} values`).toBeLessThan(0.975);
  }
});

test("does not depend on the order, and grows with the values", () => {
  const values = [3, 9, 1, 7, 5, 8, 2, 6, 4, 10];
  const { low, high } = medianInterval(values)!;
  expect(medianInterval(values.toReversed())).toEqual({ low, high });
  expect(low).toBeGreaterThan(2);
  expect(high).toBeLessThan(9);
  expect(medianInterval(values.map((value) => value * 10))).toEqual({ low: low * 10, high: high * 10 });
});

test("there is none of fewer than six values; their range is another thing", () => {
  expect(medianInterval([1, 2, 3, 4, 5])).toBeNull();
  expect(medianInterval([1, 1, 1, 1, 1, 1])).toEqual({ low: 1, high: 1 });
  expect(rangeOf([2, 3, 1])).toEqual({ low: 1, high: 3 });
});

test("of a thousand values too", () => {
  const random = seeded(1);
  const { low, high } = medianInterval(Array.from({ length: 1_000 }, () => normal(random)))!;
  expect(high - low).toBeGreaterThan(0.05);
  expect(high - low).toBeLessThan(0.3);
});
