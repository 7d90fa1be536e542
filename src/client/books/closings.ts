import type { CloseCause } from "../../metrics/close-causes.js";
import type { CloseReport, CloseSpread } from "../types.js";

/** Ends of which it is told what the connection had carried, and how long it was idle. */
export type ToldEnd = keyof CloseReport["after"];

/** How often each value came, by the value. */
export type Counted = Record<string, number>;

/** Why connections ended, as one teller has counted it. */
export interface CloseCounts {
  causes: Partial<Record<CloseCause, number>>;
  after: Partial<Record<ToldEnd, { requests: Counted; idleMs: Counted }>>;
  repeated: number;
}

export function noCloses(): CloseCounts {
  return { causes: {}, after: {}, repeated: 0 };
}

/**
 * Counts why connections ended. Values are whole, so that "after 20 requests" is exact; there are few different ones.
 */
export class Closings {
  readonly #counts = noCloses();

  /** `served`: requests that the connection had carried to their end. `idleMs`: since the last of them. */
  ended(cause: CloseCause, served: number, idleMs: number): void {
    add(this.#counts.causes, cause, 1);
    if (cause === "answer" || cause === "idle" || cause === "client-idle") this.#tell(cause, served, idleMs);
  }

  /** A request failed without a byte of an answer: the server had just ended the connection that had served others. */
  wentStale(served: number, idleMs: number): void {
    this.#tell("stale", served, idleMs);
  }

  counts(): CloseCounts {
    return this.#counts;
  }

  #tell(end: ToldEnd, served: number, idleMs: number): void {
    const { requests, idleMs: idle } = (this.#counts.after[end] ??= { requests: {}, idleMs: {} });
    add(requests, served, 1);
    add(idle, Math.max(0, Math.round(idleMs)), 1);
  }
}

/** What all tellers have counted, as one. */
export function closeReport(all: readonly CloseCounts[]): CloseReport {
  const causes: CloseReport["causes"] = {};
  for (const one of all) for (const [cause, n] of Object.entries(one.causes)) add(causes, cause, n);
  const stale = spreads(all, "stale");
  return {
    causes,
    after: {
      answer: spreads(all, "answer"),
      idle: spreads(all, "idle"),
      "client-idle": spreads(all, "client-idle"),
      stale,
    },
    stale: all.reduce((sum, { after }) => sum + total(after.stale?.requests ?? {}), 0),
    repeated: all.reduce((sum, { repeated }) => sum + repeated, 0),
  };
}

function spreads(all: readonly CloseCounts[], end: ToldEnd): { requests: CloseSpread; idleMs: CloseSpread } | null {
  const told = all.flatMap(({ after }) => after[end] ?? []);
  if (told.length === 0) return null;
  return {
    requests: spread(told.map(({ requests }) => requests)),
    idleMs: spread(told.map(({ idleMs }) => idleMs)),
  };
}

function spread(parts: readonly Counted[]): CloseSpread {
  const merged: Counted = {};
  for (const part of parts) for (const [value, n] of Object.entries(part)) add(merged, value, n);
  const values = Object.keys(merged)
    .map(Number)
    .toSorted((a, b) => a - b);
  const half = total(merged) / 2;
  let seen = 0;
  const median = values.find((value) => (seen += merged[value]!) >= half);
  return { min: values[0]!, median: median!, max: values.at(-1)! };
}

function total(counted: Counted): number {
  return Object.values(counted).reduce((sum, n) => sum + n, 0);
}

function add(counts: Record<string | number, number>, key: string | number, n: number): void {
  counts[key] = (counts[key] ?? 0) + n;
}
