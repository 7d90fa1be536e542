import type { DirectionCounts } from "../cable/types.js";
import type { BenchError } from "../errors.js";
import type { AwaitStep, CommandStep, SysctlStep } from "../scenario/phases/types.js";
import type { LinkChange, LinkPlan, LinksBy, Role } from "../scenario/types.js";
import type { HostSnapshot, SampleMessage } from "../sampler/types.js";

/** What the other working rooms see of a lab: hosts, and processes on them. */

/** Where administrators' tools are, which are not on every user's PATH. */
export const SBIN = "/usr/local/sbin:/usr/sbin:/sbin";

/** One thing that is done. */
export interface Action {
  /** On which host; null around them. */
  host: string | null;
  /** In a few words: `start server`. */
  what: string;
  /** The command line, or what takes its place; null where there is none. */
  command: string | null;
}

/** Does the work, and notes what it was and how long it took. */
export type Observe = <T>(action: Action, work: () => Promise<T>) => Promise<T>;

export interface LabOptions {
  isolation: "namespace" | "none";
  /** A reading of some host's sampler failed; sampling goes on. */
  onSamplerFault: (message: string) => void;
  /** Aborted by Ctrl-C: a lab that is being made then is made no further. */
  signal?: AbortSignal;
  /** A host has ended by itself, or a process of the lab was stopped (SIGSTOP) and does not go on. */
  onLost?: (error: BenchError) => void;
  /** Sees all that is done to make the lab, and on its hosts. */
  observe?: Observe | undefined;
}

/** What a host's `TcpExt:TW` did over one close that is known to have been one. */
export interface Calibration {
  /** Closes that were made: 1. */
  known: number;
  /** By how much the counter rose at once: 1 since Linux 5.18; 0 before, where it counts expiries. */
  counted: number;
  /** Sockets in TIME_WAIT that could not be taken away again. */
  left: number;
}

export interface Lab {
  isolation: "namespace" | "none";
  /** In the topology `loopback` both roles are played by the same host. */
  hosts: Record<Role, Host>;
  /** Every host by its name, `client` and `server` among them; each host once, but for a shared one. */
  all: ReadonlyMap<string, Host>;
  /** Whom a load goes to that does not say otherwise: the server, or the proxy before it. */
  front: Host;
  /** true when client and server share one host, so that its gauge and counters hold both sides. */
  shared: boolean;
  /** Where nobody answers, by neither RST nor ICMP; null on loopback and without isolation. */
  silentAddress: string | null;
  /** Where it lies: every address of it is silent, also as the source of segments that a host receives. */
  silentNetwork: string | null;
  /** What its cables do besides carrying; null where they are plain ones. */
  cables: Cables | null;
  /** Of each host by its name; null without isolation, where other programs' closes would be counted too. */
  calibration: Readonly<Record<string, Calibration>> | null;
  /** Whether a process of it is stopped (SIGSTOP) at this moment. */
  isAnyStopped(): boolean;
  /** Removes every host with all that runs on it. Never throws; may be called twice. */
  close(): Promise<void>;
}

/** Cables with a length. */
export interface Cables {
  by: Exclude<LinksBy, "auto">;
  /** What each direction does at this moment; those that are not named just carry. */
  readonly links: readonly LinkPlan[];
  /** In force when it resolves. @throws BenchError `lab-failed` */
  change(changes: readonly LinkChange[]): Promise<void>;
  /** Since the lab was made, of each direction that does something. @throws BenchError `lab-failed` */
  counts(): Promise<DirectionCounts[]>;
}

export interface Host {
  name: string;
  /** Where servers on this host can be reached from the other one; the first of its addresses. */
  address: string;
  /** All that it has; at least one. */
  addresses: readonly string[];
  /** What a server on this host listens on: its address, or every one of them where there are several. */
  listenAddress: string;
  /** What is put before a user's program there, so that it runs as that user; nothing where it does by itself. */
  asUser: readonly string[];
  /** Resolves once the process runs; rejects with a BenchError when it cannot be started. */
  spawn(spec: SpawnSpec): Promise<HostProcess>;
  /** A file for programs on it, readable by this user alone and gone with the host; its path. Linux only. */
  holdText(text: string): Promise<string>;
  /** The kernel's counters now, and the CPU time of each process started here. */
  snapshot(): Promise<HostSnapshot>;
  /** The first port from `from` on that no socket of this host has, TIME_WAIT included. */
  quietPort(from: number): Promise<number>;
  /** Where its programs listen; without isolation those that were started here. */
  listening(): Promise<ListeningSocket[]>;
  /** Tries to reach a server from inside this host until it answers; rejects after `timeoutMs`. */
  waitUntilReady(probe: ReadyProbe): Promise<void>;
  /** Samples arrive from now on, until stopSampling() has resolved. */
  startSampling(plan: SamplingRequest, onSample: (sample: SampleMessage) => void): Promise<void>;
  stopSampling(): Promise<void>;
  /** Waits until connections have stopped changing state, at most `timeoutMs`. */
  settle(timeoutMs: number): Promise<void>;
  /** Takes away what is in TIME_WAIT, where the kernel can. Never on a host that is not ours alone. */
  clearTimeWait(): Promise<void>;
  /** The values that this host has, of those of the keys that it knows. */
  readSysctls(keys: readonly string[]): Promise<Record<string, string>>;
  /** What its kernel has now; see lab/inside/reading.ts for the figures. Dumps every table, so it costs what they hold. */
  read(ask: { port: number | null }): Promise<HostReading>;
  /** Counters of readings count from here; until it is called, from when the host was ready. */
  mark(): Promise<void>;
  /** Looks at one figure of a reading until it is as wanted; timed on the host itself. */
  awaitFigure(ask: AwaitRequest): Promise<AwaitOutcome>;
  /** Reads one setting, and writes it unless `value` is null. Without isolation a write is always `forbidden`. */
  sysctl(ask: SysctlRequest): Promise<SysctlOutcome>;
  /** Takes its cable away, so that its peers notice nothing but silence, or puts it back. */
  link(state: "up" | "down"): Promise<void>;
  /** Runs a command line on it, and counts what it prints; see `CommandStep` for the figures. */
  run(ask: CommandRequest): Promise<HostReading>;
}

/** Figures by flat names; null where there is no such thing on this machine. */
export type HostReading = Record<string, number | string | null>;

/** As the step says it, without the host. */
export type AwaitRequest = Omit<AwaitStep, "do" | "on">;

export interface AwaitOutcome {
  reached: 0 | 1;
  /** Until the look that saw it, or the last one. */
  tookMs: number;
  /** Between the last two looks, or since the wait began. */
  blindMs: number;
  /** At the last look; null when there is no such figure, or it is no number. */
  value: number | null;
}

export type SysctlRequest = Pick<SysctlStep, "key" | "value">;

export interface SysctlOutcome {
  /** By the errno of the system call. */
  outcome: "written" | "read" | "absent" | "forbidden" | "refused";
  /** null where it cannot be read. */
  before: string | null;
  after: string | null;
}

export type CommandRequest = Omit<CommandStep, "do" | "on">;

export interface SamplingRequest {
  everyMs: number;
  tableEveryMs: number;
  /** Tells the roles of the load's own connections apart in tables, by which end has it. */
  serverPort: number;
  /** true when the gauge cannot tell the sides apart: tables are then read as often as their cost allows. */
  shared: boolean;
}

export interface ListeningSocket {
  /** `0.0.0.0`, `127.0.0.1`, `::`. */
  address: string;
  port: number;
  /** The name of its program; null where it cannot be told. */
  program: string | null;
}

/** `orAt`: another address at which it may answer instead. */
export type ReadyProbe = { host: string; orAt?: string; port: number; timeoutMs: number } & (
  | { by: "tcp" }
  /** `tls`: over TLS, with whatever certificate it has. */
  | { by: "http"; path: string; tls?: true }
);

export interface SpawnSpec {
  /** Shown in errors: `server`. */
  label: string;
  program:
    /** One of our own Node entry points, with an IPC channel. `runs`: a program that it is to run itself. */
    | { entry: string; runs?: { command: string; cwd: string } }
    /** A program and its arguments, without a shell. */
    | { file: string; args: string[] }
    /** A line for `sh -c`, run as `user`, or as whoever runs bench; without a folder of its own in ours, and with our environment besides its own. */
    | { shell: string; cwd?: string; env?: Record<string, string>; user?: string; asUser?: readonly string[] };
}

export interface HostProcess {
  /** Names its CPU times in a HostSnapshot. */
  id: string;
  /** Sends to an entry point's IPC channel. */
  send(message: unknown): void;
  /** Messages of the entry point, in order; those that came before the first listener are kept for it. */
  onMessage(listener: (message: unknown) => void): void;
  /** Each line of stdout and stderr, from the start. */
  onLine(listener: (line: string) => void): void;
  /** Resolves, never rejects, when the process has ended. */
  exited: Promise<ProcessExit>;
  kill(): void;
}

export interface ProcessExit {
  code: number | null;
  signal: string | null;
  /** The last lines of its output, at most 20. */
  lastLines: string[];
}
