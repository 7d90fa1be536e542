import type { Pacer } from "./pacer.js";
import { SlotRing } from "./slot-ring.js";
import type { Turns } from "./turns.js";

/**
 * Where free slots of an open loop wait for arrivals. Who has waited longest is served first, and an arrival that finds
 * nobody waiting keeps the time that it was meant for.
 */
export class Arrivals implements Turns {
  readonly paced = true;
  readonly #waiting: SlotRing;
  readonly #pacer: Pacer;
  readonly #startMs: number;

  /** The pace begins at `startMs`. */
  constructor(slots: number, pacer: Pacer, startMs: number) {
    this.#waiting = new SlotRing(slots);
    this.#pacer = pacer;
    this.#startMs = startMs;
  }

  get count(): number {
    return this.#waiting.count;
  }

  get nextMs(): number {
    return this.#startMs + this.#pacer.nextMs;
  }

  push(slot: number): void {
    this.#waiting.push(slot);
  }

  shift(): number {
    return this.#waiting.shift();
  }

  take(): number {
    return this.#startMs + this.#pacer.take();
  }

  skipTo(endMs: number): number {
    return this.#pacer.skipTo(endMs - this.#startMs);
  }
}
