import { FlatHistogram, type Pairs } from "../../stats/flat-histogram.js";
import { encode, newHistogram } from "../../stats/histogram.js";
import type { LoadPlan } from "../../scenario/types.js";
import type { LoadBooks } from "../types.js";
import { closeReport } from "./closings.js";
import { IntervalRows } from "./rows.js";
import type { LoadCounts } from "./tally.js";

/** The books of a load, out of what its tellers hand in: one or several threads, a program, or a library's recorder. */
export class Bookkeeper {
  readonly #rows: IntervalRows;
  readonly #latency = new FlatHistogram();
  readonly #connect = new FlatHistogram();
  readonly #handshake = new FlatHistogram();
  readonly #firstByte = new FlatHistogram();
  readonly #uncorrected = new FlatHistogram();
  readonly #done: LoadCounts[] = [];

  constructor(tellers: number) {
    this.#rows = new IntervalRows(tellers);
  }

  /** Those that follow on the teller's last. */
  intervals(teller: number, latencies: readonly Pairs[]): void {
    for (const interval of latencies) {
      this.#latency.addPairs(interval);
      this.#rows.add(teller, interval);
    }
  }

  done(teller: number, counts: LoadCounts): void {
    this.#done.push(counts);
    this.#rows.done(teller);
    this.#connect.addPairs(counts.connects);
    if (counts.handshakes !== undefined) this.#handshake.addPairs(counts.handshakes);
    this.#firstByte.addPairs(counts.firstBytes);
    this.#uncorrected.addPairs(counts.uncorrected);
  }

  /** Of the timeline: those that were filled since the last call. */
  newRows(): LoadBooks["timeline"] {
    return this.#rows.fresh();
  }

  /** `endMs`: when the load was over at the latest, by its plan or because it was stopped. */
  close({ requests, pace }: Pick<LoadPlan, "requests" | "pace">, startMs: number, endMs: number): LoadBooks {
    const sum = (count: (counts: LoadCounts) => number): number =>
      this.#done.reduce((total, counts) => total + count(counts), 0);
    const sent = sum((counts) => counts.sent);
    const lastOutcomeMs = Math.max(startMs, ...this.#done.map((counts) => counts.lastOutcomeMs));
    // Counted requests end the load with the last of them; else it lasts for its time, even when it can only wait.
    const exhausted = requests !== null && sent >= requests;
    const endedAtMs = exhausted ? lastOutcomeMs : Math.max(lastOutcomeMs, endMs);
    return {
      startedAtMs: startMs,
      endedAtMs,
      requests: { sent, succeeded: sum((counts) => counts.succeeded), failed: sum((counts) => counts.failed) },
      errors: added(this.#done.map((counts) => counts.errors)),
      statuses: added(this.#done.map((counts) => counts.statuses)),
      errorsByCall: added(this.#done.map((counts) => counts.errorsByCall)),
      connections: {
        opened: sum((counts) => counts.opened),
        failed: sum((counts) => counts.connectsFailed),
        closed: {
          client: sum((counts) => counts.closed.client),
          server: sum((counts) => counts.closed.server),
          reset: sum((counts) => counts.closed.reset),
        },
        ports: null,
      },
      ...this.#closings(),
      ...this.#waited(),
      pace:
        pace === null
          ? null
          : { unsent: sum((counts) => counts.unsent), uncorrectedHistogram: encoded(this.#uncorrected) },
      latencyHistogram: encoded(this.#latency),
      connectHistogram: encoded(this.#connect),
      handshakeHistogram: encoded(this.#handshake),
      firstByteHistogram: encoded(this.#firstByte),
      timeline: this.#rows.columns(endedAtMs - startMs),
    };
  }

  #waited(): Pick<LoadBooks, "waitMs"> {
    const known = this.#done.flatMap(({ waitMs }) => waitMs ?? []);
    return known.length < this.#done.length ? {} : { waitMs: known.reduce((sum, ms) => sum + ms, 0) };
  }

  /** Nothing is told where one of the tellers does not know. */
  #closings(): Pick<LoadBooks, "closings"> {
    const known = this.#done.flatMap(({ closings }) => closings ?? []);
    return known.length < this.#done.length ? {} : { closings: closeReport(known) };
  }
}

function added(parts: readonly Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const part of parts) for (const [key, count] of Object.entries(part)) total[key] = (total[key] ?? 0) + count;
  return total;
}

function encoded(flat: FlatHistogram): string | null {
  const histogram = newHistogram();
  const pairs = flat.take();
  for (let at = 0; at < pairs.length; at += 2) histogram.recordValueWithCount(pairs[at]!, pairs[at + 1]!);
  return encode(histogram);
}
