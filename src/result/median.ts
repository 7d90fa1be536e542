import { namedLinks } from "../links/named.js";
import type { Link, Links } from "../links/types.js";
import { METRICS } from "../metrics/table.js";
import { FEWEST_FOR_MEDIAN_INTERVAL, medianInterval } from "../stats/median-interval.js";
import { median } from "../stats/quantile.js";
import type { Metrics, Trial } from "./types.js";

/** Each figure's median over the trials that were measured to their end; null while there is none. */
export function medianOf(trials: readonly Trial[]): Metrics | null {
  const complete = trials.filter((trial) => trial.status === "complete");
  return complete.length === 0 ? null : overTrials(complete, median);
}

/** Between what bounds each of those medians lies with 95 % confidence; null for too few trials to say. */
export function intervalOf(trials: readonly Trial[]): { low: Metrics; high: Metrics } | null {
  const complete = trials.filter((trial) => trial.status === "complete");
  if (complete.length < FEWEST_FOR_MEDIAN_INTERVAL) return null;
  return {
    low: overTrials(complete, (values) => medianInterval(values)!.low),
    high: overTrials(complete, (values) => medianInterval(values)!.high),
  };
}

const PARTS = Object.keys(METRICS) as (keyof Metrics)[];

type Summarize = (values: readonly number[]) => number;

function overTrials(trials: readonly Trial[], summarize: Summarize): Metrics {
  const over = (part: keyof Metrics): unknown =>
    merge(part === "links" ? everyLink(trials) : trials.map((trial) => trial[part]), summarize);
  return Object.fromEntries(PARTS.map((part) => [part, over(part)])) as unknown as Metrics;
}

const NO_TIME_WAIT = { created: 0, peak: 0, end: 0 };

/** On a link that only another trial has seen a connection of there was none. */
function everyLink(trials: readonly Trial[]): (Links | null)[] {
  const seen = trials.map(({ links }) => links ?? null);
  const all = seen.flatMap((links) => namedLinks(links));
  const none = ({ port, ports, timeWait }: Link): Link => ({
    port,
    opened: 0,
    perRequest: 0,
    timeWait: { from: NO_TIME_WAIT, to: timeWait.to && NO_TIME_WAIT },
    closedFirst: null,
    ports: { used: 0, limit: ports.limit },
    exact: true,
  });
  return seen.map((links) => {
    if (links === null) return null;
    const whole: Links = {};
    for (const { from, to, link } of all) (whole[from] ??= {})[to] = links[from]?.[to] ?? none(link);
    return whole;
  });
}

/** null where any trial has nothing to show: a figure over a part of the trials would look like one over all. */
function merge(values: readonly unknown[], summarize: Summarize): unknown {
  if (values.every((value) => typeof value === "number")) return summarize(values);
  if (values.every((value) => typeof value === "boolean")) return !values.includes(false);
  if (values.some((value) => typeof value !== "object" || value === null)) return null;
  const objects = values as readonly Record<string, unknown>[];
  const keys = new Set(objects.flatMap((object) => Object.keys(object)));
  // An error that a trial did not see happened there zero times.
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      merge(
        objects.map((object) => object[key] ?? missing(object, key)),
        summarize,
      ),
    ]),
  );
}

function missing(object: Record<string, unknown>, key: string): number | null {
  return key in object ? null : 0;
}
