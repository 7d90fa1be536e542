import { flattened } from "../metrics/flat.js";
import { metricAt, NAME_METRIC } from "../metrics/names.js";
import { median } from "../stats/quantile.js";
import type { Figure, Metrics, Trial, VariantResult } from "./types.js";

/** What was measured of a variant, by a path into Metrics or by `<step>.<figure>`; null where nothing was. */
export function figureOf(variants: Readonly<Record<string, VariantResult>>, variant: string, metric: string): Figure {
  const measured = Object.hasOwn(variants, variant) ? variants[variant]! : null;
  if (measured === null) return null;
  const { figures, median: metrics } = measured;
  if (Object.hasOwn(figures, metric) || wouldBeThere(figures, metric)) return stepFigure(figures, metric);
  return metrics === null ? null : metricOf(metrics, metric);
}

/**
 * What the steps of several trials come to, of those measured to their end: the median of numbers, the most frequent of
 * names. null where any trial has nothing to show, and where no name is more frequent than every other.
 */
export function medianFigures(trials: readonly Trial[]): Record<string, Figure> {
  const complete = trials.filter((trial) => trial.status === "complete").map(({ figures }) => figures);
  const names = new Set(complete.flatMap((figures) => Object.keys(figures)));
  return Object.fromEntries([...names].map((name) => [name, merge(complete.map((of) => stepFigure(of, name)))]));
}

/** The figures of a load that was one step of several: each number of its Metrics by its path, flags as 1 or 0, and who closed first. */
export function figuresOfLoad(metrics: Metrics): Record<string, Figure> {
  return { ...flattened(metrics), closedFirst: mostOften(metrics.closedFirst) };
}

function merge(values: readonly Figure[]): Figure {
  if (values.every((value) => typeof value === "number")) return median(values);
  if (!values.every((value) => typeof value === "string")) return null;
  const times = new Map<string, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  const [first, second] = [...times].toSorted(([, a], [, b]) => b - a);
  return first === undefined || first[1] === second?.[1] ? null : first[0];
}

function stepFigure(figures: Readonly<Record<string, Figure>>, name: string): Figure {
  if (Object.hasOwn(figures, name)) return figures[name] ?? null;
  return wouldBeThere(figures, name) ? 0 : null;
}

/** Errors of a load, causes of closes and matches of a command have names of their own: one that never came up was seen zero times, where they were counted. */
const COUNTED_WITH = new Map([
  ["errors", "requests.sent"],
  ["closeCauses", "repeated"],
]);

function wouldBeThere(figures: Readonly<Record<string, Figure>>, name: string): boolean {
  const [step = "", ...path] = name.split(".");
  const counted = COUNTED_WITH.get(path[0] ?? "") ?? (path.length === 1 ? "counted" : null);
  return counted !== null && typeof figures[`${step}.${counted}`] === "number";
}

function metricOf(metrics: Metrics, metric: string): Figure {
  return metric === NAME_METRIC ? mostOften(metrics.closedFirst) : metricAt(metrics, metric);
}

function mostOften(shares: Metrics["closedFirst"]): string | null {
  if (shares === null) return null;
  return Object.entries(shares).reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
}
