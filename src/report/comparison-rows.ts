import type { Comparison, GateResult, Judgement, MetricComparison, VariantComparison } from "../compare/types.js";
import { between, figure } from "../compare/words.js";
import { multiple, NOTHING, share } from "../text/figures.js";
import { sayCompared } from "../words/comparison.js";
import { listed, say } from "../words/say.js";

/** One metric of a comparison as a row of texts. */
export interface ComparisonRow {
  metric: string;
  base: string;
  head: string;
  /** `+12 %`, `×6.2`; `–` where there is no ratio. */
  change: string;
  /** `+8 % to +15 %`; empty without one. */
  interval: string;
  /** In brackets what is only told. */
  verdict: string;
  of: MetricComparison;
}

export function comparisonRows({ metrics }: VariantComparison): ComparisonRow[] {
  return metrics.map((of) => ({
    metric: of.metric,
    base: figure(of.base, of.unit),
    head: figure(of.head, of.unit),
    change: changeText(of),
    interval: of.interval === null ? "" : between(of.interval),
    verdict: of.judged || of.verdict === "same" ? sayCompared(of.verdict) : `(${sayCompared(adviceOf(of))})`,
    of,
  }));
}

/** What it would be where it is advice, `changed` where no direction is the better one. */
function adviceOf({ better, verdict }: MetricComparison): Judgement | "changed" {
  return better === "neither" && verdict !== "same" ? "changed" : verdict;
}

/** `worse` where it is judged, else `worse, not judged`. */
export function verdictText(metric: MetricComparison): string {
  const { judged, verdict } = metric;
  return judged ? sayCompared(verdict) : sayCompared("not-judged", { verdict: sayCompared(adviceOf(metric)) });
}

/** Of a gate: what it is about and why, with the variant where there are several. */
export function gateText({ text, reason, variant }: GateResult, several: boolean): string {
  const told = say("colon", { mark: text, text: reason });
  return several ? sayCompared("of-variant", { text: told, variant }) : told;
}

export function remarkText(names: string, { reason }: MetricComparison): string {
  return say("colon", { mark: names, text: reason });
}

/** Which two were held against each other, and how they were measured. */
export function factsOf(comparison: Comparison): string[] {
  const { scenario, base, head } = comparison;
  return [scenario, `base ${base.label}`, `head ${head.label}`, pairingText(comparison)];
}

/** Each metric that is not as in base, with its reason, the worst first. */
export function remarkable(comparison: Comparison): { variant: string; metric: MetricComparison }[] {
  const order = ["worse", "unclear", "better"];
  return comparison.variants
    .flatMap(({ name, metrics }) =>
      metrics.filter(({ verdict }) => verdict !== "same").map((metric) => ({ variant: name, metric })),
    )
    .toSorted(
      ({ metric: a }, { metric: b }) =>
        Number(b.judged) - Number(a.judged) || order.indexOf(a.verdict) - order.indexOf(b.verdict),
    );
}

/** Remarks with one verdict and one reason are one remark: what is wrong with all timing is not said six times. */
export function grouped(
  remarks: readonly { variant: string; metric: MetricComparison }[],
  several: boolean,
): { names: string; metric: MetricComparison }[] {
  const groups = new Map<string, { names: string[]; metric: MetricComparison }>();
  for (const { variant, metric } of remarks) {
    const key = JSON.stringify([metric.judged, metric.verdict, metric.better === "neither", metric.reason]);
    const group = groups.get(key) ?? { names: [], metric };
    group.names.push(`${several ? `${variant} ` : ""}${metric.metric}`);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ names, metric }) => ({ names: names.join(", "), metric }));
}

/** How the two sides were measured, and what that allows. */
function pairingText({ pairing, differences }: Comparison): string {
  switch (pairing) {
    case "one-run":
    case "one-machine":
      return sayCompared(pairing);
    case "other-machine":
      return sayCompared("advice-only", { differences: listed(differences, "clauses") });
  }
}

function changeText({ ratio, unit }: MetricComparison): string {
  // Shares are parts already, and a part of a part misleads.
  if (ratio === null || unit === "share") return NOTHING;
  if (ratio >= 2) return `×${multiple(ratio)}`;
  return ratio === 1 ? "0 %" : `${ratio < 1 ? "−" : "+"}${share(Math.abs(ratio - 1))}`;
}
