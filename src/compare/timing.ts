import { chanceAbove, FEWEST_FOR_INTERVAL, locate } from "../stats/location.js";
import { noiseOfPairs, noiseOfRuns, type Placed } from "../stats/own-noise.js";
import { median } from "../stats/quantile.js";
import { type ComparedMetric, stepOf } from "./metrics.js";
import type { Side } from "./sides.js";
import { middle } from "./structural.js";
import type { MetricComparison, Pairing, Judgement } from "./types.js";
import { share } from "../text/figures.js";
import { sayCompared as say } from "../words/comparison.js";
import { between, change, figure } from "./words.js";

/** A metric before all of them are corrected for together. */
export interface Tested {
  comparison: MetricComparison;
  /** By chance alone, one-sided; null where nothing could be tested. */
  worse: number | null;
  better: number | null;
}

const LEVEL = 0.05;

/** How fast it went, trial by trial, by the ratios of the pairs; whether that can be chance is decided by decide(). */
export function testTiming(metric: ComparedMetric, base: Side, head: Side, pairing: Pairing): Tested {
  const trials = { base: base.trials.map(metric.of), head: head.trials.map(metric.of) };
  const sign = metric.better === "lower" ? 1 : -1;
  const logs = logRatios(trials.base, trials.head);
  const location = logs === null ? null : locate(logs);
  const comparison: MetricComparison = {
    metric: metric.name,
    tier: metric.tier,
    better: metric.better,
    unit: metric.unit,
    base: middle(trials.base),
    head: middle(trials.head),
    ratio: logs === null || logs.length === 0 ? null : Math.exp(location?.estimate ?? median(logs)),
    interval: location === null ? null : { low: Math.exp(location.low), high: Math.exp(location.high) },
    minimum: metric.minimum,
    noise: logs === null ? null : noiseOf(metric, { base, head }, logs.length, pairing),
    chance: null,
    verdict: "unclear",
    judged: pairing === "one-run" || (pairing === "one-machine" && !base.disturbed && !head.disturbed),
    reason: logs === null ? notComparable(trials) : tooFew(logs.length),
    trials,
  };
  if (logs === null || location === null) return { comparison, worse: null, better: null };
  const towardsWorse = logs.map((log) => sign * log);
  return {
    comparison,
    worse: chanceAbove(towardsWorse),
    better: chanceAbove(towardsWorse.map((log) => -log)),
  };
}

/** Worse or better only if the interval leaves 1 out, chance is ruled out, and it is more than the minimum and the noise. */
export function decide(
  { comparison }: Tested,
  chances: { worse: number; better: number; tested: number },
): MetricComparison {
  const { ratio, interval, minimum, noise } = comparison;
  if (ratio === null || interval === null || noise === null) return comparison;
  const worse = ratio > 1 === (comparison.better === "lower");
  const chance = worse ? chances.worse : chances.better;
  const excludesOne = interval.low > 1 || interval.high < 1;
  const effect = Math.abs(Math.log(ratio));
  const matters = effect > Math.log1p(minimum);
  const proven = excludesOne && chance < LEVEL;
  const verdict = judgementOf({ proven, matters, audible: effect > Math.log1p(noise), worse }, interval, minimum);
  const pairs = Math.min(comparison.trials.base.length, comparison.trials.head.length);
  const lacking = excludesOne ? pairsLacking(pairs, chances.tested) : null;
  return {
    ...comparison,
    chance,
    verdict,
    reason: reasonOf(comparison, { verdict, ratio, interval, proven, noise, matters, lacking }),
  };
}

interface Lacking {
  pairs: number;
  /** That were tested. */
  metrics: number;
  /** How many it takes. */
  trials: number;
}

/** Why so few pairs could not rule out chance however they came out; null where they could. */
function pairsLacking(pairs: number, tested: number): Lacking | null {
  // All pairs agree by chance once in 2^pairs, and there are so many metrics in which that may happen.
  const needed = Math.ceil(Math.log2(tested / LEVEL));
  if (pairs >= needed) return null;
  return { pairs, metrics: tested, trials: Math.max(10, needed + 2) };
}

interface Found {
  proven: boolean;
  matters: boolean;
  audible: boolean;
  worse: boolean;
}

function judgementOf(
  { proven, matters, audible, worse }: Found,
  interval: { low: number; high: number },
  minimum: number,
): Judgement {
  if (proven && matters && audible) return worse ? "worse" : "better";
  const harmless = interval.high <= 1 + minimum && interval.low >= 1 / (1 + minimum);
  return harmless ? "same" : "unclear";
}

function reasonOf(
  { base, head, unit, minimum }: MetricComparison,
  of: {
    verdict: Judgement;
    ratio: number;
    interval: { low: number; high: number };
    proven: boolean;
    matters: boolean;
    noise: number;
    lacking: Lacking | null;
  },
): string {
  const interval = between(of.interval);
  const text = say("timed", {
    change: change(of.ratio),
    head: figure(head, unit),
    base: figure(base, unit),
    interval,
  });
  if (of.verdict === "worse" || of.verdict === "better") return text;
  if (of.verdict === "same") return say("within", { part: share(minimum), interval });
  if (!of.proven)
    return of.lacking === null ? say("may-be-chance", { text }) : say("too-few-to-rule-out", { text, ...of.lacking });
  if (!of.matters) return say("less-than-counts", { text, part: share(minimum) });
  return say("no-more-than-noise", { text, part: share(of.noise) });
}

/** Of as many pairs as there are; null where one of the figures is missing or zero. */
function logRatios(base: readonly (number | null)[], head: readonly (number | null)[]): number[] | null {
  const pairs = Math.min(base.length, head.length);
  const logs: number[] = [];
  for (let i = 0; i < pairs; i++) {
    const [b, h] = [base[i] ?? 0, head[i] ?? 0];
    if (b <= 0 || h <= 0) return null;
    logs.push(Math.log(h / b));
  }
  return logs;
}

/** As a part. Of two runs one after the other, whichever scatters more decides; and no step of the clock is a change. */
function noiseOf(
  metric: ComparedMetric,
  { base, head }: { base: Side; head: Side },
  pairs: number,
  pairing: Pairing,
): number {
  const placed = ({ trials }: Side): Placed[] =>
    trials.flatMap((trial) => {
      const value = metric.of(trial);
      return value === null || value <= 0 ? [] : [{ order: trial.order, value: Math.log(value) }];
    });
  const [ofBase, ofHead] = [placed(base), placed(head)];
  const values = (side: readonly Placed[]): number[] => side.map(({ value }) => value);
  const apart =
    pairing === "one-run"
      ? noiseOfPairs([ofBase, ofHead], pairs)
      : Math.max(noiseOfRuns(values(ofBase)), noiseOfRuns(values(ofHead)));
  const oneStep = median(base.trials.map((trial) => stepOf(metric, trial))) / Math.exp(median(values(ofBase)));
  return Math.max(Math.expm1(apart), 1.5 * oneStep);
}

function notComparable({ base, head }: MetricComparison["trials"]): string {
  const missing = (values: readonly (number | null)[]): boolean => values.some((value) => value === null);
  if (missing(base)) return missing(head) ? say("not-measured") : say("not-measured-in", { side: "base" });
  return missing(head) ? say("not-measured-in", { side: "head" }) : say("no-ratio");
}

function tooFew(pairs: number): string {
  const needed = FEWEST_FOR_INTERVAL;
  return pairs === 1 ? say("one-pair", { needed }) : say("few-pairs", { pairs, needed });
}
