import type { SituationName } from "./situations.js";

/** What the audit makes of results. Every view of it is a function of this document. */
export interface Audit {
  /** In the order in which they were asked for. */
  programs: ProgramAudit[];
}

export interface ProgramAudit {
  /** As it was asked for: `wrk`, `epoll`. */
  program: string;
  /** With its version: `wrk 4.1.0`. The same as `program` where nobody knows it. */
  name: string;
  /** A command line of the user's; null: it was told the situation's own load. */
  command: string | null;
  /** Whether anything is known of what it says: of a program that nobody can read nothing is. */
  isRead: boolean;
  situations: SituationAudit[];
}

export interface SituationAudit {
  situation: SituationName;
  status: "complete" | "interrupted" | "failed";
  /** Why it was not measured to its end; null where it was. */
  error: { code: string; message: string; hint: string } | null;
  /** null where nothing was measured. */
  figures: SituationFigures | null;
  differences: Difference[];
}

/**
 * Three columns. Where each figure comes from, of a program | of a client of ours:
 *
 * - `says`: `claims`, which are read from its summary, and the exit code of `program` | `requests`, `connections.opened`, which it counts itself
 * - `server`: `requests.served` and `atServer`, which an embedded server counts itself
 * - `kernels`: the counters of each host over the load, the tables of states (`links`, `timeline`), and `closedFirst` out of both
 *
 * A figure that is null is not known: nobody told it, or it could not be read.
 */
export interface SituationFigures {
  asked: {
    connections: number | null;
    connection: "close" | "keep-alive" | null;
    perSec: number | null;
    seconds: number;
  };
  says: Said;
  server: ServerSaw | null;
  kernels: KernelsCounted;
}

export interface Said {
  requests: number | null;
  succeeded: number | null;
  failed: number | null;
  /** Only clients of ours tell. */
  connections: number | null;
  perSec: number | null;
  /** Over which it reckons its rate. */
  seconds: number | null;
  exitCode: number | null;
  /** What ended it, where it did not end by itself. */
  ended: "late" | "time" | "signal" | null;
  /** It is a known tool, and wrote no summary that can be read. */
  silent: boolean;
  /** The last line that it wrote, where it was silent. */
  lastLine: string | null;
}

export interface ServerSaw {
  requests: number;
  connections: number;
  /** Requests that met its fault; null: it has none. */
  faults: number | null;
  fault: string | null;
  /** In milliseconds since the load began; null where no request came. */
  requestedMs: { first: number; last: number } | null;
}

export interface KernelsCounted {
  /** At the client: ActiveOpens − AttemptFails. */
  opened: number | null;
  /** At the server: PassiveOpens. */
  accepted: number | null;
  /** Of connect(), by the client's kernel. That no local port was free is in no counter. */
  attemptFails: number | null;
  /** Local ports that the client held towards the server, at most at once. */
  ports: { used: number; limit: number } | null;
  closedFirst: { client: number; server: number; reset: number } | null;
  /** Segments with RST that each host sent. */
  rsts: { client: number; server: number } | null;
  timeWait: { client: number; server: number } | null;
  /** Since when the client had no connection open any more, until its end; null: it had one, or it is not known. */
  idleSinceMs: number | null;
}

/** What is told of a pair of figures that differ, each with its own. */
export interface DifferenceFigures {
  "no-summary": { exitCode: number | null; lastLine: string | null };
  "did-not-end": { afterMs: number };
  "requests-untold": { told: number; served: number };
  "requests-unserved": { told: number; served: number };
  "failures-other": { fault: string; faults: number; failed: number };
  "failures-overtold": { failed: number; served: number };
  "ports-held": { ports: number; failed: number | null; served: number };
  "connections-more": { asked: number; opened: number };
  "connections-other": { told: number; opened: number };
  "connections-unused": { accepted: number; served: number };
  "close-not-done": { opened: number; served: number };
  resets: { share: number; opened: number; clientRsts: number; serverRsts: number };
  /** `idle`: from then on it had no connection open. */
  "rate-over-silence": { perSec: number; seconds: number; lastMs: number; idle: boolean };
  /** It was to send until the end of its time, and its rate does not hide that it did not. */
  "sent-no-longer": { seconds: number; lastMs: number };
  "rate-counts-failures": { perSec: number; failed: number; succeededPerSec: number };
  "rate-other": { perSec: number; seconds: number; served: number };
  "rate-not-kept": { asked: number; served: number; perSec: number };
  /** `by`: who tells of the failures, the program itself or the server. */
  "exit-zero": { failed: number; requests: number; by: "program" | "server" };
}
export type DifferenceCode = keyof DifferenceFigures;

export type Difference<Code extends DifferenceCode = DifferenceCode> = {
  [Each in Code]: {
    code: Each;
    figures: DifferenceFigures[Each];
    /** One sentence in English, without a full stop. */
    text: string;
  };
}[Code];

/** All sentences of one language, by code. */
export type DifferenceTexts = {
  readonly [Code in DifferenceCode]: (figures: DifferenceFigures[Code], program: string) => string;
};
