import { monotonicMs } from "../../kernel/clock.js";
import type { LoadCountsSoFar, LoadProgress, LoadReport } from "../types.js";

/** How a load gets on, by its counts up to now. */
export class ProgressMeter {
  #startMs: number | null = null;
  #shown = { atMs: 0, succeeded: 0 };

  begin(atMs: number): void {
    this.#startMs = atMs;
    this.#shown.atMs = atMs;
  }

  /** `perSec` is what succeeded since the last call. @param rows of the timeline, those that are new since then */
  read(counts: LoadCountsSoFar, rows: LoadReport["timeline"], nowMs = monotonicMs()): LoadProgress {
    if (this.#startMs === null) return { elapsedMs: 0, ...counts, perSec: 0, rows };
    const sinceMs = nowMs - this.#shown.atMs;
    const perSec = sinceMs > 0 ? ((counts.succeeded - this.#shown.succeeded) * 1000) / sinceMs : 0;
    this.#shown = { atMs: nowMs, succeeded: counts.succeeded };
    return { elapsedMs: nowMs - this.#startMs, ...counts, perSec, rows };
  }
}
