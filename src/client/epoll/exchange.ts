import { libc } from "../../kernel/libc.js";
import { Memory } from "../../kernel/memory.js";
import { linger, setOption } from "../../kernel/socket-option.js";
import { socketCalls } from "../../kernel/socket.js";
import type { CloseCause } from "../../metrics/close-causes.js";
import type { LoadPlan } from "../../scenario/types.js";
import { monotonicMs } from "../../kernel/clock.js";
import { EPOLLIN, EPOLLOUT, EPOLLRDHUP } from "../../kernel/epoll.js";
import { MALFORMED, TIMED_OUT, UNFINISHED } from "../http/failure-kind.js";
import { Success } from "../http/success.js";
import type { Budget } from "./budget.js";
import { type Ender, enderIn, Endings } from "./endings.js";
import { Parsers } from "./parsers.js";
import type { Requests } from "./requests.js";
import { SEND, Sending } from "./sending.js";
import { NEVER, SLOT, type Slots } from "./slots.js";
import type { LoadTally } from "../books/tally.js";
import { THEN, type Then } from "./then.js";

const RECEIVE_BYTES = 64 * 1024;
/** A server that sends as fast as we read must not keep the loop from the other connections, and from the load's end. */
const MOST_READS = 4;
/** A server that was asked to close and does not: after so long we do it ourselves. */
const LONGEST_WAIT_MS = 1000;
const ABORT = linger(0);

export interface ExchangeParts {
  plan: LoadPlan;
  slots: Slots;
  requests: Requests;
  budget: Budget;
  tally: LoadTally;
}

/** Requests on connections that stand: what is sent, what comes back, what it counts as, and who closes. */
export class Exchange {
  readonly #closer: LoadPlan["closer"];
  /** null: as many as the connection lasts. */
  readonly #mostServed: number | null;
  readonly #timeoutMs: number;
  readonly #inTurn: boolean;
  readonly #slots: Slots;
  /** The other direction: what is sent. */
  readonly sending: Sending;
  readonly #budget: Budget;
  readonly #tally: LoadTally;
  readonly #endings: Endings;
  readonly #calls = socketCalls();
  readonly #libc = libc();
  readonly #again = this.#libc.errnoOf["EAGAIN"];
  readonly #reset = this.#libc.errnoOf["ECONNRESET"];
  readonly #pipe = this.#libc.errnoOf["EPIPE"];
  readonly #received = Memory.ofLength(RECEIVE_BYTES);
  readonly #parsers: Parsers;
  readonly #success: Success;

  constructor(parts: ExchangeParts) {
    this.#closer = parts.plan.closer;
    this.#mostServed = parts.plan.requestsPerConnection;
    this.#timeoutMs = parts.plan.timeoutMs;
    this.#inTurn = parts.plan.pace !== null || parts.plan.pauses !== undefined;
    this.#slots = parts.slots;
    this.sending = new Sending(parts);
    this.#parsers = new Parsers(parts.requests.toHead);
    this.#success = new Success(parts.plan);
    this.#budget = parts.budget;
    this.#tally = parts.tally;
    this.#endings = new Endings(parts.slots, parts.tally);
  }

  /** The connection stood, and it could not be sent. */
  firstFailed(slot: number, errno: number): Then {
    this.#slots.setServed(slot, 0);
    return this.#failedCall(slot, "send", errno);
  }

  /** Sends the next one on it. */
  next(slot: number, nowMs: number, intendedMs: number): Then {
    this.#tally.sent++;
    this.#slots.setStartedMs(slot, nowMs);
    this.#slots.setIntendedMs(slot, intendedMs);
    this.#slots.setDueMs(slot, nowMs + this.#timeoutMs);
    const sent = this.sending.next(slot, nowMs);
    if (sent > 0) return this.#failedCall(slot, "send", sent);
    return sent === SEND.part ? THEN.again : THEN.nothing;
  }

  /** There will be no next one. */
  dismiss(slot: number, nowMs: number): Then {
    return this.#leave(slot, nowMs, "end-of-load");
  }

  /**
   * What epoll has told of the slot's connection. `nowMs`: when it told; to ask the clock again for each would only add
   * the time that we take for the others.
   */
  on(slot: number, events: number, nowMs: number): Then {
    if (this.#slots.state(slot) !== SLOT.waiting) return this.#receiveFin(slot, nowMs);
    if ((events & EPOLLOUT) !== 0 && this.sending.has(slot)) {
      const sent = this.sending.goOn(slot);
      if (sent > 0) return this.#failedCall(slot, "send", sent);
      if ((events & (EPOLLIN | EPOLLRDHUP)) === 0) return THEN.nothing;
    }
    return this.#receive(slot, events, nowMs);
  }

  /** The response, or the server's FIN, has not come in time. */
  expire(slot: number, nowMs: number): Then {
    if (this.#slots.state(slot) !== SLOT.waiting)
      return this.#end(slot, "client", this.#endings.announced(slot), nowMs);
    this.#tally.fail(nowMs, TIMED_OUT, null);
    return this.#end(slot, "client", "timeout", nowMs);
  }

  /** The load is over, and nobody waits for a response any more. */
  abandon(slot: number): Then {
    if (this.#slots.state(slot) !== SLOT.waiting) return THEN.nothing;
    this.#tally.fail(null, UNFINISHED, null);
    return this.#end(slot, "client", "end-of-load", this.#slots.sentMs(slot));
  }

  /** The request in flight has failed by a system call, and the connection with it. */
  #failedCall(slot: number, call: string, errno: number): Then {
    const nowMs = monotonicMs();
    this.#tally.fail(nowMs, this.#libc.nameOfErrno(errno), call);
    const isReset = errno === this.#reset || errno === this.#pipe;
    if (!isReset) return this.#end(slot, "client", "error", nowMs);
    this.#endings.lost(slot);
    return this.#end(slot, "reset", "reset", nowMs);
  }

  #receive(slot: number, events: number, nowMs: number): Then {
    const parser = this.#parsers.of(slot);
    const fd = this.#slots.fd(slot);
    for (let reads = 0; reads < MOST_READS; reads++) {
      const count = this.#calls.recv(fd, this.#received.address, RECEIVE_BYTES, 0);
      if (count < 0) {
        const errno = this.#libc.errno();
        return errno === this.#again ? THEN.nothing : this.#failedCall(slot, "recv", errno);
      }
      // The queue is empty when it gave less than was asked for (epoll(7)); a FIN was then behind the last byte.
      const drained = count < RECEIVE_BYTES;
      const ender = drained ? enderIn(events) : null;
      if (count === 0) {
        parser.end();
      } else {
        this.#answered(slot, nowMs);
        parser.push(this.#received.bytes, 0, count);
      }
      if (parser.state === "complete") return this.#complete(slot, nowMs, count === 0 ? "server" : ender);
      if (parser.state === "failed") return this.#broken(slot, nowMs, ender ?? (count === 0 ? "server" : "client"));
      if (drained && ender === null) {
        this.#parsers.hold(slot);
        return THEN.nothing;
      }
    }
    this.#parsers.hold(slot);
    return THEN.again;
  }

  #answered(slot: number, nowMs: number): void {
    const slots = this.#slots;
    if (slots.answered(slot)) return;
    slots.setAnswered(slot);
    this.#tally.answered(nowMs - slots.sentMs(slot));
  }

  /** A whole response is in. `ender`: who has ended the connection behind it; null: nobody yet. */
  #complete(slot: number, nowMs: number, ender: Ender | null): Then {
    const slots = this.#slots;
    const parser = this.#parsers.of(slot);
    this.#tally.status(parser.status);
    const failure = this.#success.failure(parser.status);
    if (failure === null) this.#tally.succeed(nowMs, nowMs - slots.intendedMs(slot), nowMs - slots.startedMs(slot));
    else this.#tally.fail(nowMs, failure, null);
    const lasts = parser.keepAlive;
    this.#parsers.release(slot);
    const served = slots.served(slot) + 1;
    slots.setServed(slot, served);
    slots.setIdleSince(slot, nowMs);
    if (!lasts || slots.askedToClose(slot)) {
      const said = this.#endings.announced(slot);
      return ender === null ? this.#leave(slot, nowMs, said) : this.#end(slot, ender, said, nowMs);
    }
    if (ender !== null) return this.#end(slot, ender, ender === "reset" ? "reset" : "idle", nowMs);
    // It was answered before it was sent whole: what is left of it would be the next one's beginning.
    if (this.sending.has(slot)) return this.#end(slot, "client", "unknown", nowMs);
    const full = served === this.#mostServed;
    if (full) return this.#leave(slot, nowMs, "client-limit");
    if (this.#inTurn) return this.#rest(slot);
    return this.#budget.take(nowMs) ? this.next(slot, nowMs, nowMs) : this.#leave(slot, nowMs, "end-of-load");
  }

  #rest(slot: number): Then {
    this.#slots.setState(slot, SLOT.resting);
    this.#slots.setDueMs(slot, NEVER);
    return THEN.rest;
  }

  /** Every response is in, and every byte of it read, so that close(2) sends a FIN and not a RST. */
  #leave(slot: number, nowMs: number, cause: "asked" | "answer" | "client-limit" | "end-of-load"): Then {
    switch (this.#closer) {
      case "server":
        if (cause !== "asked" && cause !== "answer") return this.#end(slot, "client", cause, nowMs);
        this.#slots.setState(slot, SLOT.closing);
        this.#slots.setDueMs(slot, nowMs + LONGEST_WAIT_MS);
        return THEN.nothing;
      case "client":
        return this.#end(slot, "client", cause, nowMs);
      case "reset":
        setOption(this.#slots.fd(slot), ABORT);
        return this.#end(slot, "reset", cause, nowMs);
    }
  }

  /** Whatever still comes before the FIN has no reader, and left unread it would make our FIN a RST. */
  #receiveFin(slot: number, nowMs: number): Then {
    const said = this.#slots.state(slot) === SLOT.closing ? this.#endings.announced(slot) : null;
    for (let reads = 0; reads < MOST_READS; reads++) {
      const count = this.#calls.recv(this.#slots.fd(slot), this.#received.address, RECEIVE_BYTES, 0);
      if (count === 0) return this.#end(slot, "server", said ?? "idle", nowMs);
      if (count > 0) continue;
      return this.#libc.errno() === this.#again ? THEN.nothing : this.#end(slot, "reset", said ?? "reset", nowMs);
    }
    return THEN.again;
  }

  /** What came is no whole response. */
  #broken(slot: number, nowMs: number, ender: Ender): Then {
    const error = this.#parsers.of(slot).error ?? "";
    this.#tally.fail(nowMs, error, null);
    if (error === MALFORMED) return this.#end(slot, ender, "malformed", nowMs);
    this.#endings.lost(slot);
    return this.#end(slot, ender, ender === "reset" ? "reset" : "mid-request", nowMs);
  }

  #end(slot: number, ender: Ender, cause: CloseCause, nowMs: number): Then {
    this.#endings.ended(slot, ender, cause, nowMs);
    this.sending.drop(slot);
    this.#parsers.release(slot);
    return THEN.close;
  }
}
