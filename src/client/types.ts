import type { ErrorCode } from "../errors.js";
import type { CloseCause } from "../metrics/close-causes.js";
import type { Claims } from "./tools/types.js";
import type { LoadPlan } from "../scenario/types.js";

/** What the conductor and a load client's process say to each other, and the one interface of all kinds of client. */

export interface LoadTarget {
  host: string;
  port: number;
  /** It speaks TLS; absent: plain HTTP. */
  tls?: TlsTarget;
}

export interface TlsTarget {
  /** What its certificate is checked against, in PEM; null: nothing is checked. */
  ca: string | null;
  /** Its file, for a program that is told it. */
  caFile?: string;
}

export type ToClient =
  | { type: "plan"; plan: LoadPlan; target: LoadTarget }
  | { type: "warm-up" }
  | { type: "go" }
  | { type: "stop" };

export type FromClient =
  /** Its library is loaded; nothing has been sent. */
  | { type: "ready"; clientName: string }
  /** The warm-up has ended, and its connections are closed. */
  | { type: "warm" }
  | { type: "progress"; progress: LoadProgress }
  | { type: "done"; report: LoadReport }
  /** It cannot go on. `code` and `hint` are those of a BenchError; null: a bug of ours, and the message is its stack. */
  | { type: "failed"; message: string; code: ErrorCode | null; hint: string };

export interface LoadProgress {
  /** Since the load began, in milliseconds. */
  elapsedMs: number;
  succeeded: number;
  failed: number;
  /** Opened since the load began. */
  connections: number;
  /** That succeeded in the last interval. */
  perSec: number;
  /** Requests that failed because no local port was free. */
  noPort: number;
  /** Rows of the timeline that were filled since the last progress. */
  rows: LoadReport["timeline"];
}

/** What is counted while a load goes on. */
export type LoadCountsSoFar = Pick<LoadProgress, "succeeded" | "failed" | "connections" | "noPort">;

/** One kind of client. Resolves when the load has ended and every connection of it is closed. */
export interface LoadClient {
  /** Library and version: `undici 7.30.2`. */
  name: string;
  run(plan: LoadPlan, target: LoadTarget, recorder: LoadRecorder, signal: AbortSignal): Promise<void>;
}

/** A kind of client that makes its load in threads of its own and keeps its own books there. */
export interface ThreadedClient {
  /** Starts its threads and makes them ready; nothing is sent. @throws BenchError where it cannot make this load */
  prepare(plan: LoadPlan, target: LoadTarget): Promise<PreparedLoad>;
}

/** A load that waits for the word. */
export interface PreparedLoad {
  /** Library and version: `undici 7.30.2`. */
  readonly clientName: string;
  /** Makes the same load for the plan's `warmupMs`, with the same code in the same threads, and forgets it. Before run(). */
  warmUp(): Promise<void>;
  /** To be called once. Resolves when the load has ended and every connection of it is closed. */
  run(signal: AbortSignal): Promise<LoadBooks>;
  progress(): LoadProgress;
}

/** Where a client writes down each outcome. One clock, one histogram, one book for all kinds. */
export interface LoadRecorder {
  /** Milliseconds, monotonic, with fractions. */
  now(): number;
  /** A request goes out. Every one ends in exactly one of the two below. */
  sent(count?: number): void;
  /** With a pace, `latencyMs` counts from the intended start and `uncorrectedMs` from the real one. */
  succeeded(latencyMs: number, uncorrectedMs?: number): void;
  /** The first of an answer came, so long after its request was handed over. */
  answered(waitedMs: number): void;
  /** A whole answer came; called before the outcome of its request. */
  status(status: number): void;
  failed(kind: string, count?: number): void;
  /** Of a pace: so many requests were meant to start before the load's end and were not. */
  unsent(count: number): void;
  /** true once `requests` of the plan have been sent. */
  readonly exhausted: boolean;
}

export interface LoadReport {
  clientName: string;
  /** On the machine's monotonic clock, in milliseconds: the first request. */
  startedAtMs: number;
  /** The end of the load, before the connections that were left were closed. */
  endedAtMs: number;
  /** Nothing is known of those of a program, which have no part in any figure: see requestsIn in result/requests-in.ts. */
  requests: { sent: number; succeeded: number; failed: number };
  errors: Record<string, number>;
  /** Whole answers by their status, those of requests that failed too. Absent where the client cannot tell. */
  statuses?: Record<string, number>;
  /** Of the requests that a system call made fail: `connect EADDRNOTAVAIL`. Absent where the client cannot tell. */
  errorsByCall?: Record<string, number>;
  /** As the client saw it. `closed` tells who ended each connection, by what reached the client first. */
  connections: {
    opened: number;
    failed: number;
    closed: { client: number; server: number; reset: number };
    /** Different local addresses and ports of those that the server closed; null where the client does not look. */
    ports: number | null;
  };
  /** For which the threads that make the load were ready to run and waited for a processor. Absent where nobody tells. */
  waitMs?: number;
  /** Why connections ended. Absent where the client does not tell. */
  closings?: CloseReport;
  /** How the load's pace was kept; null for a closed loop. */
  pace: PaceReport | null;
  /** HdrHistogram V2, compressed, base64, microseconds; null when nothing was recorded. With a pace: corrected. */
  latencyHistogram: string | null;
  connectHistogram: string | null;
  /** Of TLS, from the end of connect() on. Absent of plain HTTP, and where not looked at. */
  handshakeHistogram?: string | null;
  /** From the request's handing over to the kernel to the first byte of its response. Absent where not looked at. */
  firstByteHistogram?: string | null;
  /** Cores that it can use at the same time. Absent where the plan says how many threads it has. */
  threads?: number;
  /** `atMs` is the end of each interval, counted from `startedAtMs`. */
  timeline: { atMs: number[]; perSec: number[]; p50Us: (number | null)[]; p99Us: (number | null)[] };
  /** What became of the program that made the load; absent where it was a client of ours. */
  program?: ProgramRun;
}

/** One run of somebody else's program as a client. */
export interface ProgramRun {
  /** As the shell got it. */
  command: string;
  /** null where it did not end by itself. */
  exitCode: number | null;
  signal: string | null;
  /**
   * Why it was ended: its time was over; it is told its time, and did not end; the run was interrupted. null: it ended by
   * itself.
   */
  stopped: "time" | "late" | "interrupted" | null;
  /** The end of what it wrote, stdout and stderr; cut off before it where it wrote more. */
  output: string;
  cut: boolean;
  /** What it says of itself; null for a program that nobody can read, and for output that is not as expected. */
  claims: Claims | null;
  /** Why a known tool's output could not be read, in a sentence; null where it could, and for any other program. */
  unreadable: string | null;
}

/** Why connections ended, by what the client knows. */
export interface CloseReport {
  /** Each connection that ended, once; causes that never came up are left out. */
  causes: Partial<Record<CloseCause, number>>;
  /**
   * Of those that ended so, and of those on which a request went `stale`: requests that they had carried, and how long they
   * had been idle, in whole milliseconds. null where there were none.
   */
  after: Record<"answer" | "idle" | "client-idle" | "stale", { requests: CloseSpread; idleMs: CloseSpread } | null>;
  /** Requests that failed without a byte of an answer, because the server had just ended their connection, which had served others. */
  stale: number;
  /** Requests that the client's library sent once more by itself; each counts as sent, and as failed. */
  repeated: number;
}

export interface CloseSpread {
  min: number;
  median: number;
  max: number;
}

/**
 * Of an open loop. Its latencies count from the time at which each request was meant to start, so that what waited for a
 * slow answer shows the wait ("corrected" for coordinated omission, as in wrk2).
 */
export interface PaceReport {
  /** Requests that were meant to start before the load's end and never did, because no connection was free. */
  unsent: number;
  /** Latencies from the real start of each request: what a closed loop would show. */
  uncorrectedHistogram: string | null;
}

export type LoadBooks = Omit<LoadReport, "clientName">;
