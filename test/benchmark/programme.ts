import type { Client } from "./clients.js";
import { MODES, type Mode, SERVERS, type ServerName } from "./types.js";

/** Ours against one peer, to be measured in pairs. */
export interface Planned {
  server: ServerName;
  mode: Mode;
  threads: number;
  peer: Client;
  /** Whether a goal rests on it: what none rests on is measured in fewer pairs. */
  decisive: boolean;
}

export interface Wanted {
  servers: readonly ServerName[];
  modes: readonly Mode[];
  threads: readonly number[];
}

export const EVERYTHING: Wanted = { servers: SERVERS, modes: MODES, threads: [1, 2] };

/** The peer that the goals name. */
export const YARDSTICK = "wrk";

/**
 * What is compared, the most important first, so that a benchmark which is cut short has it: every peer on one thread
 * against nginx; more threads, and the Node server, only against the peer that the goals name.
 */
export function programme(peers: readonly Client[], wanted: Wanted): Planned[] {
  const yardsticks = peers.filter(({ name }) => name === YARDSTICK);
  const others = peers.filter(({ name }) => name !== YARDSTICK);
  const all = (threads: number, server: ServerName, against: readonly Client[]): Planned[] =>
    MODES.flatMap((mode) =>
      against.map((peer) => ({ server, mode, threads, peer, decisive: decides(server, mode, threads, peer) })),
    );
  return [
    ...all(1, "nginx", yardsticks),
    ...all(2, "nginx", yardsticks),
    ...all(1, "nginx", others),
    ...all(1, "node", yardsticks),
  ].filter(
    ({ server, mode, threads }) =>
      wanted.servers.includes(server) && wanted.modes.includes(mode) && wanted.threads.includes(threads),
  );
}

/** In the order of their first, those together whose runs of ours are the same. */
export function sameLoads(planned: readonly Planned[]): Planned[][] {
  const groups = new Map<string, Planned[]>();
  for (const one of planned) {
    const load = `${one.server} ${one.mode} ${one.threads}`;
    groups.set(load, [...(groups.get(load) ?? []), one]);
  }
  return [...groups.values()];
}

/** See goals.ts. */
function decides(server: ServerName, mode: Mode, threads: number, peer: Client): boolean {
  if (server !== "nginx") return false;
  return mode === "close" ? threads === 1 || peer.name === YARDSTICK : threads === 1 && peer.name === YARDSTICK;
}
