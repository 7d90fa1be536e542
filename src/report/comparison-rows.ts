import type { Comparison, MetricComparison, VariantComparison } from "../compare/types.js";
import { between, figure } from "../compare/words.js";
import { multiple, NOTHING, share } from "../text/figures.js";

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
    verdict: of.judged ? of.verdict : of.verdict === "same" ? "same" : `(${adviceText(of)})`,
    of,
  }));
}

/** `worse` where it is judged, what it would be where it is advice, `changed` where no direction is the better one. */
export function adviceText({ better, verdict }: MetricComparison): string {
  return better === "neither" && verdict !== "same" ? "changed" : verdict;
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
export function pairingText({ pairing, differences }: Comparison): string {
  switch (pairing) {
    case "one-run":
      return "one machine, trials in turns";
    case "one-machine":
      return "one machine, one after the other";
    case "other-machine":
      return `timing is advice only: ${differences.join("; ")}`;
  }
}

function changeText({ ratio, unit }: MetricComparison): string {
  // Shares are parts already, and a part of a part misleads.
  if (ratio === null || unit === "share") return NOTHING;
  if (ratio >= 2) return `×${multiple(ratio)}`;
  return ratio === 1 ? "0 %" : `${ratio < 1 ? "−" : "+"}${share(Math.abs(ratio - 1))}`;
}
