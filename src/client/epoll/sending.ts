import { libc } from "../../kernel/libc.js";
import type { Address, Memory } from "../../kernel/memory.js";
import { MSG_NOSIGNAL, socketCalls } from "../../kernel/socket.js";
import type { LoadPlan } from "../../scenario/types.js";
import type { Requests } from "./requests.js";
import { SLOT, type Slots } from "./slots.js";

/** What came of sending a request: all of it is on its way; a rest waits for room in the socket's buffer; or an errno. */
export const SEND = { whole: 0, part: -1 } as const;

/** Requests as they are handed to the kernel: which one, and what of a long one is left. */
export class Sending {
  readonly #slots: Slots;
  readonly #requests: Requests;
  /** After so many requests the server is asked to close; null: it is not asked. */
  readonly #askedAfter: number | null;
  /** By slot: what the socket's buffer did not take in one go. */
  readonly #rests = new Map<number, { request: Memory; from: number }>();
  readonly #calls = socketCalls();
  readonly #libc = libc();
  readonly #again = this.#libc.errnoOf["EAGAIN"]!;

  constructor({ slots, requests, plan }: { slots: Slots; requests: Requests; plan: LoadPlan }) {
    this.#slots = slots;
    this.#requests = requests;
    this.#askedAfter = plan.closer === "server" ? plan.requestsPerConnection : null;
  }

  /** The first request on a new connection; the one of the next connection is another one only once it was `passed`. */
  get first(): Memory {
    return this.#askedAfter === 1 ? this.#requests.last : this.#requests.lasting;
  }

  /** So many bytes of it are handed to the kernel. */
  passed(slot: number, request: Memory, bytes: number): void {
    this.#requests.sent();
    if (bytes < request.length) this.#rests.set(slot, { request, from: bytes });
  }

  /** It is on its way on the slot's connection, since `nowMs`. */
  firstSent(slot: number, nowMs: number): void {
    this.#slots.setServed(slot, 0);
    this.#slots.setState(slot, SLOT.waiting);
    this.#slots.setSent(slot, nowMs, this.#askedAfter === 1);
  }

  /** Sends the first request on a connection that stands. @returns one of SEND, or an errno */
  begin(slot: number, nowMs: number): number {
    const sent = this.#send(slot, this.first, 0);
    if (sent <= 0) this.firstSent(slot, nowMs);
    return sent;
  }

  /** Sends the next one. @returns one of SEND, or an errno */
  next(slot: number, nowMs: number): number {
    const asks = this.#slots.served(slot) + 1 === this.#askedAfter;
    const sent = this.#send(slot, asks ? this.#requests.last : this.#requests.lasting, 0);
    this.#slots.setSent(slot, nowMs, asks);
    if (sent <= 0) this.#slots.setState(slot, SLOT.waiting);
    return sent;
  }

  /** A rest of the slot's request waits. */
  has(slot: number): boolean {
    return this.#rests.size > 0 && this.#rests.has(slot);
  }

  /** There is room again. @returns one of SEND, or an errno */
  goOn(slot: number): number {
    const { request, from } = this.#rests.get(slot)!;
    return this.#send(slot, request, from);
  }

  /** The connection has ended. */
  drop(slot: number): void {
    if (this.#rests.size > 0) this.#rests.delete(slot);
  }

  #send(slot: number, request: Memory, from: number): number {
    const left = request.length - from;
    const count = this.#calls.send(this.#slots.fd(slot), (request.address + from) as Address, left, MSG_NOSIGNAL);
    const errno = count < 0 ? this.#libc.errno() : 0;
    if (errno > 0 && errno !== this.#again) return errno;
    if (from === 0) this.#requests.sent();
    if (count === left) {
      if (from > 0) this.drop(slot);
      return SEND.whole;
    }
    this.#rests.set(slot, { request, from: from + Math.max(0, count) });
    return SEND.part;
  }
}
