import { addressText, type AddressKey } from "../kernel/address-key.js";
import { monotonicMs } from "../kernel/clock.js";
import { type SocketSink, stateOf } from "./socket-counts.js";
import type { LinkEnd } from "./types.js";

const TIME_WAIT = 6;
const LISTEN = 10;
const PORTS = 65_536;
const STATES = 13;
/** TCP_TIMEWAIT_LEN, a constant of the kernel (include/net/tcp.h). */
const TIME_WAIT_MS = 60_000;
/** A power of two, and so many more than rows that a free one is near. */
const SLOTS = 16_384;
/** A lab of forty addresses on each side has 1,600; beyond, peers are told as one. */
const MOST_ROWS = 4_096;
/**
 * Of ports that nobody here is known to listen on. A TIME_WAIT whose listener is gone may have a row for each port of the other
 * end: thousands of them may come first, and must not take the place of those that are looked for.
 */
const MOST_OF_STRANGERS = 2_048;
/** Rows that keep a listener's port after that. */
const MOST_KEPT = 8_192;
const MANY: AddressKey = 2 ** 40;
/** How often the clock is looked at, in sockets: the time that TIME_WAIT has left counts from when the kernel wrote it. */
const CLOCK_EVERY = 64;

interface Row {
  end: LinkEnd["end"];
  port: number;
  local: AddressKey;
  remote: AddressKey;
  counts: Uint32Array;
  least: number;
  most: number;
  born: number;
}

/** What several readings of one host's table have in common. */
export class Listeners {
  /** Ports that this host has listened on at any reading: a connection outlives its listener. */
  readonly ports = new Uint8Array(PORTS);
  /** Where connect() takes its ports from. */
  readonly range: { low: number; high: number };

  /** @param planned ports that are known to be listened on, whether or not a reading has seen it */
  constructor(range: { low: number; high: number }, planned: readonly number[] = []) {
    this.range = range;
    for (const port of planned) this.ports[port] = 1;
  }

  /**
   * Whether this host accepted the connection: it listens on the local port; or only the local port lies outside of the
   * range that connect() takes its ports from, for its listener may be gone.
   */
  accepted(localPort: number, remotePort: number): boolean {
    if (this.ports[localPort] === 1 || remotePort === 0) return true;
    return this.ports[remotePort] === 0 && !this.#isEphemeral(localPort) && this.#isEphemeral(remotePort);
  }

  #isEphemeral(port: number): boolean {
    return port >= this.range.low && port <= this.range.high;
  }
}

/**
 * One reading of a host's table, counted by what each socket belongs to: its end of the connection, the listener's port,
 * both addresses, and the state. Listeners come first in every table that the kernel writes (net/ipv4/inet_diag.c,
 * inet_diag_dump_icsk; tcp_ipv4.c, tcp_get_idx), so that a port is known as one when its connections come.
 */
export class LinkEnds implements SocketSink {
  readonly #listeners: Listeners;
  readonly #sinceMs: number;
  readonly #rows: Row[] = [];
  /** 1 + the place among the rows; 0: free. */
  readonly #slots = new Uint16Array(SLOTS);
  #added = 0;
  #strangers = 0;
  #nowMs = 0;

  /** @param sinceMs from when on a socket that entered TIME_WAIT counts as `timeWaitBorn` */
  constructor(listeners: Listeners, sinceMs: number) {
    this.#listeners = listeners;
    this.#sinceMs = sinceMs;
  }

  add(
    state: number,
    localPort: number,
    remotePort: number,
    leftMs: number,
    local: AddressKey,
    remote: AddressKey,
  ): void {
    if (this.#added++ % CLOCK_EVERY === 0) this.#nowMs = monotonicMs();
    if (state === LISTEN) this.#listeners.ports[localPort] = 1;
    const row = this.#listeners.accepted(localPort, remotePort)
      ? this.#row("to", localPort, local, remote)
      : this.#row("from", remotePort, local, remote);
    row.counts[state]!++;
    if (state !== TIME_WAIT) return;
    if (leftMs < row.least) row.least = leftMs;
    if (leftMs > row.most) row.most = leftMs;
    if (this.#nowMs + leftMs - TIME_WAIT_MS > this.#sinceMs) row.born++;
  }

  /** Those with most sockets first. */
  ends(): LinkEnd[] {
    return this.#rows.map(asEnd).toSorted((a, b) => total(b) - total(a));
  }

  /** By hashing with open addressing: a Map would need a key made of four numbers, which takes ten times as long. */
  #row(end: Row["end"], port: number, local: AddressKey, remote: AddressKey): Row {
    let slot = hashOf(end, port, local, remote);
    for (; this.#slots[slot] !== 0; slot = (slot + 1) % SLOTS) {
      const row = this.#rows[this.#slots[slot]! - 1]!;
      if (row.remote === remote && row.port === port && row.local === local && row.end === end) return row;
    }
    const isStrange = this.#listeners.ports[port] === 0;
    const isFull = isStrange ? this.#strangers >= MOST_OF_STRANGERS : this.#rows.length >= MOST_ROWS;
    if (isFull && remote !== MANY)
      return this.#row(end, isStrange || this.#rows.length >= MOST_KEPT ? 0 : port, MANY, MANY);
    if (isStrange) this.#strangers++;
    const row = { end, port, local, remote, counts: new Uint32Array(STATES), least: Infinity, most: 0, born: 0 };
    this.#slots[slot] = this.#rows.push(row);
    return row;
  }
}

function hashOf(end: Row["end"], port: number, local: AddressKey, remote: AddressKey): number {
  const mixed = Math.imul(local, 0x9e37_79b1) ^ Math.imul(remote, 0x85eb_ca6b) ^ Math.imul(port, 0xc2b2_ae35);
  return ((mixed ^ (mixed >>> 15)) + (end === "to" ? 1 : 0)) & (SLOTS - 1);
}

function asEnd({ end, port, local, remote, counts, least, most, born }: Row): LinkEnd {
  const states: LinkEnd["states"] = {};
  for (const [number, count] of counts.entries()) {
    const state = stateOf(number);
    // Two numbers are shown as SYN_RECV.
    if (state !== null && count > 0) states[state] = (states[state] ?? 0) + count;
  }
  return {
    end,
    port,
    local: addressText(local),
    remote: addressText(remote),
    states,
    timeWaitLeftMs: counts[TIME_WAIT] === 0 ? null : { min: least, max: most },
    timeWaitBorn: born,
  };
}

function total({ states }: LinkEnd): number {
  return Object.values(states).reduce((sum, count) => sum + count, 0);
}
