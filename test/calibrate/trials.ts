import { compareResults } from "../../src/compare/compare.js";
import type { Comparison } from "../../src/compare/types.js";
import { locate } from "../../src/stats/location.js";
import { median, quantile } from "../../src/stats/quantile.js";
import { seeded } from "../../src/stats/random.js";
import { type Experiment, normal, simulate } from "./simulated.js";

/** How often something is true, of `runs` experiments that differ in their seed alone. */
export function shareOf(runs: number, happens: (seed: number) => boolean): number {
  let count = 0;
  for (let seed = 1; seed <= runs; seed++) if (happens(seed)) count++;
  return count / runs;
}

export function compareSimulated(experiment: Experiment): Comparison {
  const { base, head } = simulate(experiment);
  return compareResults({ label: "base", result: base }, { label: "head", result: head }, { only: null, gates: [] });
}

export function toldWorse(experiment: Experiment): boolean {
  return compareSimulated(experiment).verdict === "worse";
}

/** How the logarithms of paired ratios scatter, all alike on both sides. */
export const SCATTERS: Readonly<Record<string, (random: () => number) => number>> = {
  normal,
  "heavy tails (t, 3 degrees)": (random) =>
    normal(random) / Math.sqrt((normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2) / 3),
  "one trial in ten disturbed": (random) => normal(random) * (random() < 0.1 ? 5 : 1),
  "skewed on each side": (random) => Math.exp(0.8 * normal(random)) - Math.exp(0.8 * normal(random)),
};

/** How often the interval covers the truth, which is 0. */
export function coverage(pairs: number, scatter: (random: () => number) => number, runs: number): number {
  const random = seeded(pairs);
  return shareOf(runs, () => {
    const { low, high } = locate(Array.from({ length: pairs }, () => scatter(random)))!;
    return low <= 0 && high >= 0;
  });
}

/** The same for what was not chosen: the percentile bootstrap of the median. */
export function bootstrapCoverage(pairs: number, scatter: (random: () => number) => number, runs: number): number {
  const random = seeded(pairs);
  return shareOf(runs, () => {
    const values = Array.from({ length: pairs }, () => scatter(random));
    const medians = Float64Array.from({ length: 400 }, () =>
      median(values.map(() => values[Math.floor(random() * pairs)]!)),
    ).toSorted();
    return quantile(medians, 0.025) <= 0 && quantile(medians, 0.975) >= 0;
  });
}
