import { encode, newHistogram, recordMs } from "../stats/histogram.js";
import { monotonicMs } from "../kernel/clock.js";
import type { PacePlan } from "../scenario/types.js";
import { LoadTimeline } from "./timeline.js";
import type { LoadProgress, LoadRecorder, LoadReport } from "./types.js";

/** In flight when the load ended, and not answered within the time that the drain allows. */
export const UNFINISHED = "unfinished";

export interface Books {
  startedAtMs: number;
  endedAtMs: number;
  requests: LoadReport["requests"];
  errors: LoadReport["errors"];
  pace: LoadReport["pace"];
  latencyHistogram: LoadReport["latencyHistogram"];
  timeline: LoadReport["timeline"];
}

export interface RecorderPlan {
  durationMs: number;
  requests: number | null;
  /** Absent or null: a closed loop. */
  pace?: PacePlan | null;
}

/** Books that always balance: what was sent has succeeded or failed, and no outcome is without its request. */
export class Recorder implements LoadRecorder {
  readonly #plan: RecorderPlan;
  readonly #clock: () => number;
  readonly #latency = newHistogram();
  readonly #uncorrected = newHistogram();
  readonly #errors = new Map<string, number>();
  #timeline: LoadTimeline | null = null;
  #startedAtMs = 0;
  #lastOutcomeMs = 0;
  #stoppedAtMs = Number.POSITIVE_INFINITY;
  #sent = 0;
  #succeeded = 0;
  #failed = 0;
  #unsent = 0;
  #shown = { atMs: 0, succeeded: 0 };

  constructor(plan: RecorderPlan, clock: () => number = monotonicMs) {
    this.#plan = plan;
    this.#clock = clock;
  }

  now(): number {
    return this.#clock();
  }

  get exhausted(): boolean {
    return this.#plan.requests !== null && this.#sent >= this.#plan.requests;
  }

  sent(count = 1): void {
    if (this.#timeline === null) this.#begin(this.now());
    this.#sent += count;
  }

  succeeded(latencyMs: number, uncorrectedMs = latencyMs): void {
    this.#needInFlight(1);
    const nowMs = this.now();
    this.#succeeded++;
    this.#lastOutcomeMs = nowMs;
    recordMs(this.#latency, latencyMs);
    if (this.#plan.pace) recordMs(this.#uncorrected, uncorrectedMs);
    this.#timeline?.succeeded(nowMs, latencyMs);
  }

  failed(kind: string, count = 1): void {
    this.#needInFlight(count);
    this.#failed += count;
    this.#errors.set(kind, (this.#errors.get(kind) ?? 0) + count);
    // To wait for what never comes is no load: it must not stretch the time that a rate is computed over.
    if (kind !== UNFINISHED) this.#lastOutcomeMs = this.now();
  }

  unsent(count: number): void {
    this.#unsent += count;
  }

  /** The load was told to end before its time. */
  stopped(): void {
    this.#stoppedAtMs = Math.min(this.#stoppedAtMs, this.now());
  }

  /** `perSec` is what succeeded since the last call. */
  progress(connections: number): LoadProgress {
    const nowMs = this.now();
    const sinceMs = nowMs - this.#shown.atMs;
    const perSec = sinceMs > 0 ? ((this.#succeeded - this.#shown.succeeded) * 1000) / sinceMs : 0;
    this.#shown = { atMs: nowMs, succeeded: this.#succeeded };
    return {
      elapsedMs: this.#timeline === null ? 0 : nowMs - this.#startedAtMs,
      succeeded: this.#succeeded,
      failed: this.#failed,
      connections,
      perSec: this.#timeline === null ? 0 : perSec,
    };
  }

  /** The end of the books; a request without an outcome has failed as `unfinished`. To be called once. */
  close(): Books {
    const open = this.#sent - this.#succeeded - this.#failed;
    if (open > 0) this.failed(UNFINISHED, open);
    if (this.#timeline === null) this.#begin(this.now());
    const endedAtMs = this.#end();
    return {
      startedAtMs: this.#startedAtMs,
      endedAtMs,
      requests: { sent: this.#sent, succeeded: this.#succeeded, failed: this.#failed },
      errors: Object.fromEntries(this.#errors),
      pace: this.#plan.pace ? { unsent: this.#unsent, uncorrectedHistogram: encode(this.#uncorrected) } : null,
      latencyHistogram: encode(this.#latency),
      timeline: this.#timeline?.close(endedAtMs) ?? { atMs: [], perSec: [], p50Us: [], p99Us: [] },
    };
  }

  #begin(nowMs: number): void {
    this.#startedAtMs = nowMs;
    this.#lastOutcomeMs = nowMs;
    this.#shown.atMs = nowMs;
    this.#timeline = new LoadTimeline(nowMs);
  }

  /** A load that waits (for a connection attempt, say) lasts until its time is over; counted requests end it early. */
  #end(): number {
    if (this.#sent === 0) return this.#startedAtMs;
    const plannedMs = Math.min(this.#startedAtMs + this.#plan.durationMs, this.#stoppedAtMs, this.now());
    return this.exhausted ? this.#lastOutcomeMs : Math.max(this.#lastOutcomeMs, plannedMs);
  }

  #needInFlight(count: number): void {
    const open = this.#sent - this.#succeeded - this.#failed;
    if (count > open) throw new Error(`an outcome without a request: ${count} told, ${open} in flight`);
  }
}
