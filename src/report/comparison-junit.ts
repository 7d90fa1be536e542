import type { Finding } from "../findings/types.js";
import type { Comparison, GateResult, MetricComparison } from "../compare/types.js";
import { printableDocument } from "../text/printable.js";
import { sayCompared } from "../words/comparison.js";
import { say } from "../words/say.js";
import { findingText } from "./judgements.js";
import { type Case, junitOf, type Suite } from "./junit.js";

const SIDES = ["base", "head"] as const;

/**
 * JUnit XML for CI: a suite for each variant with a case for each metric, and one for the gates. Where there are gates
 * they alone fail. What is unclear or advice is skipped, with the reason. Ends with a line feed.
 */
export function renderComparisonJunit(raw: readonly Comparison[]): string {
  return junitOf("bench compare", comparisonSuites(raw));
}

export function comparisonSuites(raw: readonly Comparison[]): Suite[] {
  return raw.map(printableDocument).flatMap(suitesOf);
}

function suitesOf({ scenario, variants, gates }: Comparison): Suite[] {
  const ofMetrics = variants.map(({ name, metrics, findings }) => ({
    name: `${scenario} ${name}`,
    cases: metrics.map((metric) => metricCase(metric, gates.length === 0)),
    output: SIDES.flatMap((side) => said(side, findings[side])),
  }));
  return gates.length === 0
    ? ofMetrics
    : [{ name: sayCompared("gates", { scenario }), cases: gates.map(gateCase), output: [] }, ...ofMetrics];
}

/** What stands out; facts explain a run, and say nothing of a comparison. */
function said(side: string, findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity !== "fact")
    .map(
      (one) =>
        `${side}: ${say("colon", { mark: say(one.severity === "problem" ? "problem" : "notice"), text: findingText(one, false) })}`,
    );
}

function gateCase({ text, variant, outcome, reason }: GateResult): Case {
  const name = `${text} (${variant})`;
  const told = sayCompared("says", { verdict: sayCompared(outcome), text: reason });
  if (outcome === "breaks") return { name, failure: told };
  return outcome === "unclear" ? { name, skipped: told } : { name };
}

function metricCase({ metric, verdict, judged, reason }: MetricComparison, decides: boolean): Case {
  const word = sayCompared(verdict);
  const mark = judged ? word : sayCompared("not-judged", { verdict: word });
  const told = sayCompared("says", { verdict: mark, text: reason });
  if (verdict === "same" || (verdict === "better" && judged)) return { name: metric };
  if (judged && decides && verdict === "worse") return { name: metric, failure: told };
  return { name: metric, skipped: told };
}
