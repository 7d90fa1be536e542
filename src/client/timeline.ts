import { newHistogram, recordMs } from "../stats/histogram.js";
import type { LoadReport } from "./types.js";

export const INTERVAL_MS = 100;

/** Successes by intervals of 100 ms on a fixed grid that begins with the load. */
export class LoadTimeline {
  readonly #startMs: number;
  readonly #interval = newHistogram();
  readonly #columns: LoadReport["timeline"] = { atMs: [], perSec: [], p50Us: [], p99Us: [] };
  /** Successes in the interval that is open. */
  #count = 0;

  constructor(startMs: number) {
    this.#startMs = startMs;
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
    const closed = this.#columns.atMs.length;
    const restMs = Math.round((endMs - this.#startMs - closed * INTERVAL_MS) * 10) / 10;
    if (restMs >= INTERVAL_MS / 2 || (closed === 0 && restMs > 0)) this.#push(restMs);
    return this.#columns;
  }

  /** Intervals without a success are rows too: a stall has to be seen. */
  #advance(atMs: number): void {
    while (atMs >= this.#startMs + (this.#columns.atMs.length + 1) * INTERVAL_MS) this.#push(INTERVAL_MS);
  }

  #push(lengthMs: number): void {
    const { atMs, perSec, p50Us, p99Us } = this.#columns;
    atMs.push(atMs.length * INTERVAL_MS + lengthMs);
    perSec.push(Math.round((this.#count * 10_000) / lengthMs) / 10);
    p50Us.push(this.#count === 0 ? null : this.#interval.getValueAtPercentile(50));
    p99Us.push(this.#count === 0 ? null : this.#interval.getValueAtPercentile(99));
    if (this.#count > 0) this.#interval.reset();
    this.#count = 0;
  }
}
