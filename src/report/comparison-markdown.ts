import type { Comparison, GateResult, MetricComparison, VariantComparison } from "../compare/types.js";
import { printableDocument } from "../text/printable.js";
import { adviceText, comparisonRows, grouped, pairingText, remarkable } from "./comparison-rows.js";
import { inMarkdown } from "../text/escapes.js";

const VERDICT_MARK = { worse: "❌", unclear: "❔", better: "✅", same: "✅" } as const;
const OUTCOME_MARK = { breaks: "❌", unclear: "❔", holds: "✅" } as const;

/** A comparison for a pull request or a job's summary, in GitHub's Markdown. Ends with a line feed. */
export function renderComparisonMarkdown(raw: Comparison): string {
  const comparison = printableDocument(raw);
  const { summary, verdict, scenario, base, head, variants, gates, notes } = comparison;
  const several = variants.length > 1;
  const blocks = [
    [`### ${VERDICT_MARK[verdict]} ${inMarkdown(summary)}`],
    gates.map((gate) => gateLine(gate, several)),
    grouped(
      remarkable(comparison).filter(({ metric }) => metric.judged),
      several,
    ).map(({ names, metric }) => reasonLine(metric, names)),
    ...variants.map(table),
    notes.map((note) => `- ${inMarkdown(note)}`),
    [`<sub>${inMarkdown(`${scenario} · base ${base.label} · head ${head.label} · ${pairingText(comparison)}`)}</sub>`],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return filled.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function gateLine({ text, variant, outcome, reason }: GateResult, several: boolean): string {
  const verb = outcome === "breaks" ? "**BREAKS**" : outcome;
  return `- ${OUTCOME_MARK[outcome]} ${verb}: ${inMarkdown(`${text}: ${reason}${several ? ` (${variant})` : ""}`)}`;
}

function reasonLine(metric: MetricComparison, names: string): string {
  return `- ${VERDICT_MARK[metric.verdict]} **${metric.verdict}**: ${inMarkdown(`${names}: ${metric.reason}`)}`;
}

function table(variant: VariantComparison): string[] {
  return [
    `| ${inMarkdown(variant.name)} | base | head | change | 95 % interval | verdict |`,
    "| --- | ---: | ---: | ---: | ---: | --- |",
    ...comparisonRows(variant).map(({ metric, base, head, change, interval, of }) => {
      const plain = of.judged ? of.verdict : of.verdict === "same" ? "same" : `${adviceText(of)}, not judged`;
      const verdict = of.judged && of.verdict === "worse" ? `**${plain}**` : plain;
      return `| ${[metric, base, head, change, interval].map(inMarkdown).join(" | ")} | ${verdict} |`;
    }),
  ];
}
