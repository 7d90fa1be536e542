import type { FigureRow } from "./figures.js";
import { type Paint, SIDE_STYLE } from "./paint.js";
import { displayWidth, fit, padLeft, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";
import { say } from "../words/say.js";
import type { VariantView } from "./view.js";

/** `Failed connect EADDRNOTAVAIL` */
const MAX_LABEL = 28;
const LEAST_LABEL = 16;
/** A name wider than this is broken over several lines, so that it does not widen its column without need. */
const MAX_NAME = 20;
const GAP = 2;
const MAX_GAP = 4;

/** The variants side by side; as many as fit the width, then the next ones in a block below. */
export function renderTable(
  views: readonly VariantView[],
  rows: readonly FigureRow[],
  width: number,
  paint: Paint,
): string[] {
  const labels = labelsOf(rows);
  const widest = widestCell(views, rows);
  const labelRoom = Math.max(LEAST_LABEL, width - GAP - widest);
  const labelWidth = Math.min(MAX_LABEL, labelRoom, Math.max(...labels.map(displayWidth)));
  const room = width - labelWidth - GAP;
  const columnWidth = Math.min(room, widest);
  const perBlock = Math.max(1, Math.floor((room + GAP) / (columnWidth + GAP)));
  const gap = Math.max(GAP, Math.min(MAX_GAP, Math.floor((width - labelWidth) / perBlock) - columnWidth));
  const lines: string[] = [];
  for (let first = 0; first < views.length; first += perBlock) {
    if (first > 0) lines.push("");
    const block = Array.from({ length: Math.min(perBlock, views.length - first) }, (_, i) => first + i);
    lines.push(...heads(views, block, labelWidth, columnWidth, gap, paint));
    rows.forEach((row, r) => {
      const tall = Math.max(...block.map((i) => row.cells[i]?.length ?? 0));
      for (let line = 0; line < tall; line++) {
        const label = line === 0 ? fit(labels[r] ?? "", labelWidth) : "";
        const cells = block.map((i) => {
          const cell = padLeft(fit(row.cells[i]?.[line] ?? "", columnWidth), columnWidth + gap);
          return row.strong?.[i] === true ? paint(["bold", SIDE_STYLE[row.side ?? "server"]], cell) : cell;
        });
        lines.push((padRight(label, labelWidth) + cells.join("")).trimEnd());
      }
    });
  }
  return lines;
}

/** `TIME_WAIT server created`, and below it `                 peak`. */
function labelsOf(rows: readonly FigureRow[]): string[] {
  return rows.map(({ group, label }, i) => {
    const repeated = rows[i - 1]?.group === group && label !== "";
    return `${repeated ? " ".repeat(displayWidth(group)) : group} ${label}`.trimEnd();
  });
}

function nameLines(view: VariantView): string[] {
  const lines = wrap(view.name, MAX_NAME);
  if (view.basis === "so far") return [...lines, say("so-far")];
  return view.basis === "none" ? [...lines, say("not-measured")] : lines;
}

function widestCell(views: readonly VariantView[], rows: readonly FigureRow[]): number {
  const cells = rows.flatMap((row) => row.cells.flat());
  return Math.max(...cells.map(displayWidth), ...views.flatMap(nameLines).map(displayWidth));
}

function heads(
  views: readonly VariantView[],
  block: readonly number[],
  labelWidth: number,
  columnWidth: number,
  gap: number,
  paint: Paint,
): string[] {
  const names = block.map((i) => nameLines(views[i]!));
  const tall = Math.max(...names.map((lines) => lines.length));
  return Array.from({ length: tall }, (_, line) => {
    // Names stand on the table: a short one next to a broken one is on its last line.
    const cells = names.map((lines) =>
      padLeft(fit(lines[line - tall + lines.length] ?? "", columnWidth), columnWidth + gap),
    );
    return " ".repeat(labelWidth) + paint("bold", cells.join(""));
  });
}
