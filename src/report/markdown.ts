import type { RunResult } from "../result/types.js";
import { clean, severalLines } from "./clean.js";
import { explain } from "./explain.js";
import { type FigureRow, figureRows } from "./figures.js";
import { circumstances, headline, statusLine, when } from "./header.js";
import { measuredText, notJudged, unbalancedBooks, warningTexts } from "./judgements.js";
import { spreadOf } from "./spread.js";
import { type VariantView, variantViews } from "./view.js";

/** A result for a pull request or a wiki, in GitHub's Markdown. Ends with a line feed. */
export function renderMarkdown(raw: RunResult): string {
  const result = clean(raw);
  const views = variantViews(result);
  const blocks = [
    [`### ${escaped(headline(result))}`],
    status(result, severalLines(raw.error?.hint ?? "")),
    table(views, views.some(({ metrics }) => metrics !== null) ? figureRows(views) : []),
    ...spread(views),
    views.map((view) => `- **${escaped(view.name)}**: ${escaped(explain(view).join(" "))}`),
    expectations(result),
    doubts(result).map((text) => `- ⚠️ ${escaped(text)}`),
    [`<sub>${escaped([when(result), ...circumstances(result, views)].join(" · "))}</sub>`],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return filled.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

/** Text as it is, whatever of it would be markup: pipes end no cell, angle brackets open no tag. */
export function escaped(text: string): string {
  return (
    text
      .replaceAll(/[\\`*{}[\]|~#$@]/gu, String.raw`\$&`)
      // An underscore inside a word is no markup in GitHub's Markdown, and TIME_WAIT reads better without.
      .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
  );
}

function status(result: RunResult, hint: readonly string[]): string[] {
  const text = statusLine(result);
  if (text === null) return [];
  const lines = hint.filter((line) => line.trim() !== "").map(escaped);
  return [`> **${escaped(text)}**`, ...(lines.length === 0 ? [] : [">", `> ${lines.join("<br>")}`])];
}

/** Only of several trials. */
function spread(views: readonly VariantView[]): string[][] {
  const found = spreadOf(views);
  return found === null || found.rows.length === 0 ? [] : [[escaped(found.title)], table(views, found.rows)];
}

function table(views: readonly VariantView[], rows: readonly FigureRow[]): string[] {
  if (rows.length === 0) return [];
  const names = views.map((view) => escaped(view.name) + (view.basis === "so far" ? " (so far)" : ""));
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row(["", ...names]),
    row(["---", ...views.map(() => "---:")]),
    ...rows.map(({ group, label, cells, strong }) =>
      row([
        escaped(`${group} ${label}`.trimEnd()),
        ...cells.map((lines, i) => {
          const text = lines.map(escaped).join("<br>");
          return strong?.[i] === true ? `**${text}**` : text;
        }),
      ]),
    ),
  ];
}

function expectations(result: RunResult): string[] {
  const open = notJudged(result);
  if (open !== null) return [escaped(open)];
  return result.expectations.map((expectation) => {
    const verdict = expectation.holds ? "✅ holds" : "❌ **FAILS**";
    return `- ${verdict}: ${escaped(expectation.text)} (${escaped(measuredText(expectation))})`;
  });
}

function doubts(result: RunResult): string[] {
  return [...unbalancedBooks(result).map((text) => `books do not balance: ${text}`), ...warningTexts(result)];
}
