import { toldDifference } from "../audit/audit.js";
import type { Audit, ProgramAudit, SituationAudit } from "../audit/types.js";
import { inMarkdown } from "../text/escapes.js";
import { inJson } from "../text/printable.js";
import { displayWidth, fit, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";
import { sayInAudit } from "../words/audit.js";
import { failure } from "../words/failures.js";
import { overviewHeads, overviewRows } from "./audit-overview.js";
import { auditRows, situationTitle } from "./audit-rows.js";
import { type Paint, painter } from "./paint.js";
import type { TerminalOptions } from "./terminal.js";

/** What programs say, held against what was counted. Several of them in one table first. Ends with a line feed. */
export function renderAudit(
  audit: Audit,
  format: "terminal" | "json" | "markdown",
  { width, color }: TerminalOptions,
): string {
  switch (format) {
    case "json":
      return `${inJson(JSON.stringify(audit, null, 1))}\n`;
    case "terminal": {
      const paint = painter(color);
      return `${[...overview(audit, width, paint), ...audit.programs.map((one) => terminal(one, width, paint))].join("\n\n")}\n`;
    }
    case "markdown":
      return `${[...overviewInMarkdown(audit), ...audit.programs.map(markdown)].join("\n\n")}\n`;
  }
}

function overview(audit: Audit, width: number, paint: Paint): string[] {
  if (audit.programs.length < 2) return [];
  const lines = columns([overviewHeads(), ...overviewRows(audit)], width);
  return [
    [
      paint("bold", sayInAudit("audit-several")),
      "",
      ...lines,
      ...wrap(sayInAudit("audit-legend"), width).map((text) => paint("dim", text)),
    ].join("\n"),
  ];
}

function overviewInMarkdown(audit: Audit): string[] {
  return audit.programs.length < 2 ? [] : [`### ${sayInAudit("audit-several")}`, overviewTable(audit)];
}

/** The table alone, with its legend. */
export function overviewTable(audit: Audit): string {
  return [...tableInMarkdown(overviewHeads(), overviewRows(audit)), "", sayInAudit("audit-legend")].join("\n");
}

function terminal(program: ProgramAudit, width: number, paint: Paint): string {
  const lines = [
    paint("bold", fit(sayInAudit("audit-of", { name: program.name }), width)),
    ...remarks(program).flatMap((remark) => wrap(remark, width, 2)),
  ];
  for (const one of program.situations) {
    lines.push("", paint("bold", fit(situationTitle(one, program), width)));
    const { figures } = one;
    if (figures === null) lines.push(...wrap(whyNot(one), width, 2));
    else lines.push(...columns([heads(program), ...auditRows(figures)], width));
    for (const difference of one.differences)
      lines.push(
        ...wrap(`→ ${toldDifference(difference, program.program)}`, width, 2).map((line) => paint("yellow", line)),
      );
  }
  return lines.join("\n");
}

function heads({ program }: ProgramAudit): string[] {
  return ["", sayInAudit("audit-says", { program }), sayInAudit("audit-server"), sayInAudit("audit-kernels")];
}

function remarks({ command, isRead }: ProgramAudit): string[] {
  return [
    ...(command === null ? [] : [sayInAudit("audit-command", { command })]),
    ...(isRead ? [] : [sayInAudit("audit-not-read")]),
  ];
}

function whyNot({ error }: SituationAudit): string {
  return error === null ? sayInAudit("audit-not-measured") : `${failure(error)}. ${error.hint}`;
}

function markdown(program: ProgramAudit): string {
  const blocks = program.situations.map((one) => {
    const { figures, differences } = one;
    const table = figures === null ? [inMarkdown(whyNot(one))] : tableInMarkdown(heads(program), auditRows(figures));
    const sentences = differences.map((difference) => `- ${inMarkdown(toldDifference(difference, program.program))}`);
    return [
      `**${inMarkdown(situationTitle(one, program))}**`,
      "",
      ...table,
      ...(sentences.length === 0 ? [] : ["", ...sentences]),
    ].join("\n");
  });
  return [
    `### ${inMarkdown(sayInAudit("audit-of", { name: program.name }))}`,
    ...remarks(program).map(inMarkdown),
    ...blocks,
  ].join("\n\n");
}

function tableInMarkdown(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const escaped = (cells: readonly string[]): string => line(cells.map(inMarkdown));
  return [escaped(head), line(head.map(() => "---")), ...rows.map(escaped)];
}

function columns(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => displayWidth(row[at]!))));
  return rows.map((row) =>
    fit(
      row
        .map((cell, at) => padRight(cell, widths[at]!))
        .join("  ")
        .trimEnd(),
      width,
    ),
  );
}
