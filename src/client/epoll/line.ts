import type { Pacer } from "../pace/pacer.js";

/**
 * Where free slots of an open loop wait for arrivals. Who has waited longest is served first, and an arrival that finds
 * nobody waiting keeps the time that it was meant for.
 */
export class Line {
  readonly #ring: Int32Array;
  readonly #pacer: Pacer;
  readonly #startMs: number;
  #first = 0;
  #count = 0;

  /** The pace begins at `startMs`. */
  constructor(slots: number, pacer: Pacer, startMs: number) {
    this.#ring = new Int32Array(slots);
    this.#pacer = pacer;
    this.#startMs = startMs;
  }

  get count(): number {
    return this.#count;
  }

  push(slot: number): void {
    this.#ring[(this.#first + this.#count++) % this.#ring.length] = slot;
  }

  /** The slot that has waited longest. */
  shift(): number {
    const slot = this.#ring[this.#first] as number;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#count--;
    return slot;
  }

  /** When the next arrival is meant to begin. */
  get nextMs(): number {
    return this.#startMs + this.#pacer.nextMs;
  }

  /** Takes that arrival. */
  take(): number {
    return this.#startMs + this.#pacer.take();
  }

  /** How many arrivals before `endMs` were not taken. */
  skipTo(endMs: number): number {
    return this.#pacer.skipTo(endMs - this.#startMs);
  }
}
