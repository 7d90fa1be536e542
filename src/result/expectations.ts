import type { Finding } from "../findings/types.js";
import { type Expectation, FINDINGS } from "../scenario/types.js";
import { holds as compareFigures } from "../stats/holds.js";
import { figureOf } from "./figures.js";
import type { ExpectationResult, Figure, VariantResult } from "./types.js";

/** Holds each expectation against the medians. What was not measured does not hold. */
export function judge(
  expectations: readonly Expectation[],
  variants: Readonly<Record<string, VariantResult>>,
  findings: readonly Finding[] = [],
): ExpectationResult[] {
  return expectations.map((expectation) => {
    const measured = expectation.metric.startsWith(FINDINGS)
      ? findings.filter((one) => one.variant === expectation.variant && FINDINGS + one.code === expectation.metric)
          .length
      : figureOf(variants, expectation.variant, expectation.metric);
    const against = rightSide(expectation, variants);
    return { text: expectation.text, holds: compare(measured, expectation.op, against), measured, against };
  });
}

function rightSide({ right }: Expectation, variants: Readonly<Record<string, VariantResult>>): Figure {
  switch (right.kind) {
    case "number":
    case "name":
      return right.value;
    case "metric": {
      const value = figureOf(variants, right.variant, right.metric);
      if (typeof value !== "string" || right.factor === 1)
        return typeof value === "number" ? right.factor * value : value;
      const number = asNumber(value);
      return number === null ? null : right.factor * number;
    }
  }
}

/** A number and a name cannot be compared, and names have no order: neither holds, whatever is asked. */
function compare(measured: Figure, op: Expectation["op"], against: Figure): boolean {
  if (measured === null || against === null) return false;
  const [left, right] = [asNumber(measured), asNumber(against)];
  if (left !== null && right !== null) return compareFigures(left, op, right);
  if (typeof measured !== "string" || typeof against !== "string" || (op !== "==" && op !== "!=")) return false;
  return compareFigures(measured, op, against);
}

/** A sysctl is text, `2`, and meant as a number. */
function asNumber(figure: number | string): number | null {
  if (typeof figure === "number") return figure;
  return /^-?\d+(?:\.\d+)?$/u.test(figure) ? Number(figure) : null;
}
