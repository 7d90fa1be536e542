import { EPOLLERR, EPOLLRDHUP } from "../../kernel/epoll.js";
import type { CloseCause } from "../../metrics/close-causes.js";
import type { LoadTally } from "../books/tally.js";
import type { Slots } from "./slots.js";

/** Who ended a connection, by what reached us first. */
export type Ender = "client" | "server" | "reset";

/** How connections ended, and why, as the books want it. */
export class Endings {
  readonly #slots: Slots;
  readonly #tally: LoadTally;

  constructor(slots: Slots, tally: LoadTally) {
    this.#slots = slots;
    this.#tally = tally;
  }

  ended(slot: number, by: Ender, cause: CloseCause, nowMs: number): void {
    this.#tally.ended(by, cause, this.#slots.served(slot), nowMs - this.#slots.idleSinceMs(slot));
  }

  /** Which side has said that the slot's last response is the connection's last; the request speaks first. */
  announced(slot: number): "asked" | "answer" {
    return this.#slots.askedToClose(slot) ? "asked" : "answer";
  }

  /** The request in flight got no whole answer: the server had ended the connection, or was about to, when it was sent. */
  lost(slot: number): void {
    const slots = this.#slots;
    const served = slots.served(slot);
    if (served > 0 && !slots.answered(slot))
      this.#tally.closings.wentStale(served, slots.sentMs(slot) - slots.idleSinceMs(slot));
  }
}

/** A RST shows as an error and as the end of what can be read; a FIN only as the latter (net/ipv4/tcp.c, tcp_poll). */
export function enderIn(events: number): "server" | "reset" | null {
  if ((events & EPOLLERR) !== 0) return "reset";
  return (events & EPOLLRDHUP) === 0 ? null : "server";
}
