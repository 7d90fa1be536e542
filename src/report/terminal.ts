import type { RunResult } from "../result/types.js";
import { claimSection } from "./claim-section.js";
import { renderCharts } from "./charts.js";
import { printableDocument, printableLines } from "../text/printable.js";
import { figureRows } from "./figures.js";
import { circumstances, headline, statusLine, when } from "./header.js";
import {
  findingTexts,
  heldText,
  notJudged,
  paragraphs,
  paragraphText,
  unbalancedBooks,
  warningTexts,
} from "./judgements.js";
import { renderLinks } from "./links-table.js";
import { marked } from "./marked.js";
import { type Paint, type Style, painter } from "./paint.js";
import { phaseRows } from "./phase-rows.js";
import { spreadOf } from "./spread.js";
import { renderTable } from "./table.js";
import { hasSteps, type VariantView, variantViews, wasLoaded } from "./view.js";
import { displayWidth, padRight } from "../text/width.js";
import { wrap, wrapFacts } from "../text/wrap.js";
import { told } from "../told.js";
import { say } from "../words/say.js";

export interface TerminalOptions {
  /** Columns of the terminal. No line is longer, down to 40; above 120 the report does not get wider. */
  width: number;
  color: boolean;
}

const NARROWEST = 40;
const WIDEST = 120;

/** A result for the eye, on one screen where two variants fit it. Ends with a line feed. */
export function renderTerminal(raw: RunResult, options: TerminalOptions): string {
  const width = widthOf(options);
  const paint = painter(options.color);
  const result = told(printableDocument(raw));
  const views = variantViews(result);
  const [loaded, inSteps] = [views.filter(wasLoaded), views.filter(hasSteps)];
  const sections = [
    header(result, views, width, paint),
    status(result, raw.error?.hint ?? "", width, paint),
    claimSection(result, width, paint),
    findingTexts(result, "problem").flatMap((text) => marked(say("problem"), ["bold", "red"], text, width, paint)),
    // No empty line between them: the charts begin with rules, and every line counts towards one screen.
    [...table(loaded, width, paint), ...renderCharts(loaded, width, paint)],
    spread(loaded, width, paint),
    renderLinks(views, width, paint),
    steps(inSteps, result, width, paint),
    explanation(result, width, paint),
    expectations(result, width, paint),
    warnings(result, width, paint),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  return filled.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

export function widthOf({ width }: TerminalOptions): number {
  return Math.max(NARROWEST, Math.min(WIDEST, Math.floor(width)));
}

function header(result: RunResult, views: readonly VariantView[], width: number, paint: Paint): string[] {
  const title = wrap(headline(result), width, 2);
  const date = when(result);
  const first = title[0] ?? "";
  const fits = title.length === 1 && displayWidth(first) + 2 + displayWidth(date) <= width;
  const facts = [...(fits ? [] : [date]), ...circumstances(result, views)];
  const head = fits ? [paint("bold", padRight(first, width - displayWidth(date))) + paint("dim", date)] : title;
  return [
    ...(fits ? head : head.map((line) => paint("bold", line))),
    ...wrapFacts(facts, width).map((line) => paint("dim", line)),
  ];
}

function status(result: RunResult, rawHint: string, width: number, paint: Paint): string[] {
  const text = statusLine(result);
  if (text === null) return [];
  const style: Style = result.status === "failed" ? ["bold", "red"] : ["bold", "yellow"];
  const hint = result.error === undefined ? [] : printableLines(rawHint).flatMap((line) => hintLines(line, width));
  return [...wrap(text, width, 2).map((line) => paint(style, line)), ...hint];
}

/** A hint may show a command: its indent stays. */
function hintLines(line: string, width: number): string[] {
  const indent = Math.min(2 + (/^ */u.exec(line)?.[0].length ?? 0), 8);
  return line.trim() === "" ? [] : wrap(line, width - indent).map((part) => " ".repeat(indent) + part);
}

/** No table of dashes for a run that measured nothing. */
function table(views: readonly VariantView[], width: number, paint: Paint): string[] {
  return views.some(({ metrics }) => metrics !== null) ? renderTable(views, figureRows(views), width, paint) : [];
}

function steps(views: readonly VariantView[], result: RunResult, width: number, paint: Paint): string[] {
  const rows = phaseRows(views, result);
  return rows.length === 0 ? [] : renderTable(views, rows, width, paint);
}

/** Only of several trials. */
function spread(views: readonly VariantView[], width: number, paint: Paint): string[] {
  const found = spreadOf(views);
  if (found === null || found.rows.length === 0) return [];
  return [
    ...wrap(found.title, width).map((line) => paint("dim", line)),
    ...renderTable(views, found.rows, width, paint),
  ];
}

function explanation(result: RunResult, width: number, paint: Paint): string[] {
  return paragraphs(result).flatMap((one) => {
    const name = say("colon", { mark: one.title, text: "" });
    const lines = wrap(name + paragraphText(one), width, 2);
    return lines.map((line, at) =>
      at === 0 && line.startsWith(name) ? paint("bold", name) + line.slice(name.length) : line,
    );
  });
}

function expectations(result: RunResult, width: number, paint: Paint): string[] {
  const open = notJudged(result);
  if (open !== null) return wrap(open, width, 2);
  return result.expectations.flatMap((expectation) => {
    const { holds } = expectation;
    return marked(
      say(holds ? "holds" : "fails"),
      holds ? "green" : ["bold", "red"],
      heldText(expectation),
      width,
      paint,
    );
  });
}

function warnings(result: RunResult, width: number, paint: Paint): string[] {
  const books = unbalancedBooks(result).map((text) => [say("books-differ"), text] as const);
  const others = warningTexts(result).map((text) => [say("warning"), text] as const);
  const notices = findingTexts(result, "notice").map((text) => [say("notice"), text] as const);
  return [...notices, ...books, ...others].flatMap(([mark, text]) => marked(mark, "yellow", text, width, paint));
}
