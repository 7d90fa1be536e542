import { metricAt } from "../metrics/names.js";
import { share } from "../text/figures.js";
import { sayCompared as say } from "../words/comparison.js";
import type { Side } from "./sides.js";
import { middle } from "./structural.js";
import type { MetricComparison } from "./types.js";

const ROLES = ["client", "server"] as const;
/** Between the shares of both sides. On a quiet machine two runs of one load differed by 0.15 at most. */
const ONE_SIDED = 0.25;

/**
 * Why how fast it went cannot be told: on one side alone a process waited for a processor. null where none did, or both
 * sides did alike, which the pairs take out.
 */
export function oneSidedStarvation(base: Side, head: Side): string | null {
  for (const role of ROLES) {
    const [b, h] = [base, head].map(({ trials }) =>
      middle(trials.map((trial) => metricAt(trial, `cpu.${role}.waitShare`))),
    ) as [number | null, number | null];
    if (b === null || h === null || Math.abs(h - b) < ONE_SIDED) continue;
    const [side, more, less] = h > b ? ["head", h, b] : ["base", b, h];
    return say(`${role}-starved`, { side, more: share(more), less: share(less) });
  }
  return null;
}

/** How much processor time it took does not depend on when it came. */
export function doubted(comparison: MetricComparison, why: string | null): MetricComparison {
  if (why === null || comparison.metric.startsWith("cpu.")) return comparison;
  return { ...comparison, verdict: "unclear", reason: why };
}
