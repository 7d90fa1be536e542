import { median, quantile } from "./quantile.js";

/** Of normal values: their standard deviation, from the median of their distances from the middle. */
const DEVIATION_OF_MEDIAN = 1.4826;
/** 95 % of normal values lie within so many standard deviations. */
const NEARLY_ALL = 1.96;
/** The Hodges–Lehmann estimate of normal values scatters so much more than their mean. */
const OF_ESTIMATE = Math.sqrt(Math.PI / 3);

/** One trial of a side. */
export interface Placed {
  /** Its place among all trials of the run. */
  order: number;
  /** A logarithm. */
  value: number;
}

/**
 * The difference that the trials of a side would show between them and themselves in `pairs` pairs: 95 % of the time it is
 * less. Neighbours of one side are held against each other, so that a drift that is slow beside one trial cancels, as it
 * does between the sides of a run that takes turns; and of those the half that lie nearest together, for in base head,
 * head base … the two of one side stand next to each other only every other time, and farther apart more has changed on
 * the machine than within a pair. Both sides tell, for the ratio scatters with both; by the median, so that one
 * disturbed trial does not hide everything. 0 for fewer than two values on each side.
 */
export function noiseOfPairs(sides: readonly (readonly Placed[])[], pairs: number): number {
  const steps = sides.flatMap((side) => side.slice(1).map((next, i) => step(side[i]!, next)));
  if (steps.length === 0 || pairs === 0) return 0;
  const nearest = steps.toSorted((a, b) => a.apart - b.apart).slice(0, Math.ceil(steps.length / 2));
  const typical = median(nearest.map(({ size }) => size));
  return (NEARLY_ALL * OF_ESTIMATE * DEVIATION_OF_MEDIAN * typical) / Math.sqrt(pairs);
}

function step(one: Placed, next: Placed): { size: number; apart: number } {
  return { size: Math.abs(next.value - one.value), apart: next.order - one.order };
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
