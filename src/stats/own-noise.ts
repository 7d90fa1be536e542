import { median, quantile } from "./quantile.js";

/** Of normal values: their standard deviation, from the median of their distances from the middle. */
const DEVIATION_OF_MEDIAN = 1.4826;
/** 95 % of normal values lie within so many standard deviations. */
const NEARLY_ALL = 1.96;
/** The Hodges–Lehmann estimate of normal values scatters so much more than their mean. */
const OF_ESTIMATE = Math.sqrt(Math.PI / 3);

/**
 * The difference that a series of trials would show between it and itself in `pairs` pairs: 95 % of the time it is less.
 * Neighbours are held against each other, so that a drift that is slow beside one trial cancels, as it does between the
 * sides of a run that takes turns; by the median, so that one disturbed trial does not hide everything. 0 for fewer than
 * two values.
 * @param values logarithms, in the order of measurement
 */
export function noiseOfPairs(values: readonly number[], pairs: number): number {
  const steps = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
  if (steps.length === 0 || pairs === 0) return 0;
  return (NEARLY_ALL * OF_ESTIMATE * DEVIATION_OF_MEDIAN * median(steps)) / Math.sqrt(pairs);
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
