import { displayWidth, headOf } from "./width.js";

/** Spaces, but not those between a figure and its unit. */
const BREAK = / +(?!(?<=\d )(?:[mµ]?s|min|h|%)(?![\p{L}\d]))/u;

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
      line = headOf(rest, room());
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
