import { monotonicMs } from "../kernel/clock.js";

/** When requests came. */
export class RequestTimes {
  #first: number | null = null;
  #last = 0;

  note(): void {
    this.#last = monotonicMs();
    this.#first ??= this.#last;
  }

  /** Of the first and the last since it was called before; null: none came. */
  take(): { first: number; last: number } | null {
    const first = this.#first;
    this.#first = null;
    return first === null ? null : { first, last: this.#last };
  }
}
