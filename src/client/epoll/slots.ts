import { Backoff } from "../pace/backoff.js";

/** What a slot is doing. */
export const SLOT = {
  /** No connection: it waits for its turn. */
  idle: 0,
  /** connect() is under way; the request goes out as soon as it has succeeded. */
  connecting: 1,
  /** The request is out. */
  waiting: 2,
  /** All responses are in; the server's FIN is awaited. */
  closing: 3,
  /** It waits for its turn with a connection that may carry the next request. */
  resting: 4,
  /** It has made its last request. */
  ended: 5,
} as const;
export type SlotState = (typeof SLOT)[keyof typeof SLOT];

export const NEVER = Number.POSITIVE_INFINITY;
export const NO_SOCKET = -1;

/** A line of the processor's cache. */
const BYTES = 64;
const INTS = BYTES / Int32Array.BYTES_PER_ELEMENT;
const TIMES = BYTES / Float64Array.BYTES_PER_ELEMENT;
/** Places among a slot's integers … */
const FD = 0;
const STATE = 1;
const SERVED = 2;
const ASKED = 3;
const ANSWERED = 4;
const FAILED = 5;
/** … and among its times, which follow them in the same memory. */
const STARTED = 3;
const SENT = 4;
const DUE = 5;
const INTENDED = 6;
const IDLE = 7;

/**
 * The load's slots, each with one connection at a time and one request on it: a slot is a number. All that is asked of
 * it in the course of a request lies in one line of the cache, which the kernel has emptied by then, and it is made
 * once, so that half a million connections leave nothing behind for the garbage collector.
 */
export class Slots {
  readonly count: number;
  readonly #backoff: readonly Backoff[];
  readonly #ints: Int32Array;
  readonly #times: Float64Array;

  constructor(count: number) {
    const memory = new ArrayBuffer(count * BYTES);
    this.count = count;
    this.#backoff = Array.from({ length: count }, () => new Backoff());
    this.#ints = new Int32Array(memory);
    this.#times = new Float64Array(memory);
    for (let slot = 0; slot < count; slot++) {
      this.setFd(slot, NO_SOCKET);
      this.setDueMs(slot, NEVER);
    }
  }

  fd(slot: number): number {
    return this.#ints[slot * INTS + FD] as number;
  }

  setFd(slot: number, fd: number): void {
    this.#ints[slot * INTS + FD] = fd;
  }

  /** The slot has a connection: should the next one fail, the wait for another begins from the shortest again. */
  setConnected(slot: number): void {
    if (this.#ints[slot * INTS + FAILED] === 0) return;
    this.#ints[slot * INTS + FAILED] = 0;
    this.#backoff[slot]!.connected();
  }

  /** The slot has got no connection; how long it is to wait until it tries again. */
  setNotConnected(slot: number): number {
    this.#ints[slot * INTS + FAILED] = 1;
    return this.#backoff[slot]!.next();
  }

  state(slot: number): SlotState {
    return this.#ints[slot * INTS + STATE] as SlotState;
  }

  setState(slot: number, state: SlotState): void {
    this.#ints[slot * INTS + STATE] = state;
  }

  /** Requests that the connection has carried to their end. */
  served(slot: number): number {
    return this.#ints[slot * INTS + SERVED] as number;
  }

  setServed(slot: number, requests: number): void {
    this.#ints[slot * INTS + SERVED] = requests;
  }

  /** The request in flight, the connection's last, says `Connection: close`. */
  askedToClose(slot: number): boolean {
    return this.#ints[slot * INTS + ASKED] === 1;
  }

  /** The first byte of the response has come. */
  answered(slot: number): boolean {
    return this.#ints[slot * INTS + ANSWERED] === 1;
  }

  setAnswered(slot: number): void {
    this.#ints[slot * INTS + ANSWERED] = 1;
  }

  /** When the request began, its connect() included. */
  startedMs(slot: number): number {
    return this.#times[slot * TIMES + STARTED] as number;
  }

  setStartedMs(slot: number, atMs: number): void {
    this.#times[slot * TIMES + STARTED] = atMs;
  }

  /** When the request was meant to begin; its latency counts from then. */
  intendedMs(slot: number): number {
    return this.#times[slot * TIMES + INTENDED] as number;
  }

  setIntendedMs(slot: number, atMs: number): void {
    this.#times[slot * TIMES + INTENDED] = atMs;
  }

  /** When the request was handed to the kernel. */
  sentMs(slot: number): number {
    return this.#times[slot * TIMES + SENT] as number;
  }

  /** The request is on its way, without an answer yet. */
  setSent(slot: number, atMs: number, askedToClose: boolean): void {
    this.#times[slot * TIMES + SENT] = atMs;
    this.#ints[slot * INTS + ASKED] = askedToClose ? 1 : 0;
    this.#ints[slot * INTS + ANSWERED] = 0;
  }

  /** When the last response on the connection was complete. */
  idleSinceMs(slot: number): number {
    return this.#times[slot * TIMES + IDLE] as number;
  }

  setIdleSince(slot: number, atMs: number): void {
    this.#times[slot * TIMES + IDLE] = atMs;
  }

  /** When something has to be done about the slot if nothing happens: what, depends on its state. */
  dueMs(slot: number): number {
    return this.#times[slot * TIMES + DUE] as number;
  }

  setDueMs(slot: number, atMs: number): void {
    this.#times[slot * TIMES + DUE] = atMs;
  }
}
