import type { RunResult } from "../result/types.js";
import { renderJson } from "./json.js";
import { renderMarkdown } from "./markdown.js";
import { type TerminalOptions, renderTerminal } from "./terminal.js";

export const REPORT_FORMATS = ["terminal", "json", "markdown"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/**
 * One result or several, one after another. JSON of one is the document itself, of several a RunResultSet. Ends with a
 * line feed. Throws nothing for a result of the right shape, however little of it was measured.
 */
export function render(results: readonly RunResult[], format: ReportFormat, options: TerminalOptions): string {
  switch (format) {
    case "terminal":
      return results.map((result) => renderTerminal(result, options)).join("\n\n");
    case "markdown":
      return results.map(renderMarkdown).join("\n");
    case "json": {
      const [first] = results;
      return renderJson(
        first !== undefined && results.length === 1 ? first : { schemaVersion: 1, results: [...results] },
      );
    }
  }
}
