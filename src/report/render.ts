import type { RunResult } from "../result/types.js";
import { isClaim } from "./claims.js";
import { renderClaimsMarkdown } from "./claims-markdown.js";
import { renderClaimsTerminal } from "./claims-terminal.js";
import { renderCsv } from "./csv.js";
import { renderJson } from "./json.js";
import { renderMarkdown } from "./markdown.js";
import { renderJunit } from "./run-junit.js";
import { type TerminalOptions, renderTerminal } from "./terminal.js";

export const REPORT_FORMATS = ["terminal", "json", "markdown", "junit", "csv"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/**
 * One result or several, one after another; of several, claims come last, in one table for all of them. JSON of one is the document itself, of several a RunResultSet. Ends with a
 * line feed. Throws nothing for a result of the right shape, however little of it was measured.
 */
export function render(results: readonly RunResult[], format: ReportFormat, options: TerminalOptions): string {
  const claims = results.length > 1 ? results.filter(isClaim) : [];
  const whole = results.filter((result) => !claims.includes(result));
  switch (format) {
    case "terminal":
      return [
        ...whole.map((result) => renderTerminal(result, options)),
        ...(claims.length === 0 ? [] : [renderClaimsTerminal(claims, options)]),
      ].join("\n\n");
    case "markdown":
      return [...whole.map(renderMarkdown), ...(claims.length === 0 ? [] : [renderClaimsMarkdown(claims)])].join("\n");
    case "junit":
      return renderJunit(results);
    case "csv":
      return renderCsv(results);
    case "json": {
      const [first] = results;
      return renderJson(
        first !== undefined && results.length === 1 ? first : { schemaVersion: 2, results: [...results] },
      );
    }
  }
}
