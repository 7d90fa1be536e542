import type { AddressKey } from "../kernel/address-key.js";
import type { Role } from "../scenario/types.js";
import { type LinkEnd, TCP_STATES, type TcpState } from "./types.js";

export type SideCounts = Record<Role, Record<TcpState, number>>;

/** include/net/tcp_states.h. A request socket (TCP_NEW_SYN_RECV) is shown as SYN_RECV by every tool. */
const STATE_BY_NUMBER: readonly (TcpState | null)[] = [null, ...TCP_STATES, "syn_recv"];

/** null when there is no such state. */
export function stateOf(number: number): TcpState | null {
  return STATE_BY_NUMBER[number] ?? null;
}

export function isState(number: number): boolean {
  return stateOf(number) !== null;
}

export function noSockets(): Record<TcpState, number> {
  return Object.fromEntries(TCP_STATES.map((state) => [state, 0])) as Record<TcpState, number>;
}

/** The server's port is at the accepting end on the server's side, at the connecting one on the client's. */
export function sidesOf(ends: readonly LinkEnd[], serverPort: number): SideCounts {
  const sides = { client: noSockets(), server: noSockets() };
  for (const { end, port, states } of ends) {
    if (port !== serverPort) continue;
    const side = sides[end === "to" ? "server" : "client"];
    for (const [state, count] of Object.entries(states)) side[state as TcpState] += count;
  }
  return sides;
}

/** What a table is read into, socket by socket. */
export interface SocketSink {
  /**
   * @param state the kernel's number, one for which isState() holds
   * @param leftMs until the socket's timer ends; asked for in TIME_WAIT only
   */
  add(
    state: number,
    localPort: number,
    remotePort: number,
    leftMs: number,
    local: AddressKey,
    remote: AddressKey,
  ): void;
}
