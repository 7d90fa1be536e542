import { FlatHistogram, type Pairs } from "../../stats/flat-histogram.js";
import type { CloseCause } from "../../metrics/close-causes.js";
import { type CloseCounts, Closings } from "./closings.js";
import { ownThread, type Scheduled } from "../../schedstat.js";
import { INTERVAL_MS } from "./rows.js";

/** What one teller of the load has counted, a thread or a program; histograms in microseconds. */
export interface LoadCounts {
  sent: number;
  succeeded: number;
  failed: number;
  errors: Record<string, number>;
  /** Answers by their status. */
  statuses: Record<string, number>;
  /** Of the requests that failed by an errno: `connect EADDRNOTAVAIL`. */
  errorsByCall: Record<string, number>;
  opened: number;
  connectsFailed: number;
  unsent: number;
  closed: { client: number; server: number; reset: number };
  /** Why; null where the teller does not know. */
  closings: CloseCounts | null;
  /** For which its thread waited for a processor; null where the kernel does not tell. */
  waitMs: number | null;
  connects: Pairs;
  /** Of TLS handshakes; absent where there are none. */
  handshakes?: Pairs;
  firstBytes: Pairs;
  /** Of an open loop: latencies from the real start of each request. */
  uncorrected: Pairs;
  /** When the last request succeeded or failed otherwise than by the load's end; -Infinity: none has. */
  lastOutcomeMs: number;
}

/** The latencies of the successes in intervals of the timeline, one after the other, from the first on. */
export type OnIntervals = (latencies: Pairs[]) => void;

/** Nobody waits for them, and each message wakes the main thread up. */
const INTERVALS_AT_ONCE = 10;

/** What one teller of the load tells: each outcome, and who ended each connection. Latencies leave it with each interval, so that it stays as small as it began. */
export class LoadTally {
  sent = 0;
  succeeded = 0;
  failed = 0;
  opened = 0;
  connectsFailed = 0;
  /** Of an open loop: requests that were meant to begin before the end of the load and did not. */
  unsent = 0;
  /** Then `passTo` is due, before anything else is counted. */
  intervalEndMs: number;
  readonly closed = { client: 0, server: 0, reset: 0 };
  readonly closings = new Closings();
  readonly #beganWith = ownThread();
  readonly #errors = new Map<string, number>();
  /** By status; what goes beyond is no status. */
  readonly #statuses = new Uint32Array(1000);
  readonly #errorsByCall = new Map<string, number>();
  readonly #latency = new FlatHistogram();
  readonly #connect = new FlatHistogram();
  readonly #firstByte = new FlatHistogram();
  readonly #uncorrected = new FlatHistogram();
  readonly #paced: boolean;
  readonly #onIntervals: OnIntervals;
  #intervals: Pairs[] = [];
  #lastOutcomeMs = Number.NEGATIVE_INFINITY;

  constructor(startMs: number, paced: boolean, onIntervals: OnIntervals) {
    this.#paced = paced;
    this.intervalEndMs = startMs + INTERVAL_MS;
    this.#onIntervals = onIntervals;
  }

  connected(connectMs: number): void {
    this.opened++;
    this.#connect.record(connectMs * 1000);
  }

  /** A connection ended. `served`: requests that it has carried; `idleMs`: since the last of them. */
  ended(by: "client" | "server" | "reset", cause: CloseCause, served: number, idleMs: number): void {
    this.closed[by]++;
    this.closings.ended(cause, served, idleMs);
  }

  answered(waitedMs: number): void {
    this.#firstByte.record(waitedMs * 1000);
  }

  /** An answer came, whatever it means. */
  status(status: number): void {
    this.#statuses[status]!++;
  }

  /** `uncorrectedMs`: counted from the real start instead of the intended one. */
  succeed(nowMs: number, latencyMs: number, uncorrectedMs: number): void {
    this.succeeded++;
    this.#lastOutcomeMs = nowMs;
    this.#latency.record(latencyMs * 1000);
    if (this.#paced) this.#uncorrected.record(uncorrectedMs * 1000);
  }

  /** `nowMs` is null for a failure that must not count as the load's last sign of life. */
  fail(nowMs: number | null, kind: string, call: string | null): void {
    this.failed++;
    count(this.#errors, kind);
    if (call !== null) count(this.#errorsByCall, `${call} ${kind}`);
    if (nowMs !== null) this.#lastOutcomeMs = nowMs;
  }

  /** Requests that failed because no local port was free: to connect() by itself, and after a bind(). */
  get noPort(): number {
    return (this.#errors.get("EADDRNOTAVAIL") ?? 0) + (this.#errors.get("EADDRINUSE") ?? 0);
  }

  /** Ends the intervals that are over by then, empty ones too. */
  passTo(nowMs: number): void {
    while (nowMs >= this.intervalEndMs) {
      this.#intervals.push(this.#latency.take());
      this.intervalEndMs += INTERVAL_MS;
      if (this.#intervals.length >= INTERVALS_AT_ONCE) this.#handOut();
    }
  }

  /** Hands out the interval that is open, and everything else. */
  close(): LoadCounts {
    this.#intervals.push(this.#latency.take());
    this.#handOut();
    return {
      sent: this.sent,
      succeeded: this.succeeded,
      failed: this.failed,
      errors: Object.fromEntries(this.#errors),
      statuses: Object.fromEntries([...this.#statuses.entries()].filter(([, answers]) => answers > 0)),
      errorsByCall: Object.fromEntries(this.#errorsByCall),
      opened: this.opened,
      connectsFailed: this.connectsFailed,
      unsent: this.unsent,
      closed: { ...this.closed },
      closings: this.closings.counts(),
      waitMs: waitedSince(this.#beganWith),
      connects: this.#connect.take(),
      firstBytes: this.#firstByte.take(),
      uncorrected: this.#uncorrected.take(),
      lastOutcomeMs: this.#lastOutcomeMs,
    };
  }

  #handOut(): void {
    this.#onIntervals(this.#intervals);
    this.#intervals = [];
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Of this thread. */
function waitedSince(before: Scheduled | null): number | null {
  const now = ownThread();
  return before === null || now === null ? null : now.waitMs - before.waitMs;
}
