/** What a trial takes besides its load, until one has shown it: a lab, two programs, the last readings. */
const GUESS_MS = 1_000;

/**
 * How long all trials together will still take: what is planned, and for each what those before it took besides. The
 * mean of them, for the last few are as likely to be disturbed as the first.
 */
export class TimeLeft {
  readonly #plannedMs: readonly number[];
  readonly #now: () => number;
  #at = -1;
  #beganAtMs = 0;
  #firstBeganAtMs = 0;

  /** @param plannedMs each trial's load with its warm-up, in the order in which they are measured */
  constructor(plannedMs: readonly number[], now: () => number) {
    this.#plannedMs = plannedMs;
    this.#now = now;
  }

  /** How many trials there are in all. */
  get trials(): number {
    return this.#plannedMs.length;
  }

  /** Counted from 1; 0 before the first. */
  get trial(): number {
    return this.#at + 1;
  }

  /** The load of the next trial has begun. */
  next(): void {
    this.#at++;
    this.#beganAtMs = this.#now();
    if (this.#at === 0) this.#firstBeganAtMs = this.#beganAtMs;
  }

  leftMs(): number {
    const thisMs = Math.max(0, (this.#plannedMs[this.#at] ?? 0) - (this.#now() - this.#beganAtMs));
    const later = this.#plannedMs.slice(this.#at + 1);
    return thisMs + later.reduce((sum, ms) => sum + ms, 0) + later.length * this.#besidesMs();
  }

  /** Since the first load began, as a part of all. */
  share(): number {
    const goneMs = this.#now() - this.#firstBeganAtMs;
    const leftMs = this.leftMs();
    return goneMs + leftMs <= 0 ? 1 : goneMs / (goneMs + leftMs);
  }

  #besidesMs(): number {
    if (this.#at < 1) return GUESS_MS;
    const planned = this.#plannedMs.slice(0, this.#at).reduce((sum, ms) => sum + ms, 0);
    return Math.max(0, (this.#beganAtMs - this.#firstBeganAtMs - planned) / this.#at);
  }
}
