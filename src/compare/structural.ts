import { median } from "../stats/quantile.js";
import { share } from "../text/figures.js";
import { sayCompared as say } from "../words/comparison.js";
import { type Count, deviationsApart } from "../stats/rates.js";
import { requestsOf } from "../metrics/computed.js";
import { LEAST_PER_REQUEST } from "../metrics/table.js";
import type { ComparedMetric } from "./metrics.js";
import type { Side } from "./sides.js";
import type { MetricComparison } from "./types.js";
import { figure } from "./words.js";

/** Chance makes a metric this much worse once in 2,000 comparisons, and there are about five that are judged. */
const NO_CHANCE = 3.3;

/**
 * What connections do, judged by the medians of both sides: no more is asked of them than that a pattern shows. Where so
 * few requests were sent that the pattern may be chance, it is not judged.
 */
export function compareStructural(metric: ComparedMetric, base: Side, head: Side): MetricComparison {
  const trials = { base: base.trials.map(metric.of), head: head.trials.map(metric.of) };
  const [b, h] = [middle(trials.base), middle(trials.head)];
  const found =
    b === null || h === null
      ? { verdict: "unclear" as const, reason: notMeasured(b, h) }
      : judged(metric, { base: b, head: h }, eventsOf(metric, base), eventsOf(metric, head));
  return {
    metric: metric.name,
    tier: metric.tier,
    better: metric.better,
    unit: metric.unit,
    base: b,
    head: h,
    ratio: b === null || h === null || b === 0 ? null : h / b,
    interval: null,
    minimum: metric.minimum,
    noise: null,
    chance: null,
    judged: metric.better !== "neither",
    ...found,
    trials,
  };
}

/** The median; null where any trial has nothing to show. */
export function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : median(known);
}

/**
 * What happened in each trial, and how often it could have. Connections that are open at the same time are opened
 * however few requests are sent: they are taken away, trial by trial, and with each the one request that it takes to open
 * it. What is left is how many of the requests that could have used an open connection got a new one.
 */
function eventsOf({ of, unit, withPool }: ComparedMetric, { load, trials }: Side): Count[] {
  const pool = withPool === true ? load.connections : 0;
  return trials.map((trial) => {
    const times = unit === "share" ? trial.connections.opened : (requestsOf(trial) ?? 0);
    return { events: Math.max(0, (of(trial) ?? 0) * times - pool), chances: Math.max(1, times - pool) };
  });
}

function judged(
  { better, minimum, says, unit }: ComparedMetric,
  shown: { base: number; head: number },
  base: readonly Count[],
  head: readonly Count[],
): Pick<MetricComparison, "verdict" | "reason"> {
  const [b, h] = [rateOf(base), rateOf(head)];
  const tolerated = unit === "share" ? minimum : Math.max(LEAST_PER_REQUEST, minimum * b);
  if (Math.abs(h - b) <= tolerated)
    return {
      verdict: "same",
      reason: unit === "share" ? say("within-of-connections", { part: share(minimum) }) : say("no-pattern-changed"),
    };
  const text = say("with-base", {
    text: says.replace("{}", figure(shown.head, unit)),
    base: figure(shown.base, unit),
  });
  if (better === "neither") return { verdict: "unclear", reason: say("neither-good-nor-bad", { text }) };
  if (Math.abs(deviationsApart(base, head)) < NO_CHANCE)
    return { verdict: "unclear", reason: say("too-few-requests", { text }) };
  const higher = h > b ? "higher" : "lower";
  return { verdict: higher === better ? "better" : "worse", reason: text };
}

function rateOf(counts: readonly Count[]): number {
  return median(counts.map(({ events, chances }) => events / chances));
}

function notMeasured(base: number | null, head: number | null): string {
  if (base === null && head === null) return say("not-measured");
  return say("not-measured-in", { side: base === null ? "base" : "head" });
}
