import { EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLRDHUP } from "../../kernel/epoll.js";
import { libc } from "../../kernel/libc.js";
import { pendingError } from "../../kernel/socket-option.js";
import { socketCalls } from "../../kernel/socket.js";
import { monotonicMs } from "../clock.js";
import { TIMED_OUT } from "../failure-kind.js";
import { UNFINISHED } from "../recorder.js";
import type { Dialer } from "./dialer.js";
import type { Exchange } from "./exchange.js";
import { NO_SOCKET, SLOT, type Slots } from "./slots.js";
import type { Tally } from "./tally.js";
import { THEN, type Then } from "./then.js";

/** A connect() that took time will not be done at once next time: for so many connections it is not even tried. */
const PATIENCE = 100;

export interface OpeningParts {
  timeoutMs: number;
  slots: Slots;
  dialer: Dialer;
  exchange: Exchange;
  tally: Tally;
}

/** Connections until they stand: connect(), and the first request on its heels. */
export class Opening {
  readonly #timeoutMs: number;
  readonly #slots: Slots;
  readonly #dialer: Dialer;
  readonly #exchange: Exchange;
  readonly #tally: Tally;
  readonly #calls = socketCalls();
  readonly #libc = libc();
  readonly #again = this.#libc.errnoOf["EAGAIN"];
  readonly #inProgress = this.#libc.errnoOf["EINPROGRESS"];
  readonly #reset = this.#libc.errnoOf["ECONNRESET"];
  readonly #pipe = this.#libc.errnoOf["EPIPE"];
  /** How many more connections are not tried at once. */
  #patience = 0;

  constructor(parts: OpeningParts) {
    this.#timeoutMs = parts.timeoutMs;
    this.#slots = parts.slots;
    this.#dialer = parts.dialer;
    this.#exchange = parts.exchange;
    this.#tally = parts.tally;
  }

  /** A request on a new connection. `intendedMs`: when it was meant to begin; null: when it does. */
  begin(slot: number, intendedMs: number | null): Then {
    const slots = this.#slots;
    this.#tally.sent++;
    const fd = this.#dialer.open();
    const startedMs = monotonicMs();
    slots.setStartedMs(slot, startedMs);
    slots.setIntendedMs(slot, intendedMs ?? startedMs);
    if (fd < 0) return this.#failed(slot, this.#dialer.failedCall, this.#dialer.errno);
    slots.setFd(slot, fd);
    slots.setDueMs(slot, startedMs + this.#timeoutMs);
    slots.setState(slot, SLOT.connecting);
    if (this.#dialer.connect(fd) < 0) {
      const errno = this.#libc.errno();
      if (errno !== this.#inProgress) return this.#failed(slot, "connect", errno);
    }
    if (this.#patience === 0) return this.#tryAtOnce(slot);
    this.#patience--;
    return THEN.watch;
  }

  /** What epoll has told of the slot's connection. */
  on(slot: number, events: number, nowMs: number): Then {
    if ((events & (EPOLLERR | EPOLLHUP)) !== 0) return this.#error(slot, pendingError(this.#slots.fd(slot)));
    const sent = this.#exchange.first(slot, nowMs);
    this.#connected(slot, nowMs);
    if (!sent) return this.#exchange.failedCall(slot, "send", this.#libc.errno());
    return (events & (EPOLLIN | EPOLLRDHUP)) === 0 ? THEN.nothing : this.#exchange.on(slot, events, nowMs);
  }

  /** It has not come to stand in time. */
  expire(slot: number, nowMs: number): Then {
    return this.#giveUp(slot, nowMs, TIMED_OUT, "connect");
  }

  /** The load is over. */
  abandon(slot: number): Then {
    return this.#giveUp(slot, null, UNFINISHED, null);
  }

  /**
   * On loopback and between two namespaces the answer to the SYN is back before connect() returns: the kernel works it
   * off in the same call, and says EINPROGRESS all the same. Then the request can go out without a wait in epoll.
   */
  #tryAtOnce(slot: number): Then {
    const nowMs = monotonicMs();
    if (this.#exchange.first(slot, nowMs)) {
      this.#connected(slot, nowMs);
      return THEN.watch;
    }
    const errno = this.#libc.errno();
    if (errno !== this.#again) return this.#error(slot, errno);
    this.#patience = PATIENCE;
    return THEN.watch;
  }

  #connected(slot: number, nowMs: number): void {
    this.#tally.connected(nowMs - this.#slots.startedMs(slot));
    this.#slots.setConnected(slot);
  }

  /** A refused connect() is ECONNREFUSED; a RST for a connection that stood already is one of these two (tcp_reset). */
  #error(slot: number, errno: number): Then {
    if (errno !== this.#reset && errno !== this.#pipe) return this.#failed(slot, "connect", errno);
    this.#connected(slot, monotonicMs());
    return this.#exchange.failedCall(slot, "send", errno);
  }

  #failed(slot: number, call: string, errno: number): Then {
    const slots = this.#slots;
    const nowMs = monotonicMs();
    this.#tally.fail(nowMs, this.#libc.nameOfErrno(errno), call);
    this.#tally.connectsFailed++;
    if (slots.fd(slot) !== NO_SOCKET) this.#calls.close(slots.fd(slot));
    slots.setFd(slot, NO_SOCKET);
    slots.setState(slot, SLOT.idle);
    slots.setDueMs(slot, nowMs + slots.setNotConnected(slot));
    return THEN.nothing;
  }

  #giveUp(slot: number, nowMs: number | null, kind: string, call: string | null): Then {
    this.#tally.fail(nowMs, kind, call);
    this.#tally.connectsFailed++;
    this.#slots.setState(slot, SLOT.idle);
    return THEN.close;
  }
}
