import type { DirectionCounts } from "../cable/types.js";
import type { HostRecord } from "../watch/types.js";
import type { Claims } from "../client/tools/types.js";
import type { ProgramRun } from "../client/types.js";
import type { Finding } from "../findings/types.js";
import type { Metrics } from "../metrics/table.js";
import type { TableSource, TcpState } from "../sampler/types.js";
import type { Verdict } from "../scenario/claim/types.js";
import type { LinksBy, Role, Scenario } from "../scenario/types.js";

export type { CpuTimes, Metrics, TimeWaitFigures } from "../metrics/table.js";

/** The one document that a run leaves. Written whole or not at all; every report is a function of it. */
export interface RunResult {
  /** 2 has links, hosts and findings; 1 was written before, and is still read, reported and compared. */
  schemaVersion: 1 | 2;
  status: RunStatus;
  /** ISO 8601, UTC. */
  startedAt: string;
  elapsedMs: number;
  scenario: Scenario;
  environment: Environment;
  /** By name, in the scenario's order. A variant that never ran has no trials. */
  variants: Record<string, VariantResult>;
  /** Empty unless every variant was measured. */
  expectations: ExpectationResult[];
  warnings: Warning[];
  /** What it tells in words, problems first. */
  findings: Finding[];
  /** What became of the scenario's claim; absent without one, and for a run that was interrupted. */
  claim?: ClaimResult;
  /** Why a failed run failed; absent otherwise. */
  error?: { code: string; message: string; hint: string };
  /** Of a namespace that was watched: all that was read, for `bench import`. Absent of runs. */
  recording?: HostRecord;
}

/** Several scenarios in one run. */
export interface RunResultSet {
  schemaVersion: 1 | 2;
  results: RunResult[];
}

export type RunStatus = "complete" | "interrupted" | "failed";

export interface VariantResult {
  trials: Trial[];
  /** Each figure's median over the trials that were measured to their end; null while there is none. */
  median: Metrics | null;
  /** What its steps found, over the same trials; empty without steps. */
  figures: Record<string, Figure>;
  /** Between what bounds each median lies with 95 % confidence; null for fewer than six such trials. */
  interval?: { low: Metrics; high: Metrics } | null;
}

/** What a step found; null where there was nothing to measure. */
export type Figure = number | string | null;

/** The claim itself, what to do instead and the sources stand in `scenario.claim`. */
export interface ClaimResult {
  id: string;
  text: string;
  verdict: Verdict;
  /** One sentence, with what was measured. */
  reason: string;
  /** All was measured, and no rule speaks of it: the claim's rules have a gap. Absent otherwise. */
  fitsNone?: true;
  /** The figures that decide, by their labels. */
  figures: Record<string, Figure>;
}

export interface Trial extends Metrics {
  status: RunStatus;
  /** Position in the run, counted from 0 over all variants. */
  order: number;
  /** From the first request to the end of the load. */
  durationMs: number;
  /** What its steps found, by `<step>.<figure>`; empty without steps. */
  figures: Record<string, Figure>;
  /** When each step was taken, on the clock of the timeline. Absent without steps, and in results of earlier versions. */
  steps?: StepTaken[];
  /** Pairs of a client's and a server's address that connections went through: each has the local ports once. */
  addressPairs: number;
  /** What ran, as it was asked: `undici 7.30.2`. */
  clientName: string;
  serverName: string;
  /** Failures of system calls by call and errno, `connect EADDRNOTAVAIL`; null where the client cannot tell. */
  errorsByCall: Record<string, number> | null;
  /** HdrHistogram V2, compressed, base64; values in microseconds. null where there is none. */
  histograms: {
    latencyUs: string | null;
    uncorrectedLatencyUs: string | null;
    connectUs: string | null;
    /** Absent of plain HTTP. */
    handshakeUs?: string;
    firstByteUs: string | null;
  };
  /** The sampling that ran, by role, and by name for hosts that play none. Absent in results of earlier versions. */
  sampling?: Record<string, Sampling>;
  timeline: Timeline;
  /** What the client says of itself, and what became of it: nothing of it is measured. Absent where it was a client of ours. */
  claims?: Claims | null;
  program?: Omit<ProgramRun, "claims">;
  /** What else the server counted itself. Absent where it does not count, and in results of earlier versions. */
  atServer?: AtServer;
  /** What cables did besides carrying. Absent where they were plain ones. */
  cables?: TrialCables;
  /** What each host's kernel counted during the load, and its sysctls as read before it. */
  kernel: Record<Role, KernelReading | null>;
  /** The same of hosts that play neither role, by name; absent when there are none. */
  otherKernels?: Record<string, KernelReading>;
  books: BookLine[];
}

export interface TrialCables {
  by: Exclude<LinksBy, "auto">;
  /** Since the lab was made, with what came before the load. */
  directions: readonly DirectionCounts[];
}

export interface AtServer {
  /** That it accepted. */
  connections: number;
  /** Requests that met the fault of a server that misbehaves. Absent of others. */
  faults?: number;
  /** When the first and the last request came, on the clock of the timeline; null: none did. Absent where it does not look. */
  requestedMs?: { first: number; last: number } | null;
}

export interface StepTaken {
  step: string;
  /** Its kind: `load`, `connect`. */
  does: string;
  beganMs: number;
  /** null: it was under way when the trial ended. */
  endedMs: number | null;
  /** Why it failed, in a sentence; null when it did not. */
  fault: string | null;
}

/** How often a host was read: its gauge, and its whole table of states, that as far as its cost allowed. */
export interface Sampling {
  everyMs: number;
  tableEveryMs: number;
}

/** Columns on one clock that starts with the load: `atMs` 0 is the first request. Readings before it are negative. */
export interface Timeline {
  client: HostTimeline | null;
  server: HostTimeline | null;
  /** Of hosts that play neither role, by name; absent when there are none. Their tables hold what both ends have. */
  others?: Record<string, HostTimeline>;
  load: LoadColumns;
}

export interface HostTimeline {
  atMs: number[];
  /** Population in TIME_WAIT on this side. */
  time_wait: number[];
  /**
   * Population in ESTABLISHED or CLOSE_WAIT (`CurrEstab`); on a shared host ESTABLISHED on this side. null where it was
   * not read: counters are at most 20 times a second, TIME_WAIT as often as the scenario says.
   */
  established: (number | null)[];
  /**
   * Sockets that entered TIME_WAIT since the load began; null where it was not read. Absent on a shared host, where sides
   * share the counter.
   */
  time_wait_created?: (number | null)[];
  /** What each reading cost, in microseconds. */
  costUs: number[];
  /** The whole table of states, read more seldom. `source` is how; absent when it never was. */
  table: StateColumns & { atMs: number[]; costUs: number[]; source?: TableSource } & EndColumns & ConntrackColumns;
}

/** Of a host that plays neither role: `time_wait` of its table by the end that has the port. Absent for the others. */
export interface EndColumns {
  /** Connections that it accepted: on a proxy those of its clients. */
  time_wait_accepted?: number[];
  /** Connections that it made: on a proxy those to the server. */
  time_wait_made?: number[];
}

/** What the host's netfilter tracks, read with each table; absent where nothing was ever tracked. */
export interface ConntrackColumns {
  /** All entries, those among them that have expired and were not collected yet. */
  conntrack?: number[];
  /** Those of TCP in TIME_WAIT, which is not the sockets' and has a timer of its own; null where looking cost too much. */
  conntrackTimeWait?: (number | null)[];
  /** What looking cost, in microseconds; it is in no `costUs`. */
  conntrackCostUs?: number[];
}

export type StateColumns = Record<TcpState, number[]>;

export interface LoadColumns {
  /** The end of each interval. */
  atMs: number[];
  /** Requests that succeeded in the interval, per second. */
  perSec: number[];
  /** null for an interval without a success. */
  p50Us: (number | null)[];
  p99Us: (number | null)[];
}

export interface KernelReading {
  /** By the kernel's names with their group: `Tcp:ActiveOpens`, `TcpExt:TW`. Differences over the load; zeros left out. */
  counters: Record<string, number>;
  sysctls: Record<string, string>;
  /** The range of local ports: how many a client on this host has for one destination. */
  localPorts: { low: number; high: number } | null;
}

/** One figure that two parties counted. */
export interface BookLine {
  name: string;
  left: { who: string; count: number };
  right: { who: string; count: number };
  /** left − right */
  difference: number;
  balanced: boolean;
  /** Why it is not balanced; begins with `possibly` where nothing that was measured shows it. null when it is balanced. */
  reason: string | null;
}

export interface ExpectationResult {
  text: string;
  holds: boolean;
  /** The left side as measured; a name for `closedFirst`; null when there was nothing to measure. */
  measured: number | string | null;
  /** What it was held against, computed. */
  against: number | string | null;
}

export interface Warning {
  /** Stable, for scripts: `sampler-late`. */
  code: string;
  message: string;
  /** What the message says, as data; absent in results of earlier versions. */
  figures?: Readonly<Record<string, number | string | boolean | null>>;
  /** Absent when it concerns the run as a whole. */
  variant?: string;
  trial?: number;
}

export interface Environment {
  benchVersion: string;
  kernel: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  node: string;
  platform: string;
  /** `watched`: nothing was run; namespaces were watched. */
  isolation: "namespace" | "none" | "watched";
  /** Versions of what ran: `{ "undici": "7.30.2", "go": "go1.26.8" }`. */
  tools: Record<string, string>;
  /** By role, as read on each host in the first trial. */
  sysctls: Record<Role, Record<string, string>>;
}
