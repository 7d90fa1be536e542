import type { Metrics, Trial } from "./types.js";

/** The parts of a Trial that are Metrics, in the contract's order. */
const PARTS = [
  "requests",
  "latencyUs",
  "uncorrectedLatencyUs",
  "pace",
  "connectUs",
  "firstByteUs",
  "connections",
  "timeWait",
  "closedFirst",
  "errors",
  "cpu",
] as const satisfies readonly (keyof Metrics)[];

/** Each figure's median over the trials that were measured to their end; null while there is none. */
export function medianOf(trials: readonly Trial[]): Metrics | null {
  const complete = trials.filter((trial) => trial.status === "complete");
  if (complete.length === 0) return null;
  return Object.fromEntries(
    PARTS.map((part) => [part, merge(complete.map((trial) => trial[part]))]),
  ) as unknown as Metrics;
}

/** null where any trial has nothing to show: a median over a part of the trials would look like one over all. */
function merge(values: readonly unknown[]): unknown {
  if (values.every((value) => typeof value === "number")) return median(values);
  if (values.some((value) => typeof value !== "object" || value === null)) return null;
  const objects = values as readonly Record<string, unknown>[];
  const keys = new Set(objects.flatMap((object) => Object.keys(object)));
  // An error that a trial did not see happened there zero times.
  return Object.fromEntries(
    [...keys].map((key) => [key, merge(objects.map((object) => object[key] ?? missing(object, key)))]),
  );
}

function missing(object: Record<string, unknown>, key: string): number | null {
  return key in object ? null : 0;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
