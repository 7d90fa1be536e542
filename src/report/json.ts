import type { Comparison } from "../compare/types.js";
import type { RunResult, RunResultSet } from "../result/types.js";

type Document = RunResult | RunResultSet | Comparison | { schemaVersion: 1; comparisons: Comparison[] };

// DEL, C1 controls and invisible direction marks are legal in JSON but not harmless on a terminal; escaped they are
// the same document.
const NOT_FOR_A_TERMINAL = /[\u007F-\u009F\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The document itself, indented; ends with a line feed. */
export function renderJson(document: Document): string {
  const text = JSON.stringify(document, null, 2);
  return `${text.replaceAll(NOT_FOR_A_TERMINAL, escaped)}\n`;
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}
