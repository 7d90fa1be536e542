import { expect, test } from "vitest";
import { noiseOfPairs, noiseOfRuns, type Placed } from "../../src/stats/own-noise.js";
import { locate } from "../../src/stats/location.js";
import { seeded } from "../../src/stats/random.js";
import { normal } from "../calibrate/simulated.js";
import { shareOf } from "../calibrate/trials.js";

/** One side of a run that takes turns; `nth` 0 begins. */
const turns = (values: readonly number[], nth: 0 | 1): Placed[] =>
  values.map((value, i) => ({ order: 2 * i + (i % 2 === 0 ? nth : 1 - nth), value }));
const both = (values: readonly number[]): Placed[][] => [turns(values, 0), turns(values, 1)];

test("a run without scatter, or with one trial, has no noise", () => {
  expect(noiseOfPairs(both([1, 1, 1, 1, 1]), 5)).toBe(0);
  expect(noiseOfPairs(both([3]), 1)).toBe(0);
  expect(noiseOfPairs([], 0)).toBe(0);
  expect(noiseOfRuns([2])).toBe(0);
});

test("a slow drift is no noise between neighbours, and is one between runs", () => {
  const drifting = Array.from({ length: 20 }, (_, i) => 0.01 * i);
  expect(noiseOfPairs(both(drifting), 20)).toBeLessThan(0.01);
  expect(noiseOfRuns(drifting)).toBeGreaterThan(0.1);
});

test("one disturbed trial does not hide everything", () => {
  const calm = Array.from({ length: 10 }, (_, i) => 0.01 * Math.sin(5 * i));
  const disturbed = calm.with(4, 0.7);
  expect(noiseOfPairs(both(disturbed), 10)).toBeLessThan(3 * noiseOfPairs(both(calm), 10));
});

test("about 95 of 100 comparisons of a thing with itself differ by less", () => {
  const random = seeded(5);
  const series = (): number[] => Array.from({ length: 20 }, () => 0.05 * normal(random));
  const within = shareOf(1000, () => {
    const [base, head] = [series(), series()];
    const { estimate } = locate(base.map((value, i) => head[i]! - value))!;
    return Math.abs(estimate) <= noiseOfPairs([turns(base, 0), turns(head, 1)], 20);
  });
  expect(within).toBeGreaterThan(0.88);
  expect(within).toBeLessThan(0.99);
});

test("what changes on the machine between two pairs is no noise within them", () => {
  const random = seeded(7);
  // Another level for each two trials that stand next to each other: the machine's other work comes and goes.
  const level = Array.from({ length: 20 }, () => normal(random));
  const levelAt = (order: number): number => level[Math.floor((order + 1) / 2)]!;
  const side = (nth: 0 | 1): Placed[] =>
    turns(Array.from({ length: 8 }).fill(0) as number[], nth).map(({ order }) => ({
      order,
      value: levelAt(order) + 0.02 * normal(random),
    }));
  expect(noiseOfPairs([side(0), side(1)], 8)).toBeLessThan(0.1);
});
