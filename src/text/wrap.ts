import { displayWidth, headOf } from "./width.js";

/** Spaces, but not those between a figure and its unit. */
const BREAK = / +(?!(?<=\d )(?:[mµ]?s|min|h|%)(?![\p{L}\d]))/u;

const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}`;
/** No line begins with these (JIS X 4051, CLREQ 3.1.1), and none ends with the others. */
const CLOSING = "，。、；：！？）」』】〉》ー々…";
const OPENING = "（「『【〈《";
/** Chinese and Japanese have no spaces: a line may end after, or before, each character. */
const CJK_BREAK = new RegExp(`(?<=[${CJK}${CLOSING}])(?![${CLOSING}])|(?<![${OPENING}])(?=[${CJK}${OPENING}])`, "u");

/**
 * Lines of at most `width` columns, broken at spaces and between Chinese or Japanese characters, and within a word where
 * it is longer than a line. Lines after the first are indented. For plain text without colour.
 */
export function wrap(text: string, width: number, indent = 0): string[] {
  const lines: string[] = [];
  let line = "";
  const room = (): number => Math.max(2, lines.length === 0 ? width : width - indent);
  const flush = (): void => {
    lines.push(lines.length === 0 ? line : " ".repeat(indent) + line);
    line = "";
  };
  for (const { piece, space } of piecesOf(text)) {
    let rest = piece;
    if (line !== "" && displayWidth(line + space + rest) > room()) flush();
    while (displayWidth(rest) > room()) {
      line = headOf(rest, room());
      rest = rest.slice(line.length);
      flush();
    }
    line = line === "" ? rest : line + space + rest;
  }
  if (line !== "" || lines.length === 0) flush();
  return lines;
}

/** What no line is broken in, with what stands before it unless a line begins there. */
function piecesOf(text: string): { piece: string; space: string }[] {
  const words = text.split(BREAK).filter((word) => word !== "");
  return words.flatMap((word) => word.split(CJK_BREAK).map((piece, at) => ({ piece, space: at === 0 ? " " : "" })));
}

/** Facts separated by dots, never broken inside one that fits a line. */
export function wrapFacts(facts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const fact of facts.flatMap((text) => wrap(text, width))) {
    const longer = line === "" ? fact : `${line} · ${fact}`;
    if (line !== "" && displayWidth(longer) > width) {
      lines.push(line);
      line = fact;
    } else line = longer;
  }
  return [...lines, line].filter((text) => text !== "");
}
