import { inJson } from "../text/printable.js";
import type { Comparison } from "../compare/types.js";
import type { RunResult, RunResultSet } from "../result/types.js";

type Document = RunResult | RunResultSet | Comparison | { schemaVersion: 1; comparisons: Comparison[] };

/** The document itself, indented; ends with a line feed. */
export function renderJson(document: Document): string {
  return `${inJson(JSON.stringify(document, null, 2))}\n`;
}
