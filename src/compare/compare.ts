import type { Tier } from "../metrics/types.js";
import type { RunResult } from "../result/types.js";
import type { Gate } from "../scenario/types.js";
import { holm } from "../stats/holm.js";
import { type Compared, pairsOfResults, pairsOfSides } from "./comparable.js";
import { differencesOf } from "./environment.js";
import { judgeGates } from "./gates.js";
import { type ComparedMetric, comparedMetrics } from "./metrics.js";
import { notesOf } from "./notes.js";
import type { Pair } from "./sides.js";
import { compareStructural } from "./structural.js";
import { doubted, oneSidedStarvation } from "./starved.js";
import { summaryOf, judgementOf } from "./summary.js";
import { decide, type Tested, testTiming } from "./timing.js";
import type { Comparison, MetricComparison, Pairing, VariantComparison } from "./types.js";

export interface CompareOptions {
  /** Only these variants; null: all that both sides have. */
  only: readonly string[] | null;
  gates: readonly Gate[];
}

/** Two results, variant by variant, in the language of what is being drawn. Pure. @throws BenchError `not-comparable`, `bad-gate` */
export function compareResults(base: Compared, head: Compared, options: CompareOptions): Comparison {
  return compare(base, head, pairsOfResults(base, head, options.only), options.gates);
}

/** Two sides of one run, which took turns. Pure. @throws BenchError `not-comparable`, `bad-gate` */
export function compareSides(
  run: Compared,
  sides: readonly [base: string, head: string],
  options: CompareOptions,
): Comparison {
  const pairs = pairsOfSides(run, sides, options.only);
  const [base, head] = sides.map((name) => ({ label: labelOf(run.result, name), result: run.result }));
  return compare(base!, head!, pairs, options.gates);
}

/** A run that was made of two sides knows what they are. */
function labelOf({ scenario: { sides } }: RunResult, name: string): string {
  return name === "base" || name === "head" ? (sides?.[name].label ?? name) : name;
}

function compare(base: Compared, head: Compared, pairs: readonly Pair[], gates: readonly Gate[]): Comparison {
  const differences = differencesOf(base.result.environment, head.result.environment);
  const pairing = pairingOf(base, head, differences);
  const variants = compareVariants(pairs, pairing);
  const judgedGates = judgeGates(gates, pairs, variants);
  const parts = { variants, gates: judgedGates, pairing };
  return {
    schemaVersion: 1,
    kind: "comparison",
    scenario: head.result.scenario.name,
    verdict: judgementOf(parts),
    summary: summaryOf(parts),
    base: { label: base.label, startedAt: base.result.startedAt },
    head: { label: head.label, startedAt: head.result.startedAt },
    pairing,
    differences,
    variants,
    gates: judgedGates,
    notes: notesOf(base, head, pairs, pairing),
  };
}

/** The two sides of a run that takes turns bear one date, in one document or in two. */
function pairingOf(base: Compared, head: Compared, differences: readonly string[]): Pairing {
  if (differences.length > 0) return "other-machine";
  return base.result.startedAt === head.result.startedAt ? "one-run" : "one-machine";
}

function compareVariants(pairs: readonly Pair[], pairing: Pairing): VariantComparison[] {
  const tested = pairs.map((pair) =>
    ofTier("timing", pair).map((metric) => testTiming(metric, pair.base, pair.head, pairing)),
  );
  const settled = correct(tested.flat());
  return pairs.map((pair, i) => {
    const starved = oneSidedStarvation(pair.base, pair.head);
    return {
      name: pair.name,
      metrics: [
        ...ofTier("structural", pair).map((metric) => compareStructural(metric, pair.base, pair.head)),
        ...tested[i]!.map((one) => doubted(settled.get(one)!, starved)),
      ].filter(wasMeasured),
      findings: { base: pair.base.findings, head: pair.head.findings },
    };
  });
}

function ofTier(tier: Tier, { base, head }: Pair): ComparedMetric[] {
  return comparedMetrics([...base.trials, ...head.trials]).filter((metric) => metric.tier === tier);
}

/** For both directions by itself: that something is called worse by chance is to happen in 5 % of all comparisons. */
function correct(tested: readonly Tested[]): Map<Tested, MetricComparison> {
  const testable = tested.filter(({ worse }) => worse !== null);
  const worse = holm(testable.map((one) => one.worse!));
  const better = holm(testable.map((one) => one.better!));
  return new Map(
    tested.map((one) => {
      const at = testable.indexOf(one);
      return [
        one,
        at < 0 ? one.comparison : decide(one, { worse: worse[at]!, better: better[at]!, tested: testable.length }),
      ];
    }),
  );
}

/** Results of earlier versions have no links, which is no change. */
function wasMeasured({ metric, base, head, trials }: MetricComparison): boolean {
  if (metric.startsWith("links.") && (base === null || head === null)) return false;
  return base !== null || head !== null || [...trials.base, ...trials.head].some((value) => value !== null);
}
