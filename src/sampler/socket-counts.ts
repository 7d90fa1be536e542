import type { Role } from "../scenario/types.js";
import { type PortGroup, TCP_STATES, type TcpState } from "./types.js";

export type SideCounts = Record<Role, Record<TcpState, number>>;

/** include/net/tcp_states.h. A request socket (TCP_NEW_SYN_RECV) is shown as SYN_RECV by every tool. */
const STATE_BY_NUMBER: readonly (TcpState | null)[] = [null, ...TCP_STATES, "syn_recv"];
const STATES = STATE_BY_NUMBER.length;
const TIME_WAIT = 6;
/** In a row of counts: the sockets whose local end has the port, then those whose remote end has it. */
const ENDS = ["local", "remote"] as const;

export function isState(number: number): boolean {
  return stateOf(number) !== null;
}

/** null where the kernel has no state of that number. */
export function stateOf(number: number): TcpState | null {
  return STATE_BY_NUMBER[number] ?? null;
}

export function noSockets(): SideCounts {
  const side = (): Record<TcpState, number> =>
    Object.fromEntries(TCP_STATES.map((state) => [state, 0])) as Record<TcpState, number>;
  return { client: side(), server: side() };
}

/**
 * Counts sockets by the port that tells what they belong to, at which end they have it, and their state. What does not
 * have one of the watched ports is left out, so that the result stays small whatever the table holds.
 */
export class SocketCounts {
  readonly #ports: readonly number[];
  /** By port: 1 + its place among the watched ones; 0 for all others. */
  readonly #places = new Uint16Array(65_536);
  readonly #counts: Uint32Array;
  /** By place and end: the shortest and the longest time that a TIME_WAIT has left. */
  readonly #least: Float64Array;
  readonly #most: Float64Array;

  /** @param serverPort tells the sides of the run; the others only make groups of their own */
  constructor(serverPort: number, otherPorts: readonly number[]) {
    this.#ports = [...new Set([serverPort, ...otherPorts])];
    for (const [place, port] of this.#ports.entries()) this.#places[port] = place + 1;
    const rows = this.#ports.length * ENDS.length;
    this.#counts = new Uint32Array(rows * STATES);
    this.#least = new Float64Array(rows).fill(Infinity);
    this.#most = new Float64Array(rows).fill(-Infinity);
  }

  /**
   * A socket that has watched ports at both ends goes by its local one.
   * @param state the kernel's number, one for which isState() holds
   * @param leftMs until the socket's timer ends; asked for in TIME_WAIT only
   */
  add(state: number, localPort: number, remotePort: number, leftMs: number): void {
    let row = this.#places[localPort]! * 2 - 2;
    if (row < 0) row = this.#places[remotePort]! * 2 - 1;
    if (row < 0) return;
    this.#counts[row * STATES + state]!++;
    if (state !== TIME_WAIT) return;
    if (leftMs < this.#least[row]!) this.#least[row] = leftMs;
    if (leftMs > this.#most[row]!) this.#most[row] = leftMs;
  }

  /** The server's port is at the local end on the server's side, at the remote one on the client's. */
  sides(): SideCounts {
    const sides = noSockets();
    this.#fill(0, sides.server);
    this.#fill(1, sides.client);
    return sides;
  }

  /** At most two a port; those without a socket are left out. */
  groups(): PortGroup[] {
    return this.#ports.flatMap((port, place) =>
      ENDS.flatMap((end, index) => {
        const row = place * ENDS.length + index;
        const states: PortGroup["states"] = {};
        this.#fill(row, states);
        if (Object.keys(states).length === 0) return [];
        const timeWaitLeftMs =
          states.time_wait === undefined ? null : { min: this.#least[row]!, max: this.#most[row]! };
        return [{ port, end, states, timeWaitLeftMs }];
      }),
    );
  }

  #fill(row: number, states: Partial<Record<TcpState, number>>): void {
    for (const [number, state] of STATE_BY_NUMBER.entries()) {
      const count = this.#counts[row * STATES + number]!;
      if (state !== null && count > 0) Object.assign(states, { [state]: (states[state] ?? 0) + count });
    }
  }
}
