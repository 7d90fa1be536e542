import { expect, test } from "vitest";
import { noiseOfPairs, noiseOfRuns } from "../../src/stats/own-noise.js";
import { locate } from "../../src/stats/location.js";
import { seeded } from "../../src/stats/random.js";
import { normal } from "../calibrate/simulated.js";
import { shareOf } from "../calibrate/trials.js";

test("a run without scatter, or with one trial, has no noise", () => {
  expect(noiseOfPairs([1, 1, 1, 1, 1], 5)).toBe(0);
  expect(noiseOfPairs([3], 1)).toBe(0);
  expect(noiseOfPairs([], 0)).toBe(0);
  expect(noiseOfRuns([2])).toBe(0);
});

test("a slow drift is no noise between neighbours, and is one between runs", () => {
  const drifting = Array.from({ length: 20 }, (_, i) => 0.01 * i);
  expect(noiseOfPairs(drifting, 20)).toBeLessThan(0.01);
  expect(noiseOfRuns(drifting)).toBeGreaterThan(0.1);
});

test("one disturbed trial does not hide everything", () => {
  const calm = Array.from({ length: 10 }, (_, i) => 0.01 * Math.sin(5 * i));
  const disturbed = calm.with(4, 0.7);
  expect(noiseOfPairs(disturbed, 10)).toBeLessThan(3 * noiseOfPairs(calm, 10));
});

test("about 95 of 100 comparisons of a thing with itself differ by less", () => {
  const random = seeded(5);
  const series = (): number[] => Array.from({ length: 20 }, () => 0.05 * normal(random));
  const within = shareOf(1000, () => {
    const [base, head] = [series(), series()];
    const { estimate } = locate(base.map((value, i) => head[i]! - value))!;
    return Math.abs(estimate) <= noiseOfPairs(base, 20);
  });
  expect(within).toBeGreaterThan(0.88);
  expect(within).toBeLessThan(0.99);
});
