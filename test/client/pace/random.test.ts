import { describe, expect, test } from "vitest";
import { SeededRandom } from "../../../src/client/pace/random.js";

const COUNT = 200_000;

function draw(random: SeededRandom, count: number, how: "next" | "nextExponential"): number[] {
  return Array.from({ length: count }, () => random[how]());
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of each value with the one `lag` places later. */
function correlation(values: readonly number[], lag: number): number {
  const middle = mean(values);
  const deviations = values.map((value) => value - middle);
  const products = deviations.slice(lag).map((deviation, i) => deviation * (deviations[i] ?? 0));
  return mean(products) / mean(deviations.map((deviation) => deviation ** 2));
}

describe("seeded numbers", () => {
  test("are the same for the same seed and stream, and others for every other", () => {
    const first = (seed: number, stream?: number): string => draw(new SeededRandom(seed, stream), 5, "next").join(" ");
    expect(first(7)).toBe(first(7, 0));
    const all = [0, 1, 2, -1, 2 ** 31, 2 ** 32 - 1].flatMap((seed) => [0, 1, 2].map((stream) => first(seed, stream)));
    // 2^32 - 1 and -1 are the same 32 bits.
    expect(new Set(all).size).toBe(all.length - 3);
  });

  test.each([0, 1, 2, 12_345])("are spread evenly over 0 to 1, for seed %i", (seed) => {
    const values = draw(new SeededRandom(seed), COUNT, "next");
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThan(0);
    const tenths = Array.from(
      { length: 10 },
      (_, i) => values.filter((value) => Math.ceil(value * 10) - 1 === i).length,
    );
    // Five standard deviations of a binomial distribution.
    for (const tenth of tenths) expect(Math.abs(tenth - COUNT / 10)).toBeLessThan(5 * Math.sqrt(COUNT * 0.09));
  });

  test.each([0, 1, 2, 12_345])("have the mean, the spread and the independence of arrivals, for seed %i", (seed) => {
    const gaps = draw(new SeededRandom(seed), COUNT, "nextExponential");
    expect(mean(gaps)).toBeCloseTo(1, 1.5);
    expect(mean(gaps.map((gap) => gap ** 2))).toBeCloseTo(2, 1);
    expect(gaps.filter((gap) => gap > 1).length / COUNT).toBeCloseTo(Math.exp(-1), 2);
    for (const lag of [1, 2, 3]) expect(Math.abs(correlation(gaps, lag))).toBeLessThan(0.02);
  });
});
