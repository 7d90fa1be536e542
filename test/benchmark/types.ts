import type { SamplingRows } from "./sampling.js";
import type { ViewRows } from "./views.js";

/** What a benchmark measures, and what it leaves: `results/benchmark.json` holds a BenchmarkResult. */

export const MODES = ["close", "keep-alive"] as const;
export type Mode = (typeof MODES)[number];

export const SERVERS = ["nginx", "node"] as const;
export type ServerName = (typeof SERVERS)[number];

/** One load, the same for every client. */
export interface Task {
  mode: Mode;
  threads: number;
  connections: number;
  /** Whole seconds that the client is told to make load for: longer than the window in which it is measured. */
  seconds: number;
  host: string;
  port: number;
}

/** What a client says of itself at its end; null where it does not say. */
export interface Claim {
  /** Requests that were answered. */
  requests: number | null;
  failed: number | null;
  /** How long it says that took. */
  seconds: number | null;
}

/** How many threads a client runs: as many as it is told to, always one, or as many as it likes. */
export type Threading = "as asked" | "one" | "its own";

/** One measurement of one client, in a lab of its own. */
export interface Run {
  client: string;
  /** The length of the window, in which the load was in full swing. Everything up to `resets` is of it alone. */
  windowMs: number;
  /** Accepted by the server's kernel (PassiveOpens). */
  connectionsPerSec: number;
  /** Counted by the server; null where it does not count. */
  requestsPerSec: number | null;
  /** Of the client, with all that it started. */
  cpu: CpuTime;
  serverCpu: CpuTime | null;
  /** Share of the connections that were ended by a RST from either side (OutRsts). */
  resets: number;
  /** Of the whole run, from before its first connection until all was quiet. */
  total: {
    /** By the kernel of the client (ActiveOpens − AttemptFails) and of the server (PassiveOpens). */
    opened: number;
    accepted: number;
    /** Counted by the server; null where it does not count. */
    requests: number | null;
  };
  /** null when it did not end when it should have, and was killed. */
  claim: Claim | null;
}

export interface CpuTime {
  userMs: number;
  systemMs: number;
}

/** Ours against one peer, in pairs: ours, peer, ours, peer, … */
export interface Comparison {
  server: ServerName;
  mode: Mode;
  threads: number;
  peer: string;
  /** Ours over the peer's of each pair: connections a second in `close` mode, requests a second in `keep-alive`. */
  ratios: number[];
  pairs: { ours: Run; peer: Run }[];
  /** Why there are no (more) pairs; null when there is no reason but that they were enough. */
  failure: string | null;
}

export interface Goal {
  name: string;
  /** The least that is good enough. */
  atLeast: number;
  /** null when it was not measured. */
  measured: number | null;
  /** Of the single pairs or runs (of sampling: the middle half of them); null when it was not measured. */
  spread: { min: number; max: number; of: number } | null;
  /** `against ab`; empty where there is nothing to add. */
  remark: string;
  /** null when it was not measured, or cannot be told from what the machine does by itself. */
  met: boolean | null;
}

export interface Found {
  name: string;
  /** As it says itself; null where it does not. */
  version: string | null;
  threading: Threading;
}

export interface Machine {
  kernel: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  node: string;
  benchVersion: string;
  /** Over the minute before the benchmark began: what else was going on. */
  loadBefore: number;
}

export interface BenchmarkResult {
  schemaVersion: 1;
  /** ISO 8601, UTC. */
  startedAt: string;
  elapsedMs: number;
  status: "complete" | "interrupted";
  machine: Machine;
  settings: { pairs: number; seconds: number; connections: number };
  ours: Found;
  peers: Found[];
  /** Its version; null where there is none. */
  nginx: string | null;
  comparisons: Comparison[];
  goals: Goal[];
  /** What sampling costs; null when it was left out. */
  sampling: SamplingRows | null;
  /** What live views cost; null when it was left out. Results of before there was this have none. */
  views?: ViewRows | null;
}
