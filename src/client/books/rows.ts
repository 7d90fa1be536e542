import { FlatHistogram, type Pairs } from "../../stats/flat-histogram.js";
import type { LoadReport } from "../types.js";

/** The timeline's grid, the same for every kind of client. */
export const INTERVAL_MS = 100;

interface Row {
  count: number;
  p50Us: number | null;
  p99Us: number | null;
}

const NO_PAIRS: Pairs = new Uint32Array();
const EMPTY_ROW: Row = { count: 0, p50Us: null, p99Us: null };

/** The timeline of several tellers: an interval becomes a row as soon as each of them is through with it. */
export class IntervalRows {
  /** Of each thread: how many intervals it is through with. */
  readonly #passed: number[];
  /** What there is of the intervals that are not rows yet, the oldest first. */
  readonly #open: Pairs[][] = [];
  readonly #rows: Row[] = [];
  readonly #sum = new FlatHistogram();
  /** Rows that were told while the load goes on. */
  #told = 0;
  /** The last row that holds anything, its latencies, and those of the row before it. */
  #filled = -1;
  #latest: Pairs = NO_PAIRS;
  #before: Pairs = NO_PAIRS;

  constructor(threads: number) {
    this.#passed = new Array<number>(threads).fill(0);
  }

  /** The thread's next interval. */
  add(thread: number, latencies: Pairs): void {
    const index = this.#passed[thread]! - this.#rows.length;
    if (index === this.#open.length) this.#open.push([]);
    this.#open[index]!.push(latencies);
    this.#passed[thread]!++;
    this.#close();
  }

  /** The thread has nothing to add to any interval. */
  done(thread: number): void {
    this.#passed[thread] = Number.POSITIVE_INFINITY;
    this.#close();
  }

  /** The rows that were filled since the last call, as far as is known before the load's end. */
  fresh(): LoadReport["timeline"] {
    const rows = this.#rows.slice(this.#told);
    const atMs = rows.map((_, nth) => (this.#told + nth + 1) * INTERVAL_MS);
    this.#told += rows.length;
    return {
      atMs,
      perSec: rows.map(({ count }) => tenths((count * 1000) / INTERVAL_MS)),
      p50Us: rows.map(({ p50Us }) => p50Us),
      p99Us: rows.map(({ p99Us }) => p99Us),
    };
  }

  /**
   * The first `lengthMs` of the load. A rest shorter than half of an interval would show noise as a rate: it is a part of
   * the last row, so that the rows hold every success.
   */
  columns(lengthMs: number): LoadReport["timeline"] {
    const columns: LoadReport["timeline"] = { atMs: [], perSec: [], p50Us: [], p99Us: [] };
    const whole = Math.floor(lengthMs / INTERVAL_MS);
    const restMs = tenths(lengthMs - whole * INTERVAL_MS);
    const ownRow = restMs >= INTERVAL_MS / 2 || (whole === 0 && (restMs > 0 || this.#filled === 0));
    const rows = whole + (ownRow ? 1 : 0);
    for (let nth = 0; nth < rows; nth++) {
      const last = nth === rows - 1;
      const { count, p50Us, p99Us } = (last && !ownRow ? this.#withRest(nth) : this.#rows[nth]) ?? EMPTY_ROW;
      const endMs = last ? Math.max(tenths(lengthMs), 0.1) : (nth + 1) * INTERVAL_MS;
      columns.atMs.push(endMs);
      columns.perSec.push(tenths((count * 1000) / (endMs - nth * INTERVAL_MS)));
      columns.p50Us.push(p50Us);
      columns.p99Us.push(p99Us);
    }
    return columns;
  }

  /** The row and what came in the one after it, which can only be the last that holds anything. */
  #withRest(nth: number): Row | undefined {
    if (this.#filled !== nth + 1) return this.#rows[nth];
    this.#sum.addPairs(this.#before);
    this.#sum.addPairs(this.#latest);
    return rowOf(this.#sum.take());
  }

  #close(): void {
    const passed = Math.min(...this.#passed);
    while (this.#open.length > 0 && this.#rows.length < passed) {
      const pairs = this.#added(this.#open.shift()!);
      if (pairs.length > 0) {
        this.#before = this.#filled === this.#rows.length - 1 ? this.#latest : NO_PAIRS;
        this.#latest = pairs;
        this.#filled = this.#rows.length;
      }
      this.#rows.push(rowOf(pairs));
    }
  }

  /** With one thread, as mostly, there is nothing to add: what is done while the load goes on takes from it. */
  #added(parts: readonly Pairs[]): Pairs {
    if (parts.length === 1) return parts[0]!;
    for (const part of parts) this.#sum.addPairs(part);
    return this.#sum.take();
  }
}

/** `pairs`: the least value first. */
function rowOf(pairs: Pairs): Row {
  let count = 0;
  for (let at = 1; at < pairs.length; at += 2) count += pairs[at]!;
  return { count, p50Us: quantile(pairs, count, 0.5), p99Us: quantile(pairs, count, 0.99) };
}

/** The least value that so many of the values do not exceed. */
function quantile(pairs: Pairs, count: number, share: number): number | null {
  const wanted = Math.max(1, Math.ceil(count * share));
  let seen = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    seen += pairs[at + 1]!;
    if (seen >= wanted) return pairs[at]!;
  }
  return null;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
