import type { Comparison, GateResult, Judgement } from "../compare/types.js";
import { printableDocument } from "../text/printable.js";
import { sayCompared as say } from "../words/comparison.js";
import {
  type ComparisonRow,
  comparisonRows,
  factsOf,
  gateText,
  grouped,
  remarkable,
  remarkText,
  verdictText,
} from "./comparison-rows.js";
import { marked } from "./marked.js";
import { type Paint, painter, type Style } from "./paint.js";
import type { TerminalOptions } from "./terminal.js";
import { displayWidth, fit, padLeft, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";

const NARROWEST = 40;
const WIDEST = 120;
const GAP = 2;
const LEAST_NAME = 12;

const STYLE: Record<Judgement, Style> = { worse: ["bold", "red"], unclear: "yellow", better: "green", same: "dim" };
const GATE_STYLE: Record<GateResult["outcome"], Style> = { breaks: ["bold", "red"], unclear: "yellow", holds: "green" };

/** A comparison for the eye: the verdict in plain words first. Ends with a line feed. */
export function renderComparisonTerminal(raw: Comparison, options: TerminalOptions): string {
  const width = Math.max(NARROWEST, Math.min(WIDEST, Math.floor(options.width)));
  const paint = painter(options.color);
  const comparison = printableDocument(raw);
  const { summary, verdict, variants, gates, notes } = comparison;
  const sections = [
    [
      ...wrap(summary, width, 2).map((line) => paint(verdict === "same" ? "green" : STYLE[verdict], line)),
      ...wrap(factsOf(comparison).join(" · "), width).map((line) => paint("dim", line)),
    ],
    ...variants.map((variant) => table(variant.name, comparisonRows(variant), width, paint)),
    gates.flatMap((gate) => gateLines(gate, variants.length > 1, width, paint)),
    reasons(comparison, width, paint),
    notes.flatMap((note) => marked(say("note"), "cyan", note, width, paint)),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  return filled.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

type Column = Exclude<keyof ComparisonRow, "of" | "metric">;

/** The interval stands in the reasons too: where the terminal is narrow, only there. */
function table(name: string, rows: readonly ComparisonRow[], width: number, paint: Paint): string[] {
  const heads: Record<Column, string> = {
    base: "base",
    head: "head",
    change: say("change"),
    interval: say("interval-short"),
    verdict: say("verdict"),
  };
  const widthOf = (column: Column): number =>
    Math.max(displayWidth(heads[column]), ...rows.map((row) => displayWidth(row[column])));
  const all: readonly Column[] = ["base", "head", "change", "interval", "verdict"];
  const widest = Math.max(displayWidth(name), ...rows.map(({ metric }) => displayWidth(metric)));
  const taken = (columns: readonly Column[]): number => columns.reduce((sum, column) => sum + GAP + widthOf(column), 0);
  const withInterval = rows.some(({ interval }) => interval !== "") && widest + taken(all) <= width;
  const columns = withInterval ? all : all.filter((column) => column !== "interval");
  const nameWidth = Math.max(LEAST_NAME, Math.min(widest, width - taken(columns)));
  const cells = (of: (column: Column) => string): string =>
    columns.map((column) => padLeft(of(column), widthOf(column) + GAP)).join("");
  const head = fit(padRight(fit(name, nameWidth), nameWidth) + cells((column) => heads[column]), width);
  return [
    paint("bold", head),
    ...rows.map((row) => {
      const line = fit(padRight(fit(row.metric, nameWidth), nameWidth) + cells((column) => row[column]), width);
      return row.of.verdict === "same" || !row.of.judged ? line : paint(STYLE[row.of.verdict], line);
    }),
  ];
}

function gateLines(gate: GateResult, several: boolean, width: number, paint: Paint): string[] {
  const { outcome } = gate;
  const mark = say(outcome === "breaks" ? "BREAKS" : outcome);
  return marked(mark, GATE_STYLE[outcome], gateText(gate, several), width, paint);
}

function reasons(comparison: Comparison, width: number, paint: Paint): string[] {
  const several = comparison.variants.length > 1;
  return grouped(remarkable(comparison), several).flatMap(({ names, metric }) => {
    const style = metric.judged ? STYLE[metric.verdict] : "dim";
    return marked(verdictText(metric), style, remarkText(names, metric), width, paint);
  });
}
