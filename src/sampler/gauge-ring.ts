import type { GaugeSample } from "./types.js";

/** Half a minute of them at 100 a second, should nobody come for them. */
const ROWS = 4096;
const COLUMNS = 6;
const WORDS = { written: 0, taken: 1, stop: 2 } as const;
const HEAD_BYTES = 16;

/**
 * Memory in which a thread that never returns to its event loop leaves its samples for another one, oldest first: there
 * is one writer and one taker, and neither waits for the other.
 */
export class GaugeRing {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #rows: Float64Array;
  /** The writer's own copies: of its count, and of the taker's when it last looked. */
  #written = 0;
  #taken = 0;

  /** `memory`: another one's, to be the other end of it. */
  constructor(memory = new SharedArrayBuffer(HEAD_BYTES + ROWS * COLUMNS * Float64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, HEAD_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#rows = new Float64Array(memory, HEAD_BYTES);
  }

  /** A GaugeSample; NaN stands for null. What finds no room is left out, like a reading that was missed. */
  write(atMs: number, costUs: number, lateMs: number, timeWait: number, established: number, created: number): void {
    const written = this.#written;
    if (written - this.#taken >= ROWS) this.#taken = Atomics.load(this.#words, WORDS.taken);
    if (written - this.#taken >= ROWS) return;
    const at = (written % ROWS) * COLUMNS;
    const rows = this.#rows;
    rows[at] = atMs;
    rows[at + 1] = costUs;
    rows[at + 2] = lateMs;
    rows[at + 3] = timeWait;
    rows[at + 4] = established;
    rows[at + 5] = created;
    this.#written = written + 1;
    Atomics.store(this.#words, WORDS.written, written + 1);
  }

  /** Those that have not been taken yet. */
  take(): GaugeSample[] {
    const written = Atomics.load(this.#words, WORDS.written);
    const samples: GaugeSample[] = [];
    for (let nth = Atomics.load(this.#words, WORDS.taken); nth < written; nth++) {
      const at = (nth % ROWS) * COLUMNS;
      const figure = (column: number): number => this.#rows[at + column] as number;
      samples.push({
        kind: "gauge",
        atMs: toMicroseconds(figure(0)),
        costUs: figure(1),
        lateMs: toMicroseconds(figure(2)),
        timeWait: figure(3),
        established: orNull(figure(4)),
        timeWaitCreated: orNull(figure(5)),
      });
    }
    Atomics.store(this.#words, WORDS.taken, written);
    return samples;
  }

  /** Asks the writer to end. */
  stop(): void {
    Atomics.store(this.#words, WORDS.stop, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, WORDS.stop) === 1;
  }
}

function orNull(figure: number): number | null {
  return Number.isNaN(figure) ? null : figure;
}

/** Of what is shorter than that, half of the text of a sample would consist. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
