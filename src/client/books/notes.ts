import type { Socket } from "node:net";
import type { CloseCause } from "../../metrics/close-causes.js";

/** What a client knows of one connection and of the requests on it, for the ledger to tell why it ended. */
export class ConnectionNotes {
  #served = 0;
  #busy = false;
  #answered = false;
  #announced: "asked" | "answer" | null = null;
  /** The client went on with it in spite of that, and got answers. */
  #ignored = false;
  #own: CloseCause | null = null;
  #sentMs = 0;
  #idleSinceMs = 0;

  /** Requests that it has carried to their end. */
  get served(): number {
    return this.#served;
  }

  /** A request was written on it. */
  requested(nowMs: number): void {
    this.#busy = true;
    this.#answered = false;
    this.#sentMs = nowMs;
  }

  /** The answer has begun. */
  answering(): void {
    this.#answered = true;
  }

  /** A whole answer is in. `last`: who of both has said that the connection ends with it; the request speaks first. */
  completed(nowMs: number, last: "asked" | "answer" | null): void {
    this.#busy = false;
    this.#served++;
    this.#idleSinceMs = nowMs;
    this.#ignored = this.#announced !== null;
    this.#announced ??= last;
  }

  /** The last answer has said that the connection ends with it. */
  announcedByAnswer(): void {
    this.#announced ??= "answer";
  }

  /** The client ends it now; what it says first counts. */
  endedBecause(cause: CloseCause): void {
    this.#own ??= cause;
  }

  /** `by`: who ended it, by what reached us first. */
  causeOf(by: "client" | "server" | "reset"): CloseCause {
    if (this.#own === "malformed") return this.#own;
    if (this.#announced !== null && !(this.#ignored && by === "client")) return this.#announced;
    if (by === "reset") return "reset";
    if (by === "server") return this.#busy ? "mid-request" : "idle";
    return this.#own ?? "unknown";
  }

  /** Since its last answer. */
  idleMs(nowMs: number): number {
    return nowMs - this.#idleSinceMs;
  }

  /** How long it was idle before the request that found it ended by the server; null where there was no such request. */
  staleAfterMs(by: "client" | "server" | "reset"): number | null {
    const lost = this.#busy && !this.#answered && by !== "client";
    return lost && this.#served > 0 && this.#announced === null ? this.#sentMs - this.#idleSinceMs : null;
  }
}

const NOTES = new WeakMap<Socket, ConnectionNotes>();

/** Of a connection that a client makes notes of from its first request on. */
export function connectionNotes(socket: Socket): ConnectionNotes {
  let notes = NOTES.get(socket);
  if (notes === undefined) NOTES.set(socket, (notes = new ConnectionNotes()));
  return notes;
}

/** null for one that nobody has made notes of. */
export function knownNotes(socket: Socket): ConnectionNotes | null {
  return NOTES.get(socket) ?? null;
}
