const FIRST_MS = 10;
const LONGEST_MS = 500;

/** How long one slot waits after a failed connect: 10 ms, doubling to 500 ms, so that a dead server is not hammered. */
export class Backoff {
  readonly #random: () => number;
  #nextMs = FIRST_MS;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Half of it is chance, so that the slots do not come back in one wave. */
  next(): number {
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_MS, waitMs * 2);
    return waitMs / 2 + (this.#random() * waitMs) / 2;
  }

  connected(): void {
    this.#nextMs = FIRST_MS;
  }
}
