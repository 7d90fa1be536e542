import type { Comparison, MetricComparison, VariantComparison } from "../../compare/types.js";
import { between } from "../../compare/words.js";
import { comparisonRows, factsOf, grouped, remarkable, remarkText, verdictText } from "../../report/comparison-rows.js";
import { findingText } from "../../report/judgements.js";
import { TEXTS } from "../../report/figures.js";
import { printableDocument } from "../../text/printable.js";
import { sayCompared as say } from "../../words/comparison.js";
import type { Axis, ChartView, ComparisonTable, ComparisonView, DotsView } from "../types.js";
import { countAxis, latencyAxis } from "./axes.js";
import { greatest, least } from "../../stats/thin.js";

/** So many pairs are drawn of one variant. */
const MOST_PAIRS = 4;

/** Two sides held against each other, as a page shows them. */
export function comparisonView(raw: Comparison, id: string): ComparisonView {
  const comparison = printableDocument(raw);
  const { summary, verdict, variants, gates, notes } = comparison;
  const several = variants.length > 1;
  return {
    id,
    verdict,
    summary,
    kind: say("base-and-head"),
    facts: factsOf(comparison),
    gates: gates.map(({ outcome, text, reason, variant }) => ({
      outcome,
      word: say(outcome === "breaks" ? "BREAKS" : outcome),
      text,
      reason: several ? say("of-variant", { text: reason, variant }) : reason,
    })),
    reasons: grouped(remarkable(comparison), several).map(({ names, metric }) => ({
      verdict: verdictText(metric),
      text: remarkText(names, metric),
    })),
    tables: variants.map((variant, at) => tableOf(variant, `${id}-${at}`)),
    notes,
    findings: variants.flatMap(({ findings }) =>
      (["base", "head"] as const).flatMap((side) =>
        findings[side]
          .filter(({ severity }) => severity !== "fact")
          .map((finding) => ({ side, text: findingText(finding, several) })),
      ),
    ),
  };
}

function tableOf(variant: VariantComparison, id: string): ComparisonTable {
  const rows = comparisonRows(variant);
  const paired = variant.metrics.filter(({ tier, trials }) => tier === "timing" && trials.base.length > 1);
  return {
    variant: variant.name,
    label: say("metrics-of", { variant: variant.name }),
    heads: [say("metric"), "base", "head", say("change"), say("interval-head"), say("verdict")],
    rows: rows.map((row) => {
      const { judged, verdict } = row.of;
      return Object.assign(row, {
        tone: judged && (verdict === "worse" || verdict === "better") ? verdict : "plain",
      } as const);
    }),
    ratios: ratiosOf(variant.metrics, `${id}-ratios`),
    pairs: paired.slice(0, MOST_PAIRS).map((metric, at) => pairsOf(metric, `${id}-pairs${at}`)),
  };
}

/** Head as a multiple of base, on a logarithmic axis: twice and half are equally far from 1. */
function ratiosOf(metrics: readonly MetricComparison[], id: string): DotsView | null {
  const rows = metrics.flatMap(({ metric, ratio, interval }) =>
    interval === null || ratio === null || ratio <= 0 || interval.low <= 0
      ? []
      : [{ name: metric, dots: [ratio], interval, text: between(interval) }],
  );
  if (rows.length === 0) return null;
  return {
    id,
    title: say("multiple-of-base"),
    sentence: say("ratio-sentence"),
    axis: ratioAxis(rows.flatMap(({ interval }) => [interval.low, interval.high])),
    rows,
  };
}

function ratioAxis(values: readonly number[]): Axis {
  const far = Math.max(1.1, greatest(values.map((value) => Math.max(value, 1 / value))) ?? 1.1) * 1.02;
  const steps = [1.05, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100].filter((step) => step <= far);
  const chosen = steps.slice(-2);
  const ticks = [...chosen.map((step) => 1 / step).toReversed(), 1, ...chosen].map((at) => ({
    at,
    text: `×${Number(at.toPrecision(3))}`,
  }));
  return { scale: "log", min: 1 / far, max: far, unit: "perSec", ticks };
}

function pairsOf({ metric, unit, trials, reason }: MetricComparison, id: string): ChartView {
  const pairs = Math.max(trials.base.length, trials.head.length);
  const all = [...trials.base, ...trials.head];
  const most = greatest(all) ?? 0;
  const isTime = unit === "us";
  const x: Axis = {
    scale: "linear",
    min: 0.5,
    // Behind the last there is room for what the lines are.
    max: pairs * 1.3 + 0.5,
    unit: "count",
    ticks: Array.from({ length: pairs }, (_, i) => ({ at: i + 1, text: String(i + 1) })).filter(
      (_, i) => pairs <= 12 || i === 0 || (i + 1) % Math.ceil(pairs / 10) === 0,
    ),
  };
  const text = TEXTS[unit];
  const sides = [
    { name: "base", tone: "v0", dash: 1 },
    { name: "head", tone: "v1", dash: 0 },
  ] as const;
  return {
    id,
    title: say("trial-by-trial", { metric }),
    sentence: say("sentence", { text: reason.charAt(0).toUpperCase() + reason.slice(1) }),
    kind: "lines",
    x,
    y: isTime ? latencyAxis(least(all) ?? 1, most) : countAxis(most),
    series: sides.map(({ name, tone, dash }) => ({
      name,
      label: `${name} ${text(trials[name].at(-1) ?? null)}`,
      tone,
      dash,
      x: trials[name].map((_, at) => at + 1),
      y: [...trials[name]],
    })),
    marks: [],
  };
}
