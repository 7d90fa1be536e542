import { stateOf } from "../sampler/socket-counts.js";
import { TCP_STATES } from "../sampler/types.js";
import { Recurring } from "./recurring.js";
import { Sides } from "./sides.js";
import type { Counts, Left, SocketGroup, SocketTable } from "./types.js";

/** The kernel's numbers of states end before this (include/net/tcp_states.h). */
const NUMBERS = 16;
const TIME_WAIT = 6;
const PORTS = 65_536;

export type FamilyName = "ipv4" | "ipv6";

interface Row {
  side: SocketGroup["side"];
  port: number;
  guessed: number;
  counts: number[];
  least: number;
  most: number;
}

/** A socket of which only all the others together can tell whose end is the service's. */
interface Unclear {
  state: number;
  local: number;
  remote: number;
  leftMs: number;
}

/**
 * Sockets by side and port: see `Sides`. What it leaves unclear is, as a guess, the end that more sockets have; else the one
 * with the lower port.
 */
export class Tally {
  readonly #sides: Sides;
  /** By port, the local ones first: 1 + the row's place, 0 for none yet. */
  readonly #places = new Int32Array(2 * PORTS);
  readonly #rows: Row[] = [];
  readonly #unclear: Unclear[] = [];
  readonly #families: Record<FamilyName, number[]> = { ipv4: zeros(), ipv6: zeros() };
  #read = 0;

  constructor(listening: Iterable<number>, range: { low: number; high: number }) {
    this.#sides = new Sides(listening, range);
  }

  /** @param leftMs until the socket's timer ends; counts in TIME_WAIT only */
  add(family: FamilyName, state: number, local: number, remote: number, leftMs: number): void {
    this.#read++;
    this.#families[family][state]!++;
    const end = this.#sides.endOf(local, remote);
    if (end === "made") return this.#put("made", remote, false, state, leftMs);
    if (end === "accepted") return this.#put("accepted", local, !this.#sides.listensOn(local), state, leftMs);
    this.#unclear.push({ state, local, remote, leftMs });
  }

  /** To be asked once, when all have been added. */
  result(): Pick<SocketTable, "read" | "states" | "timeWaitLeftMs" | "groups"> {
    this.#decide();
    const groups = this.#rows.map(asGroup).toSorted((a, b) => b.sockets - a.sockets || a.port - b.port);
    return {
      read: this.#read,
      states: { ipv4: named(this.#families.ipv4), ipv6: named(this.#families.ipv6) },
      timeWaitLeftMs: left(
        this.#rows.reduce((least, row) => Math.min(least, row.least), Infinity),
        this.#rows.reduce((most, row) => Math.max(most, row.most), -Infinity),
      ),
      groups,
    };
  }

  #decide(): void {
    const recurring = new Recurring();
    for (const { local, remote } of this.#unclear) recurring.count(local, remote);
    for (const { state, local, remote, leftMs } of this.#unclear) {
      const end = recurring.endOf(local, remote);
      if (end === "accepted" || (end === "unclear" && local < remote))
        this.#put("accepted", local, true, state, leftMs);
      else this.#put("made", remote, true, state, leftMs);
    }
  }

  #put(side: Row["side"], port: number, isGuess: boolean, state: number, leftMs: number): void {
    const at = side === "accepted" ? port : PORTS + port;
    let row = this.#rows[this.#places[at]! - 1];
    if (row === undefined) {
      row = { side, port, guessed: 0, counts: zeros(), least: Infinity, most: -Infinity };
      this.#places[at] = this.#rows.push(row);
    }
    row.counts[state]!++;
    if (isGuess) row.guessed++;
    if (state !== TIME_WAIT) return;
    if (leftMs < row.least) row.least = leftMs;
    if (leftMs > row.most) row.most = leftMs;
  }
}

function zeros(): number[] {
  return new Array<number>(NUMBERS).fill(0);
}

function asGroup({ side, port, guessed, counts, least, most }: Row): SocketGroup {
  const sockets = counts.reduce((sum, count) => sum + count, 0);
  return { side, port, sockets, guessed, states: named(counts), timeWaitLeftMs: left(least, most) };
}

/** In the kernel's order; states that no socket is in are left out. */
function named(counts: readonly number[]): Counts {
  const names: Counts = {};
  for (const state of TCP_STATES) {
    // Two numbers are shown as SYN_RECV.
    const count = counts.reduce((sum, of, number) => sum + (stateOf(number) === state ? of : 0), 0);
    if (count > 0) names[state] = count;
  }
  return names;
}

function left(min: number, max: number): Left | null {
  return max < min ? null : { min, max };
}
