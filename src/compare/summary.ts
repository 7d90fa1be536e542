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
  if (verdict === "same") return `same: ${alike(parts)}`;
  const found = judged(parts.variants, verdict);
  const unclear = verdict === "unclear" ? [] : judged(parts.variants, "unclear");
  const also = unclear.length === 0 ? "" : `; unclear: ${listOf(unclear, parts)}`;
  if (verdict !== "unclear") return `${verdict}: ${told(found, parts)}${also}`;
  const structural = found.some(({ metric }) => metric.tier === "structural");
  const settled = structural ? "" : "connections behave as in base; ";
  return `unclear: ${settled}${listOf(found, parts)}: ${reason(found[0]!.metric)}`;
}

function ofGates({ variants, gates, pairing }: Parts, verdict: Judgement): string {
  const parts = { variants, gates, pairing };
  const broken = gates.filter(({ outcome }) => outcome === "breaks");
  if (broken.length > 0)
    return `worse: ${brokenText(broken[0]!, parts)}${more(broken.length - 1, "gate breaks", "gates break")}`;
  const unclear = gates.filter(({ outcome }) => outcome === "unclear");
  if (verdict === "unclear")
    return `unclear: ${gateText(unclear[0]!, parts)}${more(unclear.length - 1, "gate is unclear", "gates are unclear")}`;
  const worse = judged(variants, "worse");
  const aside = worse.length === 0 ? "" : `; worse, and no gate is about it: ${told(worse, parts)}`;
  return `holds: ${gates.length === 1 ? "the gate" : `all ${gates.length} gates`}${aside}`;
}

/** In plain words where the comparison has some for what the gate is about; then the gate. */
function brokenText(gate: GateResult, parts: Parts): string {
  const topic = gate.metric.split(".")[0];
  const found = judged(parts.variants, "worse").find(
    ({ variant, metric }) => variant === gate.variant && metric.metric.split(".")[0] === topic,
  );
  if (found === undefined) return gateText(gate, parts);
  return `${reason(found.metric)}${suffix(gate.variant, parts)}; the gate ${gate.text} does not hold`;
}

/** The first one with its figures; how many others there are. */
function told(found: readonly Found[], parts: Parts): string {
  const [{ variant, metric }] = found as [Found];
  return reason(metric) + suffix(variant, parts) + more(found.length - 1, "metric is", "metrics are", metric.verdict);
}

/** A structural reason is a sentence by itself; a timing one speaks of its metric. */
function reason({ metric, tier, reason: text }: MetricComparison): string {
  return tier === "timing" && !/ pairs? of trials /u.test(text) ? `${metric} ${text}` : text;
}

function gateText({ text, variant, outcome, reason: why }: GateResult, parts: Parts): string {
  return `${text} ${outcome === "breaks" ? "does not hold" : "cannot be told"}: ${why}${suffix(variant, parts)}`;
}

function suffix(variant: string, { variants }: Parts): string {
  return variants.length > 1 ? ` (${variant})` : "";
}

function more(others: number, one: string, many: string, verdict = ""): string {
  return others <= 0 ? "" : `; ${others} more ${others === 1 ? one : many} ${verdict}`.trimEnd();
}

function listOf(found: readonly Found[], { variants }: Parts): string {
  const names = [...new Set(found.map(({ metric }) => metric.metric))];
  const shown = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
  const where = [...new Set(found.map(({ variant }) => variant))];
  return variants.length > 1 && where.length < variants.length ? `${shown} (${where.join(", ")})` : shown;
}

function alike({ variants, pairing }: Parts): string {
  const metrics = variants.flatMap((variant) => variant.metrics);
  const isAdvice = metrics.some(({ tier, judged: counts }) => tier === "timing" && !counts);
  const why = pairing === "other-machine" ? "these are not one machine" : "the machine was busy otherwise";
  return `${metrics.filter((metric) => metric.judged).length} metrics as in base${isAdvice ? `; timing is advice: ${why}` : ""}`;
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
