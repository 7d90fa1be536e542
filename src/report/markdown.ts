import type { RunResult } from "../result/types.js";
import type { Verdict } from "../scenario/claim/types.js";
import { told } from "../told.js";
import { say } from "../words/say.js";
import { decisiveFigures, verdictWords } from "./claims.js";
import { printableDocument, printableLines } from "../text/printable.js";
import { inMarkdown } from "../text/escapes.js";
import { type FigureRow, figureRows } from "./figures.js";
import { circumstances, headline, statusLine, when } from "./header.js";
import { linkHeads, linkTables } from "./links-table.js";
import {
  findingTexts,
  heldText,
  notJudged,
  paragraphs,
  paragraphText,
  unbalancedBooks,
  warningTexts,
} from "./judgements.js";
import { phaseRows } from "./phase-rows.js";
import { spreadOf } from "./spread.js";
import { hasSteps, type VariantView, variantViews, wasLoaded } from "./view.js";

export const VERDICT_MARK: Record<Verdict, string> = {
  confirmed: "✅",
  refuted: "❌",
  partly: "🟡",
  gone: "⚫",
  "not-testable-here": "❔",
};
export const NO_VERDICT_MARK = "❔";

/** A result for a pull request or a wiki, in GitHub's Markdown. Ends with a line feed. */
export function renderMarkdown(raw: RunResult): string {
  const result = told(printableDocument(raw));
  const views = variantViews(result);
  const blocks = [
    [`### ${inMarkdown(headline(result))}`],
    status(result, printableLines(raw.error?.hint ?? "")),
    claimBlock(result),
    findingTexts(result, "problem").map(
      (text) => `- 🔴 ${say("colon", { mark: `**${say("Problem")}**`, text: inMarkdown(text) })}`,
    ),
    table(views.filter(wasLoaded), figureRows(views.filter(wasLoaded))),
    ...spread(views.filter(wasLoaded)),
    links(views),
    table(views.filter(hasSteps), phaseRows(views.filter(hasSteps), result)),
    paragraphs(result).map(
      (one) => `- ${say("colon", { mark: `**${inMarkdown(one.title)}**`, text: inMarkdown(paragraphText(one)) })}`,
    ),
    expectations(result),
    findingTexts(result, "notice").map((text) => `- 🔎 ${inMarkdown(text)}`),
    warnings(result).map((text) => `- ⚠️ ${inMarkdown(text)}`),
    [`<sub>${inMarkdown([when(result), ...circumstances(result, views)].join(" · "))}</sub>`],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return filled.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function status(result: RunResult, hint: readonly string[]): string[] {
  const text = statusLine(result);
  if (text === null) return [];
  const lines = hint.filter((line) => line.trim() !== "").map(inMarkdown);
  return [`> **${inMarkdown(text)}**`, ...(lines.length === 0 ? [] : [">", `> ${lines.join("<br>")}`])];
}

/** The claim, what became of it and by which figures, what to do instead, and who says so. */
function claimBlock(result: RunResult): string[] {
  const { claim, scenario } = result;
  const text = claim?.text ?? scenario.claim?.text;
  if (text === undefined) return [];
  const [mark, words] =
    claim === undefined ? [NO_VERDICT_MARK, say("no-verdict")] : [VERDICT_MARK[claim.verdict], verdictWords(claim)];
  return [
    `> ${inMarkdown(text)}`,
    "",
    `${mark} ${claim === undefined ? `**${words}**` : say("colon", { mark: `**${words}**`, text: inMarkdown(claim.reason) })}`,
    "",
    ...decisiveFigures(result).map(({ label, value }) => `- ${inMarkdown(label)}: **${inMarkdown(value)}**`),
    ...(scenario.claim === null || scenario.claim.instead === ""
      ? []
      : [`- ${say("colon", { mark: say("Instead"), text: inMarkdown(scenario.claim.instead) })}`]),
    ...(scenario.claim?.sources ?? []).map(
      (source) => `- ${say("colon", { mark: say("Source"), text: inMarkdown(source) })}`,
    ),
  ];
}

/** Only of several trials. */
function spread(views: readonly VariantView[]): string[][] {
  const found = spreadOf(views);
  return found === null || found.rows.length === 0 ? [] : [[inMarkdown(found.title)], table(views, found.rows)];
}

function table(views: readonly VariantView[], rows: readonly FigureRow[]): string[] {
  if (views.every(({ metrics }) => metrics === null)) return [];
  if (rows.length === 0) return [];
  const names = views.map((view) => {
    const name = inMarkdown(view.name);
    return view.basis === "so far" ? say("in-brackets", { text: name, more: say("so-far") }) : name;
  });
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row(["", ...names]),
    row(["---", ...views.map(() => "---:")]),
    ...rows.map(({ group, label, cells, strong }) =>
      row([
        inMarkdown(`${group} ${label}`.trimEnd()),
        ...cells.map((lines, i) => {
          const text = lines.map(inMarkdown).join("<br>");
          return strong?.[i] === true ? `**${text}**` : text;
        }),
      ]),
    ),
  ];
}

function links(views: readonly VariantView[]): string[] {
  const tables = linkTables(views);
  if (tables.length === 0) return [];
  const row = (cells: readonly string[]): string => `| ${cells.map(inMarkdown).join(" | ")} |`;
  const of = tables.flatMap(({ title, rows }) => rows.map((cells) => (tables.length > 1 ? [title, ...cells] : cells)));
  const heads = [...(tables.length > 1 ? [""] : []), say("link"), ...linkHeads()];
  return [
    row(heads),
    `| ${heads.map(() => "---").join(" | ")} |`,
    ...of.map(row),
    "",
    `<sub>${say("link-legend")}</sub>`,
  ];
}

function expectations(result: RunResult): string[] {
  const open = notJudged(result);
  if (open !== null) return [inMarkdown(open)];
  return result.expectations.map((expectation) => {
    const verdict = expectation.holds ? `✅ ${say("holds")}` : `❌ **${say("fails")}**`;
    return `- ${say("colon", { mark: verdict, text: inMarkdown(heldText(expectation)) })}`;
  });
}

function warnings(result: RunResult): string[] {
  return [
    ...unbalancedBooks(result).map((text) => say("colon", { mark: say("books-differ"), text })),
    ...warningTexts(result),
  ];
}
