import { BenchError } from "../errors.js";
import type { HostRecord, Kept } from "../watch/types.js";
import type { RunResult } from "../result/types.js";
import { resultOfHosts } from "./hosts.js";

/** A day, one every 5 s, and a little. */
const MOST_READINGS = 20_000;

/** What is watched, as a result that reports, replays and comparisons read. Pure. */
export class Recording {
  readonly #kept: Kept[] = [];
  readonly #what: string;
  #startedAt = "";
  #everyMs = 0;

  /** @param what is watched, in a few words */
  constructor(what: string) {
    this.#what = what;
  }

  /** It has so many readings that it takes no more. */
  get isFull(): boolean {
    return this.#kept.length >= MOST_READINGS;
  }

  /** @throws BenchError `states-not-readable` where a reading holds too little to be kept */
  add(kept: Kept | undefined, { at, everyMs }: { at: string; everyMs: number }): void {
    if (kept === undefined)
      throw new BenchError(
        "states-not-readable",
        "what is read from outside of a namespace is too little for a recording",
        "Record as root, or inside: it needs the namespace itself.",
      );
    if (this.#kept.length === 0) this.#startedAt = at;
    this.#everyMs = everyMs;
    if (!this.isFull) this.#kept.push(kept);
  }

  /** null where there were fewer than two readings, of which nothing can be told. */
  result(isComplete: boolean): RunResult | null {
    if (this.#kept.length < 2) return null;
    const host: HostRecord = {
      name: "watched-host",
      startedAt: this.#startedAt,
      everyMs: this.#everyMs,
      kept: this.#kept,
    };
    return { ...resultOfHosts([host], { what: this.#what, isComplete }), recording: host };
  }
}
