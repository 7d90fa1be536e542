import { LineCounter } from "yaml";
import { visible } from "../../text/printable.js";
import { displayWidth } from "../../text/width.js";

/** Positions in a text, and lines with a caret below them, as wide as a terminal draws them. */

const WIDEST = 100;
/** Shown of a cut line before the caret. */
const LEAD = 60;
export interface Position {
  line: number;
  col: number;
  sourceLine: string;
}

/** Line and column (from 1) of offsets in UTF-16 units; an offset behind the end is the end. */
export function positionsIn(text: string): (offset: number) => Position {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return (offset) => {
    const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
    const sourceLine = text.slice(lines.lineStarts[line - 1], lines.lineStarts[line]);
    return { line, col, sourceLine: sourceLine.replace(/\r?\n$/, "") };
  };
}

/** Unprintable characters become `�`, one for one, so that columns stay. */
function shown(text: string): string {
  return text.split("\t").map(visible).join("\t");
}

/** The line, cut around the caret if it is long, and a line with a caret under the column (from 1). */
export function caretLines(line: string, col: number): [string, string] {
  const at = Math.min(col - 1, line.length);
  const start = line.length <= WIDEST ? 0 : wholeCharacter(line, Math.max(0, at - LEAD));
  const end = line.length <= WIDEST ? line.length : wholeCharacter(line, Math.min(line.length, start + WIDEST));
  const head = start > 0 ? "…" : "";
  const tail = end < line.length ? "…" : "";
  const padding = Array.from(shown(head + line.slice(start, at)), blank).join("");
  return [head + shown(line.slice(start, end)) + tail, `${padding}^`];
}

/** As wide as the character; a tab stays one, so that both lines have it. */
function blank(character: string): string {
  return character === "\t" ? "\t" : " ".repeat(displayWidth(character));
}

/** Not between the two halves of one character. */
function wholeCharacter(line: string, at: number): number {
  return /[\u{dc00}-\u{dfff}]/u.test(line.charAt(at)) ? at - 1 : at;
}
