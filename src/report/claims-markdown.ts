import type { RunResult } from "../result/types.js";
import { broken, claimRow, commonCircumstances, countsText, verdictWords } from "./claims.js";
import { printableDocument } from "../text/printable.js";
import { heldText } from "./judgements.js";
import { told } from "../told.js";
import { inMarkdown } from "../text/escapes.js";
import { NO_VERDICT_MARK, VERDICT_MARK } from "./markdown.js";
import { counted, say } from "../words/say.js";

/** Several claims as one table, for a talk or a wiki, in GitHub's Markdown. Ends with a line feed. */
export function renderClaimsMarkdown(raw: readonly RunResult[]): string {
  const results = printableDocument(raw).map(told);
  const rows = results.map(claimRow);
  const scenario = rows[0]?.scenario ?? "";
  const blocks = [
    [`### ${inMarkdown(countsText(rows))}`],
    [
      `| id | ${say("claim")} | ${say("verdict")} | ${say("measured-head")} | ${say("instead")} |`,
      "| --- | --- | --- | --- | --- |",
      ...rows.map(tableRow),
    ],
    broken(results).map(
      ({ scenario: whose, expectation }) =>
        `- ❌ ${say("colon", { mark: `**${say("fails")}**`, text: inMarkdown(say("colon", { mark: whose, text: heldText(expectation) })) })}`,
    ),
    [
      `<sub>${inMarkdown(commonCircumstances(results).join(" · "))}</sub>`,
      "",
      `<sub>${inMarkdown(say("more-on-one", { scenario }))}</sub>`,
    ],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return filled.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function tableRow(result: ReturnType<typeof claimRow>): string {
  const { id, text, verdict, figures, lack, instead, warnings } = result;
  const mark = verdict === null ? NO_VERDICT_MARK : VERDICT_MARK[verdict];
  const cells = [
    inMarkdown(id),
    inMarkdown(text),
    `${mark} ${inMarkdown(verdictWords(result))}${warnings === 0 ? "" : `<br>⚠️ ${counted("warning", warnings)}`}`,
    figures.length > 0 ? figures.map(inMarkdown).join("<br>") : inMarkdown(lack),
    inMarkdown(instead),
  ];
  return `| ${cells.join(" | ")} |`;
}
