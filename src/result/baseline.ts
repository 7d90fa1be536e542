import type { RunResult, Trial } from "./types.js";

/**
 * A result as a file that people commit: what a comparison judges by, trial by trial, and where it was measured. Timelines,
 * histograms, kernel readings and books are left out. It is a result itself, so that whatever reads one reads it.
 */
export function baselineOf(result: RunResult): RunResult {
  return {
    ...result,
    variants: Object.fromEntries(
      Object.entries(result.variants).map(([name, variant]) => [
        name,
        { ...variant, trials: variant.trials.map(slim) },
      ]),
    ),
    // They name a trial's figures, and every run has others.
    warnings: result.warnings.filter(({ code }) => code !== "books-unbalanced"),
  };
}

function slim(trial: Trial): Trial {
  return {
    ...trial,
    histograms: { latencyUs: null, uncorrectedLatencyUs: null, connectUs: null, firstByteUs: null },
    timeline: { client: null, server: null, load: { atMs: [], perSec: [], p50Us: [], p99Us: [] } },
    kernel: { client: null, server: null },
    books: [],
  };
}
