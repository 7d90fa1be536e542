import type { Comparison } from "../compare/types.js";
import { renderComparisonCsv } from "./comparison-csv.js";
import { renderComparisonJunit } from "./comparison-junit.js";
import { renderComparisonMarkdown } from "./comparison-markdown.js";
import { renderComparisonTerminal } from "./comparison-terminal.js";
import { renderJson } from "./json.js";
import type { TerminalOptions } from "./terminal.js";

export const COMPARISON_FORMATS = ["terminal", "markdown", "junit", "json", "csv"] as const;
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];

/** One comparison or several, one after another, where the format allows no more than one in one document. */
export function renderComparisons(
  comparisons: readonly Comparison[],
  format: ComparisonFormat,
  options: TerminalOptions,
): string {
  switch (format) {
    case "terminal":
      return comparisons.map((comparison) => renderComparisonTerminal(comparison, options)).join("\n\n");
    case "markdown":
      return comparisons.map(renderComparisonMarkdown).join("\n");
    case "junit":
      return renderComparisonJunit(comparisons);
    case "csv":
      return renderComparisonCsv(comparisons);
    case "json": {
      const [first] = comparisons;
      return renderJson(
        first !== undefined && comparisons.length === 1 ? first : { schemaVersion: 1, comparisons: [...comparisons] },
      );
    }
  }
}
