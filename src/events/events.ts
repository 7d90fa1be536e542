import type { Action } from "../lab/types.js";
import type { Figures } from "../scenario/phases/types.js";
import type { Happening, RunEvent, Scope, Subscriber } from "./types.js";

/**
 * The one stream of events of all runs of a command. Whoever emits never waits and never fails because of a subscriber:
 * one that throws is told to `settled`, and nothing more is told to it.
 */
export class Events {
  readonly #now: () => number;
  readonly #startedAtMs: number;
  readonly #subscribers = new Set<Subscriber>();
  readonly #pending = new Set<Promise<void>>();
  readonly #ended = new Set<number>();
  #faults: unknown[] = [];

  /** @param now a monotonic clock, in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAtMs = now();
  }

  subscribe(...subscribers: Subscriber[]): void {
    for (const subscriber of subscribers) this.#subscribers.add(subscriber);
  }

  ofRun(run: number): RunEvents {
    return new RunEvents(this, { run, variant: null, trial: null });
  }

  get nowMs(): number {
    return this.#now() - this.#startedAtMs;
  }

  /** What was given up with a trial may end after its run; nobody hears of it any more. */
  emit(event: RunEvent): void {
    if (event.trial !== null && this.#ended.has(event.run)) return;
    if (event.type === "run-done") this.#ended.add(event.run);
    for (const subscriber of this.#subscribers) {
      const fail = (fault: unknown): void => {
        this.#subscribers.delete(subscriber);
        this.#faults.push(fault);
      };
      try {
        const more = subscriber(event);
        if (!(more instanceof Promise)) continue;
        const handled: Promise<void> = more.catch(fail).finally(() => this.#pending.delete(handled));
        this.#pending.add(handled);
      } catch (fault) {
        fail(fault);
      }
    }
  }

  /** Resolves when subscribers have done what they began. @throws what the first of them threw */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    if (this.#faults.length > 0) throw this.#faults[0];
  }
}

/** The stream, as it is seen by whoever belongs to one run, or to one trial of it. */
export class RunEvents {
  readonly #events: Events;
  readonly #scope: Scope;

  constructor(events: Events, scope: Scope) {
    this.#events = events;
    this.#scope = scope;
  }

  ofTrial(variant: string, trial: number): RunEvents {
    return new RunEvents(this.#events, { ...this.#scope, variant, trial });
  }

  /** @param agoMs how long ago it happened */
  tell(happening: Happening, agoMs = 0): void {
    this.#events.emit({ atMs: this.#events.nowMs - agoMs, ...this.#scope, ...happening });
  }

  /** Does something, and tells when it begins and how it ends. */
  readonly during = async <T>(action: Action, work: () => Promise<T>): Promise<T> => {
    this.tell({ type: "action", ...action, state: "begun" });
    return this.#timed(work, (ended) => this.tell({ type: "action", ...action, ...ended }));
  };

  /** The same for a step of the scenario. */
  step(step: { step: string; does: string }, work: () => Promise<Figures>): Promise<Figures> {
    this.tell({ type: "step", ...step, state: "begun" });
    return this.#timed(work, ({ state, tookMs, fault }, figures) =>
      this.tell({ type: "step", ...step, state, tookMs, fault, figures: figures ?? {} }),
    );
  }

  settled(): Promise<void> {
    return this.#events.settled();
  }

  async #timed<T>(
    work: () => Promise<T>,
    tell: (ended: { state: "ended"; tookMs: number; fault: string | null }, value: T | null) => void,
  ): Promise<T> {
    const beganMs = this.#events.nowMs;
    const ended = (fault: string | null) => ({ state: "ended", tookMs: this.#events.nowMs - beganMs, fault }) as const;
    let value: T;
    try {
      value = await work();
    } catch (error) {
      tell(ended(error instanceof Error ? error.message : String(error)), null);
      throw error;
    }
    tell(ended(null), value);
    return value;
  }
}
