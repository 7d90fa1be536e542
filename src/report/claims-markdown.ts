import type { RunResult } from "../result/types.js";
import { broken, claimRow, commonCircumstances, countsText, verdictWords } from "./claims.js";
import { clean } from "./clean.js";
import { measuredText } from "./judgements.js";
import { escaped } from "./escaped.js";
import { NO_VERDICT_MARK, VERDICT_MARK } from "./markdown.js";
import { plural } from "./numbers.js";

/** Several claims as one table, for a talk or a wiki, in GitHub's Markdown. Ends with a line feed. */
export function renderClaimsMarkdown(raw: readonly RunResult[]): string {
  const results = clean(raw);
  const rows = results.map(claimRow);
  const scenario = rows[0]?.scenario ?? "";
  const blocks = [
    [`### ${escaped(countsText(rows))}`],
    ["| id | claim | verdict | measured | instead |", "| --- | --- | --- | --- | --- |", ...rows.map(tableRow)],
    broken(results).map(
      ({ scenario: whose, expectation }) =>
        `- ❌ **FAILS**: ${escaped(`${whose}: ${expectation.text} (${measuredText(expectation)})`)}`,
    ),
    [
      `<sub>${escaped(commonCircumstances(results).join(" · "))}</sub>`,
      "",
      `<sub>${escaped(`More on one: bench show ${scenario} · bench report FILE --scenario ${scenario}`)}</sub>`,
    ],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return filled.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function tableRow(result: ReturnType<typeof claimRow>): string {
  const { id, text, verdict, figures, lack, instead, warnings } = result;
  const mark = verdict === null ? NO_VERDICT_MARK : VERDICT_MARK[verdict];
  const cells = [
    escaped(id),
    escaped(text),
    `${mark} ${escaped(verdictWords(result))}${warnings === 0 ? "" : `<br>⚠️ ${plural(warnings, "warning")}`}`,
    figures.length > 0 ? figures.map(escaped).join("<br>") : escaped(lack),
    escaped(instead),
  ];
  return `| ${cells.join(" | ")} |`;
}
