import { locate } from "./location.js";
import { median, quantile } from "./quantile.js";
import { seeded } from "./random.js";

const DRAWS = 400;
/** What more values would show is this, less by the square root of their number. */
const MOST_DRAWN = 40;
const SEED = 1;

/**
 * The difference that a series of trials would show between it and itself: its neighbours are paired with each other,
 * `pairs` of these differences are drawn again and again (a seeded bootstrap), each with a sign by chance, and their
 * middle is farther from zero than this only 5 % of the time. A drift that is slow beside one trial cancels, as it does
 * between the sides of a run that interleaves them. 0 for fewer than two values.
 * @param values logarithms, in the order of measurement
 */
export function noiseOfPairs(values: readonly number[], pairs: number): number {
  const steps = values.slice(1).map((value, i) => value - values[i]!);
  if (steps.length === 0 || pairs === 0) return 0;
  const random = seeded(SEED);
  const size = Math.min(pairs, MOST_DRAWN);
  const middles = Array.from({ length: DRAWS }, () => {
    const drawn = Array.from({ length: size }, () => {
      const step = steps[Math.floor(random() * steps.length)]!;
      return random() < 0.5 ? step : -step;
    });
    return Math.abs(locate(drawn)?.estimate ?? median(drawn));
  });
  return quantile(Float64Array.from(middles).toSorted(), 0.95) * Math.sqrt(size / pairs);
}

/**
 * How far two trials of a series lie apart, 95 % of the time: what a difference between two runs has to exceed that
 * were made one after the other, for nothing in them tells what changed between them. 0 for fewer than two values.
 * @param values logarithms
 */
export function noiseOfRuns(values: readonly number[]): number {
  const apart = values.flatMap((value, i) => values.slice(i + 1).map((other) => Math.abs(other - value)));
  return apart.length === 0 ? 0 : quantile(Float64Array.from(apart).toSorted(), 0.95);
}
