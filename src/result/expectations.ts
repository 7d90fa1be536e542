import type { Expectation } from "../scenario/types.js";
import { holds as compareFigures } from "../stats/holds.js";
import type { ExpectationResult, Metrics, VariantResult } from "./types.js";

/** Holds each expectation against the medians. What was not measured does not hold. */
export function judge(
  expectations: readonly Expectation[],
  variants: Readonly<Record<string, VariantResult>>,
): ExpectationResult[] {
  return expectations.map((expectation) => {
    const measured = figure(variants, expectation.variant, expectation.metric);
    const against = rightSide(expectation, variants);
    const holds = measured !== null && against !== null && compareFigures(measured, expectation.op, against);
    return { text: expectation.text, holds, measured, against };
  });
}

function rightSide(
  { right }: Expectation,
  variants: Readonly<Record<string, VariantResult>>,
): ExpectationResult["against"] {
  switch (right.kind) {
    case "number":
    case "name":
      return right.value;
    case "metric": {
      const value = figure(variants, right.variant, right.metric);
      return typeof value === "number" ? right.factor * value : value;
    }
  }
}

function figure(
  variants: Readonly<Record<string, VariantResult>>,
  variant: string,
  metric: string,
): number | string | null {
  const metrics = variants[variant]?.median ?? null;
  if (metrics === null) return null;
  if (metric === "closedFirst") return mostOften(metrics.closedFirst);
  // An errno that never came up was seen zero times.
  if (metric.startsWith("errors.")) return metrics.errors[metric.slice("errors.".length)] ?? 0;
  let value: unknown = metrics;
  for (const name of metric.split(".")) value = (value as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === "number" ? value : null;
}

function mostOften(shares: Metrics["closedFirst"]): string | null {
  if (shares === null) return null;
  return Object.entries(shares).reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
}
