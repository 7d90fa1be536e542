import { SlotRing } from "./slot-ring.js";
import type { Turns } from "./turns.js";

/**
 * Requests in bursts, as of a job that runs again and again: so many go out as fast as slots are free for them; when all
 * slots are back from a burst, the next one begins after a pause.
 */
export class Batches implements Turns {
  readonly paced = false;
  readonly #waiting: SlotRing;
  readonly #size: number;
  readonly #pauseMs: () => number;
  /** Requests of the burst that have not begun. */
  #left: number;
  #beginMs = Number.NEGATIVE_INFINITY;

  constructor(slots: number, size: number, pauseMs: () => number) {
    this.#waiting = new SlotRing(slots);
    this.#size = size;
    this.#left = size;
    this.#pauseMs = pauseMs;
  }

  get count(): number {
    return this.#waiting.count;
  }

  get nextMs(): number {
    return this.#left > 0 && this.count > 0 ? this.#beginMs : Number.POSITIVE_INFINITY;
  }

  push(slot: number, nowMs: number): void {
    this.#waiting.push(slot);
    if (this.#left > 0 || !this.#waiting.full) return;
    this.#left = this.#size;
    this.#beginMs = nowMs + this.#pauseMs();
  }

  shift(): number {
    return this.#waiting.shift();
  }

  take(nowMs: number): number {
    this.#left--;
    return nowMs;
  }

  skipTo(): number {
    return 0;
  }
}
