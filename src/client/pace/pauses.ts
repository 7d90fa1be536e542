import type { Turns } from "./turns.js";

/** Think time: each slot pauses between two of its requests. A heap of the slots, the one that goes on first at its top. */
export class Pauses implements Turns {
  readonly paced = false;
  readonly #pauseMs: () => number;
  readonly #heap: Int32Array;
  /** By slot: when it goes on. */
  readonly #dueMs: Float64Array;
  /** By slot: 1 once it was here, and so has made a request when it comes again. */
  readonly #known: Uint8Array;
  #count = 0;

  constructor(slots: number, pauseMs: () => number) {
    this.#pauseMs = pauseMs;
    this.#heap = new Int32Array(slots);
    this.#dueMs = new Float64Array(slots);
    this.#known = new Uint8Array(slots);
  }

  get count(): number {
    return this.#count;
  }

  get nextMs(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#due(0);
  }

  push(slot: number, nowMs: number): void {
    this.#dueMs[slot] = this.#known[slot] === 0 ? nowMs : nowMs + this.#pauseMs();
    this.#known[slot] = 1;
    let place = this.#count++;
    this.#heap[place] = slot;
    for (let above = (place - 1) >> 1; place > 0 && this.#due(place) < this.#due(above); above = (place - 1) >> 1) {
      this.#swap(place, above);
      place = above;
    }
  }

  shift(): number {
    const slot = this.#heap[0] as number;
    this.#heap[0] = this.#heap[--this.#count] as number;
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      let first = place;
      if (left < this.#count && this.#due(left) < this.#due(first)) first = left;
      if (right < this.#count && this.#due(right) < this.#due(first)) first = right;
      if (first === place) return slot;
      this.#swap(place, first);
      place = first;
    }
  }

  take(nowMs: number): number {
    return nowMs;
  }

  skipTo(): number {
    return 0;
  }

  #due(place: number): number {
    return this.#dueMs[this.#heap[place] as number] as number;
  }

  #swap(one: number, other: number): void {
    const slot = this.#heap[one] as number;
    this.#heap[one] = this.#heap[other] as number;
    this.#heap[other] = slot;
  }
}
