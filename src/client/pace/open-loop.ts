import type { Pacer } from "./pacer.js";

/** The longest that a timer of Node can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One connection at a time, with one request on it. */
export interface PacedSlot {
  /** Starts a request now, which was meant to start at `intendedMs` of the load's clock. */
  begin(intendedMs: number): void;
  /** No further request. May be called twice. */
  end(): void;
}

export interface OpenLoopPlan {
  pacer: Pacer;
  /** The load's clock, in milliseconds. The pace begins when the open loop is made. */
  now: () => number;
  /** false: the load's time is over, or its requests are all sent. */
  mayStart: () => boolean;
  durationMs: number;
}

/**
 * Brings arrivals and free slots together: a slot that becomes free gets the arrival that has waited longest, and an
 * arrival the slot that has been free longest, so that all connections are used in turn. What has to wait keeps the
 * time that it was meant for. A timer of Node is up to about a millisecond late, and with it the start of a request.
 */
export class OpenLoop {
  readonly #pacer: Pacer;
  readonly #now: () => number;
  readonly #mayStart: () => boolean;
  readonly #durationMs: number;
  readonly #startMs: number;
  readonly #free: PacedSlot[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** Since the start; null while it goes on. */
  #stoppedMs: number | null = null;

  constructor({ pacer, now, mayStart, durationMs }: OpenLoopPlan) {
    this.#pacer = pacer;
    this.#now = now;
    this.#mayStart = mayStart;
    this.#durationMs = durationMs;
    this.#startMs = now();
  }

  /** The slot can take a request: at once if one is late, else when it is due and the slot's turn. */
  free(slot: PacedSlot): void {
    this.#free.push(slot);
    this.#serve();
  }

  /** The load has ended: what has not been started by now is not started. May be called twice. */
  stop(): void {
    this.#stoppedMs ??= Math.min(this.#durationMs, this.#now() - this.#startMs);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /**
   * How many requests were meant to start before the end and were not. To be called once, after the end. Unless it was
   * stopped early that is the planned end: the timer that ends a load counts from the time at which Node last looked at
   * the clock, and so rings some milliseconds before it.
   */
  countUnsent(stoppedEarly: boolean): number {
    this.stop();
    return this.#pacer.skipTo(stoppedEarly ? (this.#stoppedMs ?? 0) : this.#durationMs);
  }

  #serve(): void {
    while (this.#free.length > 0) {
      if (!this.#mayStart()) this.stop();
      if (this.#stoppedMs === null && this.#pacer.nextMs > this.#now() - this.#startMs) break;
      const slot = this.#free.shift();
      if (this.#stoppedMs !== null) slot?.end();
      else slot?.begin(this.#startMs + this.#pacer.take());
    }
    if (this.#free.length > 0 && this.#timer === null && this.#pacer.nextMs < Number.POSITIVE_INFINITY) this.#wait();
  }

  #wait(): void {
    const waitMs = this.#startMs + this.#pacer.nextMs - this.#now();
    // Down to whole milliseconds: Node would round them down anyway, and a second wait is better than a late one.
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#serve();
      },
      Math.max(1, Math.min(LONGEST_TIMER_MS, Math.floor(waitMs))),
    );
  }
}
