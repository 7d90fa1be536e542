/** Numbers drawn before the first one that is used: seeds that are near each other begin alike. */
const WARM_UP = 16;
/** 2^32 divided by the golden ratio: multiples of it lie far apart. */
const SPREAD = 0x9e3779b1;

/**
 * The same numbers for the same seed, on every machine. Xorshift with 32 bits (G. Marsaglia, Xorshift RNGs, Journal of
 * Statistical Software 8(14), 2003): good enough for gaps between requests, and it costs three shifts.
 */
export class SeededRandom {
  #state: number;

  /** Each `stream` of a seed is a sequence of its own. */
  constructor(seed: number, stream = 0) {
    // Zero is the one state that it never leaves.
    this.#state = (Math.imul(seed, SPREAD) ^ Math.imul(stream + 1, SPREAD >>> 1)) | 0 || 1;
    for (let i = 0; i < WARM_UP; i++) this.next();
  }

  /** Above 0, up to 1. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) / 2 ** 32;
  }

  /** From the exponential distribution with mean 1: the gap between two events that do not know of each other. */
  nextExponential(): number {
    return -Math.log(this.next());
  }
}
