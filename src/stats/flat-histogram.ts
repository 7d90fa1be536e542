/**
 * HdrHistogram's buckets (three significant digits, in whole units from 1 up to 2^32 - 1) as one flat table: to record
 * is two shifts and an addition, without an object. It is read by taking out what it holds.
 */

/** 2048 values of a bucket are told apart: three significant digits need 2 * 10^3, rounded up to a power of two. */
const HALF_BITS = 10;
const HALF = 1 << HALF_BITS;
/** Of a value with 32 bits, counted from 0: the first bucket has eleven bits, and each later one the next. */
const LAST_BUCKET = 31 - HALF_BITS;
const SLOTS = (LAST_BUCKET + 2) * HALF;
/** Leading zeros of the values that fill the first bucket. */
const FIRST_BUCKET_CLZ = 31 - HALF_BITS;
const MOST = 2 ** 32 - 1;

/** A value, how often it came, the next greater value, and so on. */
export type Pairs = Uint32Array<ArrayBuffer>;

export class FlatHistogram {
  readonly #counts = new Uint32Array(SLOTS);
  #lowest = SLOTS;
  #highest = -1;

  /** Takes what is less than 1 for 1, and what is more than 2^32 - 1 for that. */
  record(value: number): void {
    this.add(value, 1);
  }

  /** The value `count` times. */
  add(value: number, count: number): void {
    const whole = value < 1 ? 1 : value > MOST ? MOST : Math.round(value);
    const clz = Math.clz32(whole);
    const bucket = clz < FIRST_BUCKET_CLZ ? FIRST_BUCKET_CLZ - clz : 0;
    const slot = (bucket << HALF_BITS) + (whole >>> bucket);
    this.#counts[slot]! += count;
    if (slot < this.#lowest) this.#lowest = slot;
    if (slot > this.#highest) this.#highest = slot;
  }

  /** Takes in what another one has handed out. */
  addPairs(pairs: Pairs): void {
    for (let at = 0; at < pairs.length; at += 2) this.add(pairs[at]!, pairs[at + 1]!);
  }

  /** What was recorded since the last call; the histogram is empty after it. */
  take(): Pairs {
    const counts = this.#counts;
    let slots = 0;
    for (let slot = this.#lowest; slot <= this.#highest; slot++) if (counts[slot] !== 0) slots++;
    const pairs = new Uint32Array(2 * slots);
    let at = 0;
    for (let slot = this.#lowest; slot <= this.#highest; slot++) {
      const count = counts[slot] as number;
      if (count === 0) continue;
      pairs[at] = lowestValueOf(slot);
      pairs[at + 1] = count;
      counts[slot] = 0;
      at += 2;
    }
    this.#lowest = SLOTS;
    this.#highest = -1;
    return pairs;
  }
}

/** The least of the values that are counted in a slot; they differ by less than a thousandth. */
function lowestValueOf(slot: number): number {
  const bucket = Math.max(0, (slot >>> HALF_BITS) - 1);
  return ((slot - (bucket << HALF_BITS)) << bucket) >>> 0;
}
