import { expect, test } from "vitest";
import { normalBelow } from "../../src/stats/normal.js";
import { median, quantile } from "../../src/stats/quantile.js";
import { seeded } from "../../src/stats/random.js";

test("the median needs no order, and does not change what it is given", () => {
  const values = [10, 9, 1];
  expect(median(values)).toBe(9);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(values).toEqual([10, 9, 1]);
  expect(() => median([])).toThrow("nothing");
});

test("quantiles lie on straight lines between their neighbours", () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((p) => quantile([0, 10, 20, 30, 40], p))).toEqual([0, 10, 20, 36, 40]);
});

test("numbers by chance are the same for a seed, and spread evenly from 0 to 1", () => {
  const [first, second, other] = [seeded(1), seeded(1), seeded(2)];
  const drawn = Array.from({ length: 10_000 }, first);
  expect(Array.from({ length: 10_000 }, second)).toEqual(drawn);
  expect(other()).not.toBe(drawn[0]);
  const tenths = new Array<number>(10).fill(0);
  for (const value of drawn) tenths[Math.floor(value * 10)]! += 1;
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test("the normal distribution is the one in the tables", () => {
  expect(normalBelow(0)).toBeCloseTo(0.5, 6);
  expect(normalBelow(1.959964)).toBeCloseTo(0.975, 6);
  expect(normalBelow(-2.575829)).toBeCloseTo(0.005, 6);
});
