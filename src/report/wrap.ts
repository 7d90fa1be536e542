import { stripVTControlCharacters } from "node:util";

const ZERO_WIDTH = /[\p{Mn}\p{Me}]/gu;
// The blocks that Unicode's EastAsianWidth.txt marks W or F, coarsely, and what is drawn as an emoji by default.
const DOUBLE_WIDTH =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/gu;

/** Spaces, but not those between a figure and its unit. */
const BREAK = / +(?!(?<=\d )(?:[mµ]?s|min|h|%)(?![\p{L}\d]))/u;

/** How many columns of a terminal the text takes; colour takes none. */
export function displayWidth(text: string): number {
  const shown = stripVTControlCharacters(text).replaceAll(ZERO_WIDTH, "");
  return Array.from(shown).length + (shown.match(DOUBLE_WIDTH)?.length ?? 0);
}

export function padLeft(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

export function padRight(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** The text, cut to the width with `…` at the end where it is longer. For plain text without colour. */
export function fit(text: string, width: number): string {
  return displayWidth(text) <= width ? text : head(text, width - 1) + (width > 0 ? "…" : "");
}

/**
 * Lines of at most `width` columns, broken at spaces, and within a word where it is longer than a line. Lines after the
 * first are indented. For plain text without colour.
 */
export function wrap(text: string, width: number, indent = 0): string[] {
  const lines: string[] = [];
  let line = "";
  const room = (): number => Math.max(2, lines.length === 0 ? width : width - indent);
  const flush = (): void => {
    lines.push(lines.length === 0 ? line : " ".repeat(indent) + line);
    line = "";
  };
  for (const word of text.split(BREAK).filter((part) => part !== "")) {
    let rest = word;
    if (line !== "" && displayWidth(line) + 1 + displayWidth(rest) > room()) flush();
    while (displayWidth(rest) > room()) {
      line = head(rest, room());
      rest = rest.slice(line.length);
      flush();
    }
    line = line === "" ? rest : `${line} ${rest}`;
  }
  if (line !== "" || lines.length === 0) flush();
  return lines;
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

/** As many characters from the start as fit. */
function head(text: string, width: number): string {
  let out = "";
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) break;
    out += character;
  }
  return out;
}
