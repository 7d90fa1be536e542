import type { Population, TableSource, TcpState } from "../sampler/types.js";

/** The sockets of one or several network namespaces at one moment: what `bench states --format json` prints. */
export interface StatesDocument {
  schemaVersion: 1;
  /** ISO 8601. */
  at: string;
  /** The ports that the sockets were asked for by; empty for all. */
  ports: number[];
  namespaces: NamespaceStates[];
}

export interface NamespaceStates extends Reading {
  place: Place;
}

/** Whose namespace it is. */
export type Place =
  | { kind: "machine" }
  | { kind: "process"; pid: number }
  /** A host of a lab; `lab` is the process that runs it, null where it could not be found. */
  | { kind: "host"; pid: number; host: string; lab: { pid: number; command: string } | null };

export interface LookRequest {
  /** Only sockets with one of these ports at either end; empty for all. */
  ports: number[];
  /** Up to so many sockets are read to the last one; null for all, however many there are. */
  most: number | null;
}

/** What was seen of a namespace. */
export interface Reading {
  population: Population;
  /** null when it was left out, because it is too large. */
  table: SocketTable | null;
  /** Why something is not as it would be on a better machine, or with more rights. */
  notes: string[];
}

export type Counts = Partial<Record<TcpState, number>>;
export interface Left {
  min: number;
  max: number;
}

export interface SocketTable {
  source: TableSource;
  /** Spent reading, not waiting. */
  costMs: number;
  /** Sockets that were read; all figures below count these. */
  read: number;
  /**
   * Sockets in TIME_WAIT that were not read, because there are many: by the kernel's own count of them, which knows
   * neither families nor ports. null when they were read like all others.
   */
  timeWaitUnread: number | null;
  /** IPv6 has the connections over IPv4 that an IPv6 socket carries, as in every other tool. */
  states: { ipv4: Counts; ipv6: Counts };
  /** The shortest and the longest time that those in TIME_WAIT still have; null where there are none. */
  timeWaitLeftMs: Left | null;
  /** The largest first. */
  groups: SocketGroup[];
}

/** Sockets of one service. */
export interface SocketGroup {
  /** `accepted`: the port is the local one, and the service is here; `made`: it is the remote one. */
  side: "accepted" | "made";
  port: number;
  sockets: number;
  /** How many of them are here by a guess: nothing listens on either port, so that either may be the service's. */
  guessed: number;
  states: Counts;
  timeWaitLeftMs: Left | null;
}
