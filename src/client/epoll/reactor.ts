import { Epoll, EPOLLET, EPOLLIN, EPOLLOUT, EPOLLRDHUP } from "../../kernel/epoll.js";
import { socketCalls } from "../../kernel/socket.js";
import { monotonicMs } from "../../kernel/clock.js";
import { drainMs } from "../pace/slots.js";
import type { Turns } from "../pace/turns.js";
import type { Budget } from "./budget.js";
import type { ThreadControl } from "./control.js";
import type { Exchange } from "./exchange.js";
import type { Opening } from "./opening.js";
import { NEVER, NO_SOCKET, SLOT, type Slots } from "./slots.js";
import type { LoadTally } from "../books/tally.js";
import { THEN, type Then } from "./then.js";

/** Events, and new connections, between two looks at the clock. */
export const MOST_AT_ONCE = 512;
/** How exact timeouts, backoff and the end of the load are: no timer of its own for anything. */
const TICK_MS = 10;
/** Edge-triggered, so that one call of epoll_ctl serves a connection for its whole life. */
const ANSWER = EPOLLIN | EPOLLRDHUP | EPOLLET;
/** Besides, that a connection stands, or that there is room for more of a request. */
const ROOM_AND_ANSWER = ANSWER | EPOLLOUT;

export interface ReactorParts {
  timeoutMs: number;
  slots: Slots;
  opening: Opening;
  exchange: Exchange;
  budget: Budget;
  tally: LoadTally;
  control: ThreadControl;
  /** null: a free slot begins at once. */
  turns: Turns | null;
}

/**
 * One thread's loop: waits for events, lets the exchange act on them, closes what has ended and begins anew. It works
 * off one step for all connections before the next step, so that the kernel's code for that step stays in the cache.
 */
export class Reactor {
  readonly #slots: Slots;
  readonly #opening: Opening;
  readonly #exchange: Exchange;
  readonly #budget: Budget;
  readonly #tally: LoadTally;
  readonly #control: ThreadControl;
  readonly #turns: Turns | null;
  readonly #calls = socketCalls();
  readonly #epoll: Epoll;
  /** Slots whose connection has ended, or that never had one: those that are to begin. */
  readonly #free: Int32Array;
  #freeCount = 0;
  /** So many of them, at the front, have no socket any more. */
  #closedCount = 0;
  /** Slots that are to have a new connection. */
  readonly #fresh: Int32Array;
  #freshCount = 0;
  #running: number;
  #nextSweepMs = 0;
  readonly #timeoutMs: number;
  #endedAtMs = NEVER;
  #over = false;

  constructor(parts: ReactorParts) {
    this.#timeoutMs = parts.timeoutMs;
    this.#slots = parts.slots;
    this.#opening = parts.opening;
    this.#exchange = parts.exchange;
    this.#budget = parts.budget;
    this.#tally = parts.tally;
    this.#control = parts.control;
    this.#turns = parts.turns;
    const { count } = parts.slots;
    this.#epoll = Epoll.open(Math.min(count, MOST_AT_ONCE));
    this.#free = new Int32Array(count);
    this.#fresh = new Int32Array(MOST_AT_ONCE);
    this.#running = count;
    for (let slot = 0; slot < count; slot++) this.#setFree(slot);
  }

  /** Blocks this thread until the load has ended and every connection is closed. */
  run(): void {
    while (this.#running > 0) {
      const count = this.#epoll.wait(this.#waitMs());
      const nowMs = monotonicMs();
      if (nowMs >= this.#tally.intervalEndMs) this.#tally.passTo(nowMs);
      for (let index = 0; index < count; index++) {
        const slot = this.#epoll.tagAt(index);
        this.#then(slot, this.#partOf(slot).on(slot, this.#epoll.eventsAt(index), nowMs), nowMs);
      }
      this.#turn(nowMs);
      if (nowMs >= this.#nextSweepMs) this.#sweep(nowMs);
    }
    this.#epoll.close();
    this.#control.publish(this.#tally);
  }

  #waitMs(): number {
    if (this.#freeCount > 0) return 0;
    if (this.#turns === null || this.#turns.count === 0) return TICK_MS;
    return Math.max(0, Math.min(TICK_MS, this.#turns.nextMs - monotonicMs()));
  }

  #partOf(slot: number): Opening | Exchange {
    return this.#slots.state(slot) === SLOT.connecting ? this.#opening : this.#exchange;
  }

  #then(slot: number, then: Then, nowMs: number): void {
    if (then === THEN.close) this.#setFree(slot);
    else if (then === THEN.rest) this.#turns?.push(slot, nowMs);
    else if (then === THEN.again) this.#lookAgain(slot);
  }

  #setFree(slot: number): void {
    // A slot that rests waits for its turn already: it only loses its connection.
    if (this.#slots.state(slot) === SLOT.resting) return this.#close(slot);
    this.#slots.setDueMs(slot, NEVER);
    this.#slots.setState(slot, SLOT.idle);
    this.#free[this.#freeCount++] = slot;
  }

  /** Closes what has ended, then begins anew, then tells epoll of the new connections. */
  #turn(nowMs: number): void {
    while (this.#closedCount < this.#freeCount) this.#close(this.#free[this.#closedCount++] as number);
    const turns = Math.min(this.#freeCount, MOST_AT_ONCE);
    this.#freshCount = 0;
    for (let index = 0; index < turns; index++) {
      const slot = this.#free[index] as number;
      if (this.#turns !== null) this.#turns.push(slot, nowMs);
      else if (this.#budget.take(nowMs)) this.#fresh[this.#freshCount++] = slot;
      else this.#finish(slot);
    }
    this.#free.copyWithin(0, turns, this.#freeCount);
    this.#freeCount -= turns;
    this.#closedCount -= turns;
    if (this.#turns !== null) this.#serve(this.#turns, nowMs);
    const watched = this.#opening.begin(this.#fresh, this.#freshCount, this.#turns?.paced === true);
    for (let index = 0; index < watched; index++) this.#watch(this.#fresh[index] as number);
  }

  /** Lets those begin whose turn has come. */
  #serve(turns: Turns, nowMs: number): void {
    if (this.#budget.spent(nowMs)) this.#endTurns(turns, nowMs);
    for (let served = 0; turns.count > 0 && turns.nextMs <= nowMs && served < MOST_AT_ONCE; served++) {
      if (!this.#budget.take(nowMs)) return;
      const slot = turns.shift();
      const intendedMs = turns.take(nowMs);
      if (this.#slots.fd(slot) !== NO_SOCKET) {
        this.#then(slot, this.#exchange.next(slot, nowMs, intendedMs), nowMs);
      } else {
        this.#slots.setIntendedMs(slot, intendedMs);
        this.#fresh[this.#freshCount++] = slot;
      }
    }
  }

  /** No next request for the slots that wait, some of which still have a connection. */
  #endTurns(turns: Turns, nowMs: number): void {
    if (!this.#budget.exhausted) this.#tally.unsent += turns.skipTo(Math.min(nowMs, this.#budget.deadlineMs));
    while (turns.count > 0) {
      const slot = turns.shift();
      if (this.#slots.fd(slot) !== NO_SOCKET) {
        this.#exchange.dismiss(slot, nowMs);
        this.#close(slot);
      }
      this.#finish(slot);
    }
  }

  #finish(slot: number): void {
    this.#slots.setState(slot, SLOT.ended);
    this.#running--;
  }

  #close(slot: number): void {
    const fd = this.#slots.fd(slot);
    if (fd === NO_SOCKET) return;
    this.#calls.close(fd);
    this.#slots.setFd(slot, NO_SOCKET);
  }

  /** The edge has been told: only anew does epoll look whether there is more, or a FIN. */
  #lookAgain(slot: number): void {
    if (this.#epoll.renew(this.#slots.fd(slot), this.#eventsOf(slot), slot) < 0)
      throw new Error("epoll has lost a socket");
  }

  #watch(slot: number): void {
    if (this.#epoll.add(this.#slots.fd(slot), this.#eventsOf(slot), slot) < 0)
      throw new Error("epoll takes no further socket");
  }

  #eventsOf(slot: number): number {
    const waits = this.#slots.state(slot) === SLOT.connecting || this.#exchange.sending.has(slot);
    return waits ? ROOM_AND_ANSWER : ANSWER;
  }

  /** Everything that hangs on time. */
  #sweep(nowMs: number): void {
    this.#nextSweepMs = nowMs + TICK_MS;
    this.#control.publish(this.#tally);
    if (!this.#over && (this.#control.stopped || nowMs >= this.#budget.deadlineMs)) this.#end(nowMs);
    const abandon = this.#over && nowMs >= this.#endedAtMs + drainMs(this.#timeoutMs, this.#control.stopped);
    for (let slot = 0; slot < this.#slots.count; slot++) {
      const due = this.#slots.dueMs(slot) <= nowMs;
      const state = this.#slots.state(slot);
      if (state === SLOT.idle) {
        if (due) this.#setFree(slot);
      } else if (state !== SLOT.ended) {
        if (due) this.#then(slot, this.#partOf(slot).expire(slot, nowMs), nowMs);
        else if (abandon) this.#then(slot, this.#partOf(slot).abandon(slot), nowMs);
      }
    }
  }

  /** No further request; slots that only wait for their turn are done. */
  #end(nowMs: number): void {
    this.#over = true;
    this.#budget.end(nowMs);
    this.#endedAtMs = nowMs;
    const slots = this.#slots;
    for (let slot = 0; slot < slots.count; slot++) {
      if (slots.state(slot) === SLOT.idle && slots.dueMs(slot) !== NEVER) slots.setDueMs(slot, nowMs);
    }
  }
}
