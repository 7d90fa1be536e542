import type { Finding } from "../findings/types.js";
import type { Comparison, GateResult, MetricComparison } from "../compare/types.js";
import { inXml } from "../text/escapes.js";
import { printableDocument } from "../text/printable.js";
import { findingText } from "./judgements.js";

const SIDES = ["base", "head"] as const;

/** One case of a suite; what is neither failed nor skipped has passed. */
interface Case {
  name: string;
  failure?: string;
  skipped?: string;
}

/**
 * JUnit XML for CI: a suite for each variant with a case for each metric, and one for the gates. Where there are gates
 * they alone fail. What is unclear or advice is skipped, with the reason. Ends with a line feed.
 */
export function renderComparisonJunit(raw: readonly Comparison[]): string {
  const suites = raw.map(printableDocument).flatMap(suitesOf);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bench compare">\n${suites.join("")}</testsuites>\n`;
}

function suitesOf({ scenario, variants, gates }: Comparison): string[] {
  const ofMetrics = variants.map(({ name, metrics, findings }) =>
    suite(
      `${scenario} ${name}`,
      metrics.map((metric) => metricCase(metric, gates.length === 0)),
      SIDES.flatMap((side) => said(side, findings[side])),
    ),
  );
  return gates.length === 0 ? ofMetrics : [suite(`${scenario} gates`, gates.map(gateCase)), ...ofMetrics];
}

/** What stands out; facts explain a run, and say nothing of a comparison. */
function said(side: string, findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity !== "fact")
    .map((one) => `${side}: ${one.severity}: ${findingText(one, false)}`);
}

function suite(name: string, cases: readonly Case[], output: readonly string[] = []): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const lines = cases.map((one) => caseLines(name, one));
  const out = output.length === 0 ? "" : `    <system-out>${inXml(output.join("\n"))}</system-out>\n`;
  return `  <testsuite name="${inXml(name)}" ${counts}>\n${lines.join("")}${out}  </testsuite>\n`;
}

function caseLines(suiteName: string, { name, failure, skipped }: Case): string {
  const open = `    <testcase classname="${inXml(suiteName)}" name="${inXml(name)}"`;
  if (failure !== undefined)
    return `${open}>\n      <failure message="${inXml(failure)}"></failure>\n    </testcase>\n`;
  if (skipped !== undefined) return `${open}>\n      <skipped message="${inXml(skipped)}"/>\n    </testcase>\n`;
  return `${open}/>\n`;
}

function gateCase({ text, variant, outcome, reason }: GateResult): Case {
  const name = `${text} (${variant})`;
  if (outcome === "breaks") return { name, failure: `breaks: ${reason}` };
  return outcome === "unclear" ? { name, skipped: `unclear: ${reason}` } : { name };
}

function metricCase({ metric, verdict, judged, reason }: MetricComparison, decides: boolean): Case {
  if (verdict === "same" || (verdict === "better" && judged)) return { name: metric };
  if (judged && decides && verdict === "worse") return { name: metric, failure: `worse: ${reason}` };
  return { name: metric, skipped: `${verdict}${judged ? "" : ", not judged"}: ${reason}` };
}
