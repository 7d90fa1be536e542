/**
 * Who makes the next request, and when: slots wait here, by number, whenever they are free. It knows no clock: all times are
 * those of the load's, in milliseconds.
 */
export interface Turns {
  /** Each request has a time that it is meant to begin at, and its latency counts from then. */
  readonly paced: boolean;
  /** Slots that wait. */
  readonly count: number;
  /** When one of those that wait may begin; Infinity: not before another one comes. */
  readonly nextMs: number;
  /** The slot is free, and has made a request before unless it is its first time here. */
  push(slot: number, nowMs: number): void;
  /** The slot whose turn it is leaves. */
  shift(): number;
  /** It begins at `nowMs`. @returns when it was meant to */
  take(nowMs: number): number;
  /** How many requests were meant to begin before `endMs` and did not. To be called once, at the end. */
  skipTo(endMs: number): number;
}
