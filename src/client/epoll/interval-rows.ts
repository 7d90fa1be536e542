import { FlatHistogram, type Pairs } from "../../stats/flat-histogram.js";
import { INTERVAL_MS } from "../timeline.js";
import type { LoadReport } from "../types.js";

interface Row {
  count: number;
  p50Us: number | null;
  p99Us: number | null;
}

/** The timeline of several threads: an interval becomes a row as soon as each of them is through with it. */
export class IntervalRows {
  /** Of each thread: how many intervals it is through with. */
  readonly #passed: number[];
  /** What there is of the intervals that are not rows yet, the oldest first. */
  readonly #open: Pairs[][] = [];
  readonly #rows: Row[] = [];
  readonly #sum = new FlatHistogram();

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

  /** The first `lengthMs` of the load. A last interval shorter than half would show noise as a rate: it is left out. */
  columns(lengthMs: number): LoadReport["timeline"] {
    const columns: LoadReport["timeline"] = { atMs: [], perSec: [], p50Us: [], p99Us: [] };
    for (let nth = 0; nth * INTERVAL_MS < lengthMs; nth++) {
      const startMs = nth * INTERVAL_MS;
      const ownMs = Math.min(INTERVAL_MS, Math.round((lengthMs - startMs) * 10) / 10);
      if (ownMs === 0 || (ownMs < INTERVAL_MS / 2 && nth > 0)) break;
      const { count, p50Us, p99Us } = this.#rows[nth] ?? rowOf(new Uint32Array());
      columns.atMs.push(startMs + ownMs);
      columns.perSec.push(Math.round((count * 10_000) / ownMs) / 10);
      columns.p50Us.push(p50Us);
      columns.p99Us.push(p99Us);
    }
    return columns;
  }

  #close(): void {
    const passed = Math.min(...this.#passed);
    while (this.#open.length > 0 && this.#rows.length < passed) {
      this.#rows.push(rowOf(this.#added(this.#open.shift()!)));
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
