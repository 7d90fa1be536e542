import type { LoadCountsSoFar } from "../types.js";
import type { LoadTally } from "../books/tally.js";

const WORDS = { go: 0, stop: 1 } as const;
const WORD_BYTES = 8;
/** Of each thread: succeeded, failed, opened, failed for want of a port. */
const COUNTS = 4;

/**
 * Memory that the client's main thread shares with the threads that make the load and never return to their event
 * loops. Counts are numbers of 64 bits without a lock: on the machines that this runs on they are written in one piece.
 */
export class LoadControl {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #startMs: Float64Array;
  readonly #counts: Float64Array;

  constructor(threads: number) {
    this.memory = new SharedArrayBuffer(WORD_BYTES + 8 + threads * COUNTS * 8);
    this.#words = new Int32Array(this.memory, 0, 2);
    this.#startMs = new Float64Array(this.memory, WORD_BYTES, 1);
    this.#counts = new Float64Array(this.memory, WORD_BYTES + 8);
  }

  /** Lets all threads begin with their next load, of which the clock starts now. */
  go(startMs: number): void {
    this.#startMs[0] = startMs;
    Atomics.add(this.#words, WORDS.go, 1);
    Atomics.notify(this.#words, WORDS.go);
  }

  stop(): void {
    Atomics.store(this.#words, WORDS.stop, 1);
  }

  /** Of all threads together, at most 10 ms old. */
  counts(): LoadCountsSoFar {
    const sum = { succeeded: 0, failed: 0, connections: 0, noPort: 0 };
    for (let at = 0; at < this.#counts.length; at += COUNTS) {
      sum.succeeded += this.#counts[at]!;
      sum.failed += this.#counts[at + 1]!;
      sum.connections += this.#counts[at + 2]!;
      sum.noPort += this.#counts[at + 3]!;
    }
    return sum;
  }
}

/** The other end of it, in one of the threads. */
export class ThreadControl {
  readonly #words: Int32Array;
  readonly #startMs: Float64Array;
  readonly #counts: Float64Array;
  /** That have begun. */
  #loads = 0;

  constructor(memory: SharedArrayBuffer, thread: number) {
    this.#words = new Int32Array(memory, 0, 2);
    this.#startMs = new Float64Array(memory, WORD_BYTES, 1);
    this.#counts = new Float64Array(memory, WORD_BYTES + 8 + thread * COUNTS * 8, COUNTS);
  }

  /** Blocks this thread until it may begin with its next load; when the clock of that started. */
  waitForGo(): number {
    while (Atomics.load(this.#words, WORDS.go) === this.#loads) Atomics.wait(this.#words, WORDS.go, this.#loads);
    this.#loads++;
    return this.#startMs[0]!;
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, WORDS.stop) === 1;
  }

  publish({ succeeded, failed, opened, noPort }: Pick<LoadTally, "succeeded" | "failed" | "opened" | "noPort">): void {
    this.#counts[0] = succeeded;
    this.#counts[1] = failed;
    this.#counts[2] = opened;
    this.#counts[3] = noPort;
  }
}
