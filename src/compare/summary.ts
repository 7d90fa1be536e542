import { sayCompared as say } from "../words/comparison.js";
import type { Comparison, GateResult, MetricComparison, Judgement } from "./types.js";

type Parts = Pick<Comparison, "variants" | "gates" | "pairing">;

interface Found {
  variant: string;
  metric: MetricComparison;
}

/** Where there are gates they alone decide. What is unclear hides nothing that is known. */
export function judgementOf({ variants, gates }: Parts): Judgement {
  if (gates.length > 0) {
    if (gates.some(({ outcome }) => outcome === "breaks")) return "worse";
    return gates.some(({ outcome }) => outcome === "unclear") ? "unclear" : "same";
  }
  const order = ["worse", "better", "unclear"] as const;
  return order.find((verdict) => judged(variants, verdict).length > 0) ?? "same";
}

/** Whether something that is judged could not be told, however the verdict goes. */
export function isUnclear({ variants, gates }: Pick<Parts, "variants" | "gates">): boolean {
  if (gates.length > 0) return gates.some(({ outcome }) => outcome === "unclear");
  return judged(variants, "unclear").length > 0;
}

/** `worse: opens 1.00 connections per request, base 0.002` */
export function summaryOf(parts: Parts): string {
  const verdict = judgementOf(parts);
  if (parts.gates.length > 0) return ofGates(parts, verdict);
  if (verdict === "same") return says("same", alike(parts));
  const found = judged(parts.variants, verdict);
  if (verdict === "unclear") {
    const text = say("unclear-metrics", { metrics: listOf(found, parts), reason: reason(found[0]!.metric) });
    const structural = found.some(({ metric }) => metric.tier === "structural");
    return says("unclear", structural ? text : say("connections-as-in-base", { text }));
  }
  const text = says(verdict, told(found, parts));
  const unclear = judged(parts.variants, "unclear");
  return unclear.length === 0 ? text : say("also-unclear", { text, metrics: listOf(unclear, parts) });
}

function says(verdict: Judgement | "holds", text: string): string {
  return say("says", { verdict: say(verdict), text });
}

function ofGates({ variants, gates, pairing }: Parts, verdict: Judgement): string {
  const parts = { variants, gates, pairing };
  const broken = gates.filter(({ outcome }) => outcome === "breaks");
  if (broken.length > 0) {
    const [text, n] = [says("worse", brokenText(broken[0]!, parts)), broken.length - 1];
    return n === 0 ? text : n === 1 ? say("one-more-gate-breaks", { text }) : say("more-gates-break", { text, n });
  }
  const unclear = gates.filter(({ outcome }) => outcome === "unclear");
  if (verdict === "unclear") {
    const [text, n] = [says("unclear", gateText(unclear[0]!, parts)), unclear.length - 1];
    return n === 0 ? text : n === 1 ? say("one-more-gate-unclear", { text }) : say("more-gates-unclear", { text, n });
  }
  const worse = judged(variants, "worse");
  const text = says("holds", gates.length === 1 ? say("the-gate") : say("all-gates", { n: gates.length }));
  return worse.length === 0 ? text : say("worse-aside", { text, worse: told(worse, parts) });
}

/** In plain words where the comparison has some for what the gate is about; then the gate. */
function brokenText(gate: GateResult, parts: Parts): string {
  const topic = gate.metric.split(".")[0];
  const found = judged(parts.variants, "worse").find(
    ({ variant, metric }) => variant === gate.variant && metric.metric.split(".")[0] === topic,
  );
  if (found === undefined) return gateText(gate, parts);
  return say("gate-behind", { text: ofVariant(reason(found.metric), gate.variant, parts), gate: gate.text });
}

/** The first one with its figures; how many others there are. */
function told(found: readonly Found[], parts: Parts): string {
  const [{ variant, metric }] = found as [Found];
  const [text, n] = [ofVariant(reason(metric), variant, parts), found.length - 1];
  if (n === 0) return text;
  const verdict = say(metric.verdict);
  return n === 1 ? say("one-more-metric", { text, verdict }) : say("more-metrics", { text, n, verdict });
}

/** A structural reason is a sentence by itself; a timing one speaks of its metric, unless there were too few trials to. */
function reason({ metric, tier, ratio, interval, reason: text }: MetricComparison): string {
  const isOfTrials = ratio !== null && interval === null;
  return tier === "timing" && !isOfTrials ? say("metric-and-reason", { metric, reason: text }) : text;
}

function gateText({ text, variant, outcome, reason: why }: GateResult, parts: Parts): string {
  const values = { gate: text, reason: why };
  return ofVariant(
    outcome === "breaks" ? say("gate-does-not-hold", values) : say("gate-cannot-be-told", values),
    variant,
    parts,
  );
}

function ofVariant(text: string, variant: string, { variants }: Parts): string {
  return variants.length > 1 ? say("of-variant", { text, variant }) : text;
}

function listOf(found: readonly Found[], { variants }: Parts): string {
  const all = [...new Set(found.map(({ metric }) => metric.metric))];
  const names = all.slice(0, 3).join(", ");
  const shown = all.length > 3 ? say("and-more", { names, n: all.length - 3 }) : names;
  const where = [...new Set(found.map(({ variant }) => variant))];
  return variants.length > 1 && where.length < variants.length
    ? say("of-variant", { text: shown, variant: where.join(", ") })
    : shown;
}

function alike({ variants, pairing }: Parts): string {
  const metrics = variants.flatMap((variant) => variant.metrics);
  const isAdvice = metrics.some(({ tier, judged: counts }) => tier === "timing" && !counts);
  const text = say("as-in-base", { n: metrics.filter((metric) => metric.judged).length });
  if (!isAdvice) return text;
  return say(pairing === "other-machine" ? "advice-not-one-machine" : "advice-busy-machine", { text });
}

/** Structural ones first, for chance has no part in them; then the greatest change. */
function judged(variants: Comparison["variants"], verdict: Judgement): Found[] {
  const found = variants.flatMap(({ name, metrics }) =>
    metrics
      .filter((metric) => metric.judged && metric.verdict === verdict)
      .map((metric) => ({ variant: name, metric })),
  );
  const effect = ({ ratio }: MetricComparison): number => (ratio === null ? Infinity : Math.abs(Math.log(ratio)));
  const rank = { structural: 0, timing: 1 };
  return found.toSorted(
    ({ metric: a }, { metric: b }) => rank[a.tier] - rank[b.tier] || (a.tier === "timing" ? effect(b) - effect(a) : 0),
  );
}
