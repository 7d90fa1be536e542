import { EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLRDHUP } from "../../kernel/epoll.js";
import { libc } from "../../kernel/libc.js";
import type { Memory } from "../../kernel/memory.js";
import { pendingError } from "../../kernel/socket-option.js";
import { MSG_NOSIGNAL, socketCalls } from "../../kernel/socket.js";
import { monotonicMs } from "../../kernel/clock.js";
import { TIMED_OUT, UNFINISHED } from "../http/failure-kind.js";
import type { Dialer } from "./dialer.js";
import type { Exchange } from "./exchange.js";
import { NO_SOCKET, SLOT, type Slots } from "./slots.js";
import type { LoadTally } from "../books/tally.js";
import { THEN, type Then } from "./then.js";

/** A connect() that took time will not be done at once next time: for so many connections it is not even tried. */
const PATIENCE = 100;
/** What came of a connect(), and of the send() after it: an errno, or one of these. */
const SENT = 0;
const UNDER_WAY = -1;

export interface OpeningParts {
  timeoutMs: number;
  slots: Slots;
  dialer: Dialer;
  exchange: Exchange;
  tally: LoadTally;
  /** The longest list that `begin` is given. */
  mostAtOnce: number;
}

/** Connections until they stand: connect(), and the first request on its heels. */
export class Opening {
  readonly #timeoutMs: number;
  readonly #slots: Slots;
  readonly #dialer: Dialer;
  readonly #exchange: Exchange;
  readonly #tally: LoadTally;
  readonly #calls = socketCalls();
  readonly #libc = libc();
  readonly #again = this.#libc.errnoOf["EAGAIN"];
  readonly #inProgress = this.#libc.errnoOf["EINPROGRESS"];
  readonly #reset = this.#libc.errnoOf["ECONNRESET"]!;
  readonly #pipe = this.#libc.errnoOf["EPIPE"];
  /** Of each place in the list that is being worked off. */
  readonly #fds: Int32Array;
  readonly #destinations: Memory[] = [];
  readonly #startedMs: Float64Array;
  readonly #standsMs: Float64Array;
  readonly #outcomes: Int32Array;
  /** How many more connections are not tried at once. */
  #patience = 0;

  constructor(parts: OpeningParts) {
    this.#timeoutMs = parts.timeoutMs;
    this.#slots = parts.slots;
    this.#dialer = parts.dialer;
    this.#exchange = parts.exchange;
    this.#tally = parts.tally;
    this.#fds = new Int32Array(parts.mostAtOnce);
    this.#startedMs = new Float64Array(parts.mostAtOnce);
    this.#standsMs = new Float64Array(parts.mostAtOnce);
    this.#outcomes = new Int32Array(parts.mostAtOnce);
  }

  /**
   * A request on a new connection for each of the first `count` slots in the list. `paced`: they know when it was meant
   * to begin. The list then begins with those that have a connection, of which epoll is to be told; returns how many.
   *
   * Between two system calls there is as little as can be: each call empties the processor's nearest caches, and what
   * is done for all of them in one go finds them filled.
   */
  begin(list: Int32Array, count: number, paced: boolean): number {
    const opened = this.#openSockets(list, count);
    this.#connectAndSend(list, opened);
    let fresh = 0;
    for (let at = 0; at < opened; at++) {
      const slot = list[at] as number;
      if (this.#account(at, slot, paced)) list[fresh++] = slot;
    }
    return fresh;
  }

  /** What epoll has told of the slot's connection. */
  on(slot: number, events: number, nowMs: number): Then {
    const fd = this.#slots.fd(slot);
    if ((events & (EPOLLERR | EPOLLHUP)) !== 0) {
      // Without an errno on the socket the failed send() has taken it along.
      const errno = pendingError(fd) || this.#reset;
      // A refused connect() is ECONNREFUSED; a RST for a connection that stood is one of these (net/ipv4, tcp_reset).
      if (errno !== this.#reset && errno !== this.#pipe) return this.#failed(slot, "connect", errno);
      this.#connected(slot, nowMs);
      return this.#exchange.firstFailed(slot, errno);
    }
    this.#connected(slot, nowMs);
    const sent = this.#exchange.sending.begin(slot, nowMs);
    if (sent > 0) return this.#exchange.firstFailed(slot, sent);
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

  /** Slots without a socket leave the list. */
  #openSockets(list: Int32Array, count: number): number {
    this.#tally.sent += count;
    let opened = 0;
    for (let at = 0; at < count; at++) {
      const slot = list[at] as number;
      const fd = this.#dialer.open();
      if (fd < 0) {
        this.#failed(slot, this.#dialer.failedCall, this.#dialer.errno);
        continue;
      }
      this.#slots.setFd(slot, fd);
      this.#fds[opened] = fd;
      this.#destinations[opened] = this.#dialer.destination;
      list[opened++] = slot;
    }
    return opened;
  }

  /**
   * On loopback and between two namespaces the answer to the SYN is back before connect() returns: the kernel works it
   * off in the same call, and says EINPROGRESS all the same. Then the request can go out without a wait in epoll.
   */
  #connectAndSend(list: Int32Array, count: number): void {
    const { connect, send } = this.#calls;
    const fds = this.#fds;
    const startedMs = this.#startedMs;
    const standsMs = this.#standsMs;
    const outcomes = this.#outcomes;
    const { sending } = this.#exchange;
    for (let at = 0; at < count; at++) {
      const fd = fds[at] as number;
      const { address, length } = this.#destinations[at] as Memory;
      startedMs[at] = monotonicMs();
      const failed = connect(fd, address, length) < 0 && this.#libc.errno() !== this.#inProgress;
      if (failed || this.#patience > 0) {
        outcomes[at] = failed ? this.#libc.errno() : this.#wait();
        continue;
      }
      standsMs[at] = monotonicMs();
      const request = sending.first;
      const bytes = send(fd, request.address, request.length, MSG_NOSIGNAL);
      outcomes[at] = bytes < 0 ? this.#sendError(this.#libc.errno()) : SENT;
      if (bytes >= 0) sending.passed(list[at] as number, request, bytes);
    }
  }

  #wait(): number {
    this.#patience--;
    return UNDER_WAY;
  }

  #sendError(errno: number): number {
    if (errno === this.#again) this.#patience = PATIENCE;
    // Of a reset epoll tells too.
    return errno === this.#again || errno === this.#reset || errno === this.#pipe ? UNDER_WAY : errno;
  }

  /** false: there is no connection. */
  #account(at: number, slot: number, paced: boolean): boolean {
    const slots = this.#slots;
    const startedMs = this.#startedMs[at] as number;
    slots.setStartedMs(slot, startedMs);
    if (!paced) slots.setIntendedMs(slot, startedMs);
    slots.setDueMs(slot, startedMs + this.#timeoutMs);
    const outcome = this.#outcomes[at] as number;
    if (outcome === SENT) {
      const standsMs = this.#standsMs[at] as number;
      this.#connected(slot, standsMs);
      this.#exchange.sending.firstSent(slot, standsMs);
      return true;
    }
    slots.setState(slot, SLOT.connecting);
    if (outcome === UNDER_WAY) return true;
    this.#failed(slot, "connect", outcome);
    return false;
  }

  #connected(slot: number, nowMs: number): void {
    this.#tally.connected(nowMs - this.#slots.startedMs(slot));
    this.#slots.setConnected(slot);
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
