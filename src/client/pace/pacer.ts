import type { PacePlan } from "../../scenario/types.js";
import { rampsOf, timeOf, type Ramp } from "./ramp.js";
import { SeededRandom } from "./random.js";

/** One of several that share a pace: together they make what one would make alone. */
export interface PaceShare {
  /** Counted from 0. */
  nth: number;
  of: number;
}

const ALL: PaceShare = { nth: 0, of: 1 };

/**
 * When requests are meant to start, one after the other, in milliseconds since the load began. It knows no clock: whoever
 * comes late takes every arrival that was missed, in order, each with the time that it was meant for. Nothing is kept and
 * nothing allocated for an arrival.
 *
 * Both kinds of arrivals are made of the expected number of arrivals N(t), the integral of the rate: constant ones are
 * where N is whole; a Poisson process is where N grows by exponential steps, whatever the rate does meanwhile.
 */
export class Pacer {
  readonly #ramps: readonly Ramp[];
  readonly #share: number;
  /** null: constant arrivals. */
  readonly #random: SeededRandom | null;
  /** The value of N at the next arrival. */
  #expected: number;
  #ramp = 0;
  #nextMs = 0;

  constructor({ arrivals, stages, seed }: PacePlan, { nth, of }: PaceShare = ALL) {
    this.#ramps = rampsOf(stages);
    this.#share = of;
    this.#random = arrivals === "poisson" ? new SeededRandom(seed, nth) : null;
    this.#expected = this.#random === null ? nth : of * this.#random.nextExponential();
    this.#find();
  }

  /** When the next arrival is meant to start; Infinity after the last one. */
  get nextMs(): number {
    return this.#nextMs;
  }

  /** Takes the next arrival and returns the time that it was meant for. */
  take(): number {
    const takenMs = this.#nextMs;
    this.#expected += this.#random === null ? this.#share : this.#share * this.#random.nextExponential();
    this.#find();
    return takenMs;
  }

  /** Takes every arrival before `endMs` and returns how many there were. */
  skipTo(endMs: number): number {
    let count = 0;
    while (this.#nextMs < endMs) {
      this.take();
      count++;
    }
    return count;
  }

  #find(): void {
    let ramp = this.#ramps[this.#ramp];
    // An arrival at the very end of a ramp is the first of the next one with a rate: no arrival is in a pause.
    while (ramp !== undefined && this.#expected >= ramp.after) ramp = this.#ramps[++this.#ramp];
    this.#nextMs = ramp === undefined ? Number.POSITIVE_INFINITY : timeOf(ramp, this.#expected);
  }
}
