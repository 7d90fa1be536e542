import { count, decimal, micros, share, span } from "../../text/figures.js";
import type { Unit } from "../types.js";

/** How a figure on an axis, in a table and under the crosshair is written. */
export const TEXT_OF: Readonly<Record<Unit, (value: number | null) => string>> = {
  count,
  perSec: decimal,
  share,
  us: micros,
  ms: (ms) => (ms === null || ms < 1_000 || ms >= 60_000 ? span(ms) : `${(ms / 1_000).toFixed(2)} s`),
  percentile: (nines) => (nines === null ? "" : percentileText(nines)),
};

/** `p50`, `p99.9`: from −log10(1 − p). */
function percentileText(nines: number): string {
  const percent = 100 * (1 - 10 ** -nines);
  return `p${Number(percent.toFixed(Math.max(0, Math.ceil(nines) - 1)))}`;
}
