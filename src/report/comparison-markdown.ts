import type { Comparison, GateResult, MetricComparison, VariantComparison } from "../compare/types.js";
import { printableDocument } from "../text/printable.js";
import { sayCompared } from "../words/comparison.js";
import { say } from "../words/say.js";
import { comparisonRows, factsOf, gateText, grouped, remarkable, remarkText, verdictText } from "./comparison-rows.js";
import { inMarkdown } from "../text/escapes.js";

const VERDICT_MARK = { worse: "❌", unclear: "❔", better: "✅", same: "✅" } as const;
const OUTCOME_MARK = { breaks: "❌", unclear: "❔", holds: "✅" } as const;

/** A comparison for a pull request or a job's summary, in GitHub's Markdown. Ends with a line feed. */
export function renderComparisonMarkdown(raw: Comparison): string {
  const comparison = printableDocument(raw);
  const { summary, verdict, variants, gates, notes } = comparison;
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
    [`<sub>${inMarkdown(factsOf(comparison).join(" · "))}</sub>`],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return filled.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function gateLine(gate: GateResult, several: boolean): string {
  const { outcome } = gate;
  const verb = outcome === "breaks" ? `**${sayCompared("BREAKS")}**` : sayCompared(outcome);
  return `- ${OUTCOME_MARK[outcome]} ${say("colon", { mark: verb, text: inMarkdown(gateText(gate, several)) })}`;
}

function reasonLine(metric: MetricComparison, names: string): string {
  const mark = `**${sayCompared(metric.verdict)}**`;
  return `- ${VERDICT_MARK[metric.verdict]} ${say("colon", { mark, text: inMarkdown(remarkText(names, metric)) })}`;
}

function table(variant: VariantComparison): string[] {
  return [
    `| ${[inMarkdown(variant.name), "base", "head", sayCompared("change"), sayCompared("interval-head"), sayCompared("verdict")].join(" | ")} |`,
    "| --- | ---: | ---: | ---: | ---: | --- |",
    ...comparisonRows(variant).map(({ metric, base, head, change, interval, of }) => {
      const plain = of.verdict === "same" ? sayCompared("same") : verdictText(of);
      const verdict = of.judged && of.verdict === "worse" ? `**${plain}**` : plain;
      return `| ${[metric, base, head, change, interval].map(inMarkdown).join(" | ")} | ${verdict} |`;
    }),
  ];
}
