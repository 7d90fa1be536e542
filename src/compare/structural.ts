import { median } from "../stats/quantile.js";
import { LEAST_PER_REQUEST, type Metric } from "./metrics.js";
import type { Side } from "./sides.js";
import type { MetricComparison, Verdict } from "./types.js";
import { figure } from "./words.js";

/** What connections do, judged by the medians of both sides: no more is asked of them than that a pattern shows. */
export function compareStructural(metric: Metric, base: Side, head: Side): MetricComparison {
  const trials = { base: base.trials.map(metric.of), head: head.trials.map(metric.of) };
  const [b, h] = [middle(trials.base), middle(trials.head)];
  const verdict =
    b === null || h === null ? "unclear" : verdictOf(metric, judgedPart(metric, base, b), judgedPart(metric, head, h));
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
    verdict,
    judged: metric.better !== "neither",
    reason: reasonOf(metric, b, h, verdict),
    trials,
  };
}

/** The median; null where any trial has nothing to show. */
export function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : median(known);
}

/** Without what the connections that are open at the same time come to by themselves. */
function judgedPart(metric: Metric, side: Side, value: number): number {
  if (!metric.withPool) return value;
  return Math.max(
    0,
    value - side.load.connections / median(side.trials.map(({ requests }) => Math.max(1, requests.sent))),
  );
}

function verdictOf(metric: Metric, base: number, head: number): Verdict {
  const tolerated = metric.unit === "share" ? metric.minimum : Math.max(LEAST_PER_REQUEST, metric.minimum * base);
  if (Math.abs(head - base) <= tolerated) return "same";
  if (metric.better === "neither") return "unclear";
  return head > base === (metric.better === "lower") ? "worse" : "better";
}

function reasonOf(
  { says, unit, better, minimum }: Metric,
  base: number | null,
  head: number | null,
  verdict: Verdict,
): string {
  if (base === null || head === null) {
    if (base === null && head === null) return "not measured on either side";
    return `not measured in ${base === null ? "base" : "head"}`;
  }
  if (verdict === "same")
    return unit === "share" ? `within ${minimum * 100} % of the connections` : "no pattern changed";
  const told = `${says.replace("{}", figure(head, unit))}, base ${figure(base, unit)}`;
  return better === "neither" ? `${told}: a change that is neither good nor bad by itself` : told;
}
