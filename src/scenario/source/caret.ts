import { LineCounter } from "yaml";

/** Positions in a text, and lines with a caret below them, as wide as a terminal draws them. */

const WIDEST = 100;
/** Shown of a cut line before the caret. */
const LEAD = 60;
/** Control and format characters, line separators, halves of characters: a terminal would obey or swallow them. */
const UNPRINTABLE = /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Two columns in a terminal: East Asian wide and full-width characters (UAX 11), and emoji. */
const WIDE =
  /[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const COMBINING = /[\p{Mn}\p{Me}]/u;

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

/** Nothing in it moves a terminal's cursor. Newlines become spaces. */
export function printable(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ").replaceAll(UNPRINTABLE, "\u{fffd}");
}

/** The line, cut around the caret if it is long, and a line with a caret under the column (from 1). */
export function caretLines(line: string, col: number): [string, string] {
  const at = Math.min(col - 1, line.length);
  const start = line.length <= WIDEST ? 0 : wholeCharacter(line, Math.max(0, at - LEAD));
  const end = line.length <= WIDEST ? line.length : wholeCharacter(line, Math.min(line.length, start + WIDEST));
  const head = start > 0 ? "…" : "";
  const tail = end < line.length ? "…" : "";
  const padding = Array.from(printable(head + line.slice(start, at)), blank).join("");
  return [head + printable(line.slice(start, end)) + tail, `${padding}^`];
}

/** As wide as the character; a tab stays one, so that both lines have it. */
function blank(character: string): string {
  if (character === "\t") return "\t";
  if (COMBINING.test(character)) return "";
  return WIDE.test(character) ? "  " : " ";
}

/** Not between the two halves of one character. */
function wholeCharacter(line: string, at: number): number {
  return /[\u{dc00}-\u{dfff}]/u.test(line.charAt(at)) ? at - 1 : at;
}
