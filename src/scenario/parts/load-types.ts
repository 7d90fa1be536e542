import type { GoProgram, Role } from "./lab-types.js";

/** A load as meant, and how its sockets are counted. */

/** Those that are ours, and count what they do themselves. */
export const OWN_CLIENTS = ["epoll", "undici", "autocannon", "go"] as const;
/** Load generators that are programs on the machine. */
export const TOOL_NAMES = ["wrk", "wrk2", "ab", "h2load", "hey", "oha", "k6", "vegeta", "fortio", "siege"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];
/** `command`: any program. */
export type ClientKind = (typeof OWN_CLIENTS)[number] | ToolName | "command";
/** `reset`: the client, by a RST instead of a FIN (SO_LINGER with zero seconds); only `epoll` can do that. */
export type Closer = Role | "reset";

export const TLS_CHECKS = ["verify", "insecure"] as const;
export type TlsCheck = (typeof TLS_CHECKS)[number];

export interface LoadPlan {
  /** Never `auto`: that is resolved to a kind. */
  client: ClientKind;
  connections: number;
  durationMs: number;
  /** A load like this one goes before it for so long, and is in no figure; 0 or absent: none. */
  warmupMs?: number;
  /** Ends the load after so many requests, if the duration does not end it first; null: the duration alone. */
  requests: number | null;
  connection: "close" | "keep-alive";
  /** Requests on one connection before it is closed; 1 with `close`; null: as many as it lasts. */
  requestsPerConnection: number | null;
  /** Who should send the first FIN once a connection's requests are done. */
  closer: Closer;
  path: string;
  /** What a request says besides its path; absent: a GET with no fields of its own. */
  request?: RequestPlan;
  /** It speaks TLS: the client checks the server's certificate, or takes any. Absent: plain HTTP. */
  tls?: TlsCheck;
  /** Statuses that count as success, exact (`404`) or by class (`2xx`); absent: 2xx and 3xx. */
  success?: string[];
  /** A request that has no whole response after so long fails as ETIMEDOUT. */
  timeoutMs: number;
  /** Open loop: when requests are meant to start. null: closed loop, each slot's next request as soon as it can. */
  pace: PacePlan | null;
  /** Of a closed loop; absent: none. */
  pauses?: PausePlan;
  /** Only for `epoll`; absent: one thread, and nothing asked of the kernel that connect() would not do by itself. */
  sockets?: SocketPlan;
  /** Of `go` alone. */
  go?: GoPlan;
  /** Of `command`, and of tools once they were found. */
  program?: ProgramPlan;
}

/** A program that makes the load. */
export interface ProgramPlan {
  /** For `sh -c`, with places: `{url}`, `{host}`, `{port}`, `{connections}`, `{seconds}`, `{rate}`, `{requests}`. */
  command: string;
  /** Absolute. */
  cwd: string;
  /** Whose output it is; null for a program of which nothing is known, and before a tool was found. */
  tool: { name: ToolName; version: string } | null;
  /** Of `command`: whose output it writes. Absent: nobody's that is known. */
  reads?: ToolName;
  /** What a lab puts before it, so that it runs as the user who runs bench; no scenario does. */
  asUser?: readonly string[];
}

/** How a client of Go's net/http treats its connections. */
export interface GoPlan {
  /** Bodies are read to their end before they are closed; else a connection with a rest of one is of no further use. */
  drain: boolean;
  /** http.Transport.MaxIdleConnsPerHost; null: as many as connections. */
  idleConnections: number | null;
  program?: GoProgram;
}

/** How a client that calls the kernel itself goes about its sockets. */
export interface SocketPlan {
  /** Connections are shared out evenly among them. */
  threads: number;
  /** SO_LINGER in whole seconds: close() waits so long for the peer's acknowledgement; null: it does not wait. */
  lingerSec: number | null;
  /** Taken in turn; empty: the kernel chooses. With destinations, every pair gets its turn. */
  sourceAddresses: string[];
  /** Taken in turn, each with the target's port; empty: the target's own. */
  destinationAddresses: string[];
  /**
   * When a connection gets its port. `late`: in connect(), where it has to be free towards one destination only.
   * `early`: in bind(), where it has to be free towards all of them (ip(7), IP_BIND_ADDRESS_NO_PORT).
   */
  bind: "late" | "early";
  /** Both included; null: net.ipv4.ip_local_port_range. */
  localPorts: { low: number; high: number } | null;
  /** SO_REUSEADDR before bind(). */
  reuseAddress: boolean;
}

export interface PacePlan {
  /** `constant`: evenly spaced. `poisson`: as if each came by itself, as many in the long run. */
  arrivals: "constant" | "poisson";
  /** One after the other, at least one. */
  stages: PaceStage[];
  /** The same one gives the same Poisson arrivals. */
  seed: number;
}

/** In it the rate changes evenly from one value to the other. */
export interface PaceStage {
  durationMs: number;
  fromPerSec: number;
  toPerSec: number;
}

export interface RequestPlan {
  method: string;
  /** By name, as written. */
  headers: Record<string, string>;
  /** null: none. */
  body: BodyPlan | null;
  /** In turn, one for each request; `LoadPlan.path` is the first. */
  paths: string[];
}

/** A file's size and hash are known once it was read, before anything is measured. */
export type BodyPlan = { text: string } | { file: string; bytes?: number; sha256?: string };

/** When connections are idle: a think time, or batches as of a job that runs again and again. */
export interface PausePlan {
  /** How long a pause is; each length between both is as likely. */
  thinkMs: { from: number; to: number };
  /**
   * null: a connection pauses after each of its answers. Else so many requests of the load go out together, as fast as
   * connections are free for them, and the pause is between the last answer and the next batch.
   */
  batch: number | null;
  /** The same one gives the same pauses. */
  seed: number;
}

export interface SamplePlan {
  /** Between two readings of the O(1) gauge and counters. */
  everyMs: number;
  /** Between two readings of the whole table of states. */
  tableEveryMs: number;
}

/** The kernel's names in lower snake case, in the order of their numbers, from 1 (include/net/tcp_states.h). */
export const TCP_STATES = [
  "established",
  "syn_sent",
  "syn_recv",
  "fin_wait1",
  "fin_wait2",
  "time_wait",
  "close",
  "close_wait",
  "last_ack",
  "listen",
  "closing",
] as const;
export type TcpState = (typeof TCP_STATES)[number];
