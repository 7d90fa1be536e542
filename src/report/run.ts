import type { Comparison } from "../compare/types.js";
import type { RunResult } from "../result/types.js";
import { comparisonSuites } from "./comparison-junit.js";
import { renderComparisons } from "./comparison.js";
import { junitOf } from "./junit.js";
import { render, type ReportFormat } from "./render.js";
import { runSuites } from "./run-junit.js";
import type { TerminalOptions } from "./terminal.js";

/**
 * What a run says at its end: its report, and below it what the comparison of its two sides says, if it had two. In JSON
 * each result has that as `comparison`.
 * @param comparisons one for each result, null for one that could not be compared; null: the run had no sides
 */
export function renderRun(
  results: readonly RunResult[],
  comparisons: readonly (Comparison | null)[] | null,
  format: ReportFormat,
  options: TerminalOptions,
): string {
  if (comparisons === null) return render(results, format, options);
  const known = comparisons.filter((comparison) => comparison !== null);
  switch (format) {
    case "json":
      return render(
        results.map((result, index) => Object.assign({ ...result }, { comparison: comparisons[index] ?? null })),
        format,
        options,
      );
    case "junit":
      return junitOf("bench run", [...runSuites(results), ...comparisonSuites(known)]);
    // Base and head are variants there.
    case "csv":
      return render(results, format, options);
    case "terminal":
    case "markdown": {
      const report = render(results, format, options);
      if (known.length === 0) return report;
      return `${report}\n${format === "terminal" ? "\n" : ""}${renderComparisons(known, format, options)}`;
    }
  }
}
