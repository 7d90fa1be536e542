import type { TcpState } from "../sampler/types.js";

/** Whose ports they are: `client`: this end has connected; `server`: it has accepted; `unknown`: it cannot be told. */
export type WatchedSide = "client" | "server" | "unknown";

/** The sockets of one namespace that are the same end of connections with one peer, to one port. */
export interface SeenLink {
  side: WatchedSide;
  /** An address of this namespace: each has the range of local ports once. null where it does not matter. */
  local: string | null;
  /** The other end's address; null for all the others together. */
  peer: string | null;
  /** The port that is listened on; null for all the others together. */
  port: number | null;
  states: Partial<Record<TcpState, number>>;
  /** Local ports that connect() took, and that are not free again towards this peer and port. */
  portsHeld: number;
  /** By age in whole seconds: how many closed first so long ago, by what is in TIME_WAIT. Empty where none is. */
  closedAgo: number[];
  /** How long ago the first of them closed, in milliseconds; null where none did. */
  firstCloseMs: number | null;
  /** In CLOSE_WAIT for 10 s at least, as far as this watch has seen. */
  closeWaitStays: number;
  /** Of some of these sockets that a program has: see `ownersOf`. */
  inodes: number[];
}
