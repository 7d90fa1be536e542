import { newHistogram, recordMs } from "../stats/histogram.js";
import type { LoadReport } from "./types.js";

export const INTERVAL_MS = 100;

/** Successes by intervals of 100 ms on a fixed grid that begins with the load. */
export class LoadTimeline {
  readonly #startMs: number;
  readonly #interval = newHistogram();
  readonly #columns: LoadReport["timeline"] = { atMs: [], perSec: [], p50Us: [], p99Us: [] };
  #count = 0;
  #intervalStartMs: number;

  constructor(startMs: number) {
    this.#startMs = startMs;
    this.#intervalStartMs = startMs;
  }

  /** Times must not run backwards. */
  succeeded(atMs: number, latencyMs: number): void {
    this.#advance(atMs);
    this.#count++;
    recordMs(this.#interval, latencyMs);
  }

  /** The columns up to `endMs`. A last interval shorter than half would show noise as a rate: it is left out. */
  close(endMs: number): LoadReport["timeline"] {
    this.#advance(endMs);
    const restMs = endMs - this.#intervalStartMs;
    const only = this.#columns.atMs.length === 0;
    if (restMs >= INTERVAL_MS / 2 || (only && restMs > 0)) this.#push(endMs);
    return this.#columns;
  }

  #advance(atMs: number): void {
    // Intervals without a success are rows too: a stall has to be seen.
    while (atMs >= this.#intervalStartMs + INTERVAL_MS) this.#push(this.#intervalStartMs + INTERVAL_MS);
  }

  #push(endMs: number): void {
    const { atMs, perSec, p50Us, p99Us } = this.#columns;
    atMs.push(endMs - this.#startMs);
    perSec.push((this.#count * 1000) / (endMs - this.#intervalStartMs));
    p50Us.push(this.#count === 0 ? null : this.#interval.getValueAtPercentile(50));
    p99Us.push(this.#count === 0 ? null : this.#interval.getValueAtPercentile(99));
    if (this.#count > 0) this.#interval.reset();
    this.#count = 0;
    this.#intervalStartMs = endMs;
  }
}
