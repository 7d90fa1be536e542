import { monotonicMs } from "../../kernel/clock.js";
import type { PacePlan } from "../../scenario/types.js";
import { UNFINISHED } from "../http/failure-kind.js";
import type { LoadBooks, LoadProgress, LoadRecorder } from "../types.js";
import { Bookkeeper } from "./bookkeeper.js";
import { ProgressMeter } from "./progress.js";
import { LoadTally } from "./tally.js";

export interface RecorderPlan {
  durationMs: number;
  requests: number | null;
  /** Absent or null: a closed loop. */
  pace?: PacePlan | null;
}

/** What a recorder knows; of connections it hears nothing. */
export type RequestBooks = Pick<
  LoadBooks,
  | "startedAtMs"
  | "endedAtMs"
  | "requests"
  | "errors"
  | "statuses"
  | "waitMs"
  | "pace"
  | "latencyHistogram"
  | "firstByteHistogram"
  | "timeline"
>;

/**
 * What a client's library tells of each request, checked: what was sent has succeeded or failed, and no outcome is without
 * its request. The load begins with the first one.
 */
export class Recorder implements LoadRecorder {
  readonly #plan: RecorderPlan;
  readonly #clock: () => number;
  readonly #books = new Bookkeeper(1);
  readonly #meter = new ProgressMeter();
  #tally: LoadTally | null = null;
  #startedAtMs = 0;
  #stoppedAtMs = Number.POSITIVE_INFINITY;
  #unsent = 0;

  constructor(plan: RecorderPlan, clock: () => number = monotonicMs) {
    this.#plan = plan;
    this.#clock = clock;
  }

  now(): number {
    return this.#clock();
  }

  get exhausted(): boolean {
    return this.#plan.requests !== null && (this.#tally?.sent ?? 0) >= this.#plan.requests;
  }

  sent(count = 1): void {
    this.#tally ??= this.#begin(this.now());
    this.#tally.sent += count;
  }

  succeeded(latencyMs: number, uncorrectedMs = latencyMs): void {
    const tally = this.#withInFlight(1);
    const nowMs = this.now();
    tally.passTo(nowMs);
    tally.succeed(nowMs, latencyMs, uncorrectedMs);
  }

  answered(waitedMs: number): void {
    this.#withInFlight(1).answered(waitedMs);
  }

  status(status: number): void {
    this.#withInFlight(1).status(status);
  }

  failed(kind: string, count = 1): void {
    const tally = this.#withInFlight(count);
    // To wait for what never comes is no load: it must not stretch the time that a rate is computed over.
    const nowMs = kind === UNFINISHED ? null : this.now();
    for (let nth = 0; nth < count; nth++) tally.fail(nowMs, kind, null);
  }

  unsent(count: number): void {
    this.#unsent += count;
  }

  /** The load was told to end before its time. */
  stopped(): void {
    this.#stoppedAtMs = Math.min(this.#stoppedAtMs, this.now());
  }

  progress(connections: number): LoadProgress {
    const { succeeded = 0, failed = 0, noPort = 0 } = this.#tally ?? {};
    return this.#meter.read({ succeeded, failed, connections, noPort }, this.#books.newRows(), this.now());
  }

  /** The end of the books; a request without an outcome has failed as `unfinished`. To be called once. */
  close(): RequestBooks {
    const nowMs = this.now();
    const nothing = this.#tally === null;
    const tally = (this.#tally ??= this.#begin(nowMs));
    const open = tally.sent - tally.succeeded - tally.failed;
    if (open > 0) this.failed(UNFINISHED, open);
    tally.unsent = this.#unsent;
    this.#books.done(0, tally.close());
    // A load that waits (for a connection attempt, say) lasts until its time is over.
    const plannedMs = Math.min(this.#startedAtMs + this.#plan.durationMs, this.#stoppedAtMs, nowMs);
    const { requests, pace = null } = this.#plan;
    const endMs = nothing ? this.#startedAtMs : plannedMs;
    const books = this.#books.close({ requests, pace }, this.#startedAtMs, endMs);
    const { startedAtMs, endedAtMs, errors, statuses = {}, waitMs, latencyHistogram, timeline } = books;
    const { firstByteHistogram = null } = books;
    return {
      startedAtMs,
      endedAtMs,
      requests: books.requests,
      errors,
      statuses,
      ...(waitMs === undefined ? {} : { waitMs }),
      pace: books.pace,
      latencyHistogram,
      firstByteHistogram,
      timeline,
    };
  }

  #begin(nowMs: number): LoadTally {
    this.#startedAtMs = nowMs;
    this.#meter.begin(nowMs);
    const paced = (this.#plan.pace ?? null) !== null;
    return new LoadTally(nowMs, paced, (latencies) => this.#books.intervals(0, latencies));
  }

  #withInFlight(count: number): LoadTally {
    const tally = this.#tally;
    const open = tally === null ? 0 : tally.sent - tally.succeeded - tally.failed;
    if (tally === null || count > open)
      throw new Error(`an outcome without a request: ${count} told, ${open} in flight`);
    return tally;
  }
}
