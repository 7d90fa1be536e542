import type { Identity } from "./certificate.js";
import type { Manners } from "../scenario/types.js";

export type { Identity, Manners };

/** What the embedded server's process and the conductor say to each other. */
export type ToHello =
  /** `manners`: only for a server that misbehaves. `tls`: only for `node`; absent: plain HTTP. */
  { type: "listen"; host: string; port: number; manners?: Manners; tls?: Identity } | { type: "count" };
export type FromHello =
  | { type: "awake" }
  | { type: "listening" }
  | { type: "failed"; message: string; errno: string }
  | ({ type: "counted" } & ServerCount);

/** What a server of ours counts itself, since it started. */
export interface ServerCount {
  requests: number;
  connections: number;
  /** Requests that met the fault of a server that misbehaves. Absent of others. */
  faults?: number;
  /**
   * When the first and the last request came since it was asked before, on the machine's monotonic clock; null: none did.
   * Absent where it does not look.
   */
  requestedAtMs?: { first: number; last: number } | null;
}

/** A server that answers. */
export interface RunningServer {
  /** What it is: `node v20.20.2`, `go 1.26.8`, a command. */
  name: string;
  host: string;
  port: number;
  /** Names its CPU times in a HostSnapshot; null for a server that we did not start. */
  processId: string | null;
  /** Rejects with `server-died` when it ends by itself; never resolves. */
  died: Promise<never>;
  /** Its own count since it started; null where the kind does not count. */
  count(): Promise<ServerCount | null>;
}
