import { addressText, type AddressKey } from "../kernel/address-key.js";
import { stateOf } from "../sampler/socket-counts.js";
import { Recurring } from "../states/recurring.js";
import { type End, Sides } from "../states/sides.js";
import type { SeenLink, WatchedSide } from "./types.js";

/** net/ipv4/tcp_minisocks.c: TCP_TIMEWAIT_LEN. */
export const TIME_WAIT_MS = 60_000;
/** The kernel's numbers of states end before this (include/net/tcp_states.h). */
const NUMBERS = 16;
const TIME_WAIT = 6;
const CLOSE = 7;
const CLOSE_WAIT = 8;
const LISTEN = 10;
const SECONDS = TIME_WAIT_MS / 1000;
/** A socket whose timer has run out stays until the timer wheel comes round to it: for some seconds (kernel/time/timer.c). */
const BUCKETS = SECONDS + 1;
/** In CLOSE_WAIT for so long, its program has forgotten it rather than not come round to it. */
const STAYS_MS = 10_000;
/** Of more links, sockets are counted together; and of more sockets in CLOSE_WAIT, it is not known since when. */
const MOST_LINKS = 20_000;
const MOST_FOLLOWED = 50_000;
const INODES = 4;
const OTHERS = -1;
const ANY_PORT = 65_536;

interface Cell {
  side: WatchedSide;
  local: AddressKey | null;
  peer: AddressKey;
  port: number;
  counts: Uint32Array;
  portsHeld: number;
  closedAgo: Uint32Array | null;
  closeWaitStays: number;
  inodes: number[];
}

/** Since when a socket in CLOSE_WAIT has been seen, by inode; handed on from one reading to the next. */
export type Followed = ReadonlyMap<number, number>;

/** What is asked of a socket: see `DiagSocket`. */
export interface OneSocket {
  state: number;
  localPort: number;
  remotePort: number;
  /** Counts in TIME_WAIT only. */
  expiresMs: number;
  localKey: AddressKey;
  remoteKey: AddressKey;
  /** 0 where it is not known. */
  inode: number;
}

/** Sockets by side, peer and port, and when those in TIME_WAIT closed. Pure: one for each reading. */
export class Gather {
  /** In CLOSE_WAIT now; complete when the links have been asked for. */
  readonly followed = new Map<number, number>();
  sockets = 0;
  readonly #sides: Sides;
  readonly #before: Followed;
  readonly #nowMs: number;
  /** By local address, then by side, port and peer. */
  readonly #cells = new Map<AddressKey | null, Map<number, Cell>>();
  #links = 0;
  /** Only all of them together tell whose end is the service's. */
  readonly #unclear: OneSocket[] = [];

  constructor(
    listening: Iterable<number>,
    range: { low: number; high: number },
    { before, nowMs }: { before: Followed; nowMs: number },
  ) {
    this.#sides = new Sides(listening, range);
    this.#before = before;
    this.#nowMs = nowMs;
  }

  add(socket: OneSocket): void {
    this.sockets++;
    if (socket.state === LISTEN) return;
    const end = this.#sides.endOf(socket.localPort, socket.remotePort);
    if (end !== "unclear") return this.#put(socket, end);
    // The reader may use its object again.
    const { state, localPort, remotePort, expiresMs, localKey, remoteKey, inode } = socket;
    this.#unclear.push({ state, localPort, remotePort, expiresMs, localKey, remoteKey, inode });
  }

  #decide(): void {
    const recurring = new Recurring();
    const unclear = this.#unclear.splice(0);
    for (const { localPort, remotePort } of unclear) recurring.count(localPort, remotePort);
    for (const socket of unclear) this.#put(socket, recurring.endOf(socket.localPort, socket.remotePort));
  }

  #put({ state, localPort, remotePort, expiresMs, localKey, remoteKey, inode }: OneSocket, end: End): void {
    const side = end === "made" ? "client" : end === "accepted" ? "server" : "unknown";
    const port = side === "client" ? remotePort : side === "server" ? localPort : Math.min(localPort, remotePort);
    const cell = this.#cell(side, side === "client" ? localKey : null, remoteKey, port);
    cell.counts[state]!++;
    if (side === "client" && cell.peer !== OTHERS && state !== CLOSE && this.#sides.isEphemeral(localPort))
      cell.portsHeld++;
    if (inode !== 0 && cell.inodes.length < INODES) cell.inodes.push(inode);
    if (state === TIME_WAIT) dateClose(cell, expiresMs);
    if (state === CLOSE_WAIT && inode !== 0) this.#follow(cell, inode);
  }

  /**
   * The largest first. To be asked when all have been added.
   * @param most so many links each stand for themselves; the rest is told by port, and beyond as many ports as one
   */
  links(most: number): SeenLink[] {
    this.#decide();
    const all = [...this.#cells.values()].flatMap((cells) => Array.from(cells.values())).toSorted(byImportance);
    const shown = all.filter(({ peer }) => peer !== OTHERS).slice(0, most);
    const alone = new Set(shown);
    const others = all.filter((cell) => !alone.has(cell));
    const byPort = merged(others, ({ port }) => port).toSorted(byImportance);
    const rest = [...byPort.slice(0, most), ...merged(byPort.slice(most), () => ANY_PORT)];
    return [...shown, ...rest].map(asLink);
  }

  #cell(side: WatchedSide, local: AddressKey | null, peer: AddressKey, port: number): Cell {
    let cells = this.#cells.get(local);
    let cell = cells?.get(keyOf(side, peer, port));
    if (cell !== undefined) return cell;
    if (this.#links >= MOST_LINKS && peer !== OTHERS) return this.#cell(side, null, OTHERS, port);
    if (cells === undefined) this.#cells.set(local, (cells = new Map<number, Cell>()));
    cells.set(keyOf(side, peer, port), (cell = empty(side, local, peer, port)));
    this.#links++;
    return cell;
  }

  #follow(cell: Cell, inode: number): void {
    const since = this.#before.get(inode) ?? this.#nowMs;
    if (this.followed.size < MOST_FOLLOWED) this.followed.set(inode, since);
    if (this.#nowMs - since >= STAYS_MS) cell.closeWaitStays++;
  }
}

const SIDES: readonly WatchedSide[] = ["client", "server", "unknown"];

/** Below 2^53: addresses are below 2^33. */
function keyOf(side: WatchedSide, peer: AddressKey, port: number): number {
  return ((peer + 1) * (ANY_PORT + 1) + port) * SIDES.length + SIDES.indexOf(side);
}

function empty(side: WatchedSide, local: AddressKey | null, peer: AddressKey, port: number): Cell {
  const counts = new Uint32Array(NUMBERS);
  return {
    side,
    local,
    peer,
    port,
    counts,
    portsHeld: 0,
    closedAgo: null,
    closeWaitStays: 0,
    inodes: [],
  };
}

function dateClose(cell: Cell, leftMs: number): void {
  const ageMs = Math.max(0, TIME_WAIT_MS - leftMs);
  cell.closedAgo ??= new Uint32Array(BUCKETS);
  cell.closedAgo[Math.min(SECONDS, Math.floor(ageMs / 1000))]!++;
}

/** Those whose ports may run out before the others. */
function byImportance(a: Cell, b: Cell): number {
  return b.portsHeld - a.portsHeld || socketsOf(b) - socketsOf(a) || a.port - b.port;
}

function socketsOf({ counts }: Cell): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function merged(cells: readonly Cell[], portOf: (cell: Cell) => number): Cell[] {
  const sums = new Map<number, Cell>();
  for (const cell of cells) {
    const port = portOf(cell);
    const key = keyOf(cell.side, OTHERS, port);
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = empty(cell.side, null, OTHERS, port)));
    for (const [state, count] of cell.counts.entries()) sum.counts[state]! += count;
    for (const [age, count] of cell.closedAgo?.entries() ?? [])
      (sum.closedAgo ??= new Uint32Array(BUCKETS))[age]! += count;
    sum.closeWaitStays += cell.closeWaitStays;
  }
  return [...sums.values()];
}

function asLink(cell: Cell): SeenLink {
  const { side, local, peer, port, counts, portsHeld, closedAgo, closeWaitStays, inodes } = cell;
  const states: SeenLink["states"] = {};
  for (const [number, count] of counts.entries()) {
    const state = stateOf(number);
    if (count > 0 && state !== null) states[state] = (states[state] ?? 0) + count;
  }
  return {
    side,
    local: local === null ? null : addressText(local),
    peer: peer === OTHERS ? null : addressText(peer),
    port: port === ANY_PORT ? null : port,
    states,
    // The range of ports counts for each peer by itself.
    portsHeld: peer === OTHERS ? null : portsHeld,
    closedAgo: closedAgo === null ? [] : [...closedAgo],
    closeWaitStays,
    inodes,
  };
}
