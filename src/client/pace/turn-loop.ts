import type { Turns } from "./turns.js";

/** The longest that a timer of Node can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One connection at a time, with one request on it. */
export interface PacedSlot {
  /** Starts a request now, which was meant to start at `intendedMs` of the load's clock. */
  begin(intendedMs: number): void;
  /** No further request. May be called twice. */
  end(): void;
}

export interface TurnLoopPlan {
  turns: Turns;
  /** The load's clock, in milliseconds. */
  now: () => number;
  /** false: the load's time is over, or its requests are all sent. */
  mayStart: () => boolean;
  /** Of the load, which begins when the loop is made. */
  durationMs: number;
}

/**
 * Gives slots their turns in an event loop. A timer of Node is up to about a millisecond late, and with it the start of a
 * request.
 */
export class TurnLoop {
  readonly #turns: Turns;
  readonly #now: () => number;
  readonly #mayStart: () => boolean;
  readonly #endMs: number;
  /** By number, in the order in which they came first. */
  readonly #slots: PacedSlot[] = [];
  readonly #numbers = new Map<PacedSlot, number>();
  #timer: NodeJS.Timeout | null = null;
  /** When the timer is to ring. */
  #wakeMs = Number.POSITIVE_INFINITY;
  /** null while it goes on. */
  #stoppedMs: number | null = null;

  constructor({ turns, now, mayStart, durationMs }: TurnLoopPlan) {
    this.#turns = turns;
    this.#now = now;
    this.#mayStart = mayStart;
    this.#endMs = now() + durationMs;
  }

  /** The slot can take a request: when it is its turn. */
  free(slot: PacedSlot): void {
    this.#turns.push(this.#numberOf(slot), this.#now());
    this.#serve();
  }

  /** The load has ended: what has not been started by now is not started. May be called twice. */
  stop(): void {
    this.#stoppedMs ??= Math.min(this.#endMs, this.#now());
    this.#letTimerGo();
  }

  /**
   * How many requests were meant to start before the end and were not. To be called once, after the end. Unless it was
   * stopped early that is the planned end: the timer that ends a load counts from the time at which Node last looked at
   * the clock, and so rings some milliseconds before it.
   */
  countUnsent(stoppedEarly: boolean): number {
    this.stop();
    return this.#turns.skipTo(stoppedEarly ? this.#stoppedMs! : this.#endMs);
  }

  #numberOf(slot: PacedSlot): number {
    const known = this.#numbers.get(slot);
    if (known !== undefined) return known;
    this.#numbers.set(slot, this.#slots.length);
    return this.#slots.push(slot) - 1;
  }

  #serve(): void {
    while (this.#turns.count > 0) {
      if (!this.#mayStart()) this.stop();
      const nowMs = this.#now();
      if (this.#stoppedMs === null && this.#turns.nextMs > nowMs) break;
      const slot = this.#slots[this.#turns.shift()]!;
      if (this.#stoppedMs !== null) slot.end();
      else slot.begin(this.#turns.take(nowMs));
    }
    if (this.#turns.count > 0 && this.#turns.nextMs < this.#wakeMs) this.#wait();
  }

  #wait(): void {
    this.#letTimerGo();
    this.#wakeMs = this.#turns.nextMs;
    const waitMs = this.#wakeMs - this.#now();
    // Down to whole milliseconds: Node would round them down anyway, and a second wait is better than a late one.
    this.#timer = setTimeout(
      () => {
        this.#letTimerGo();
        this.#serve();
      },
      Math.max(1, Math.min(LONGEST_TIMER_MS, Math.floor(waitMs))),
    );
  }

  #letTimerGo(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wakeMs = Number.POSITIVE_INFINITY;
  }
}
