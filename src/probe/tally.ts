import { monotonicMs } from "../kernel/clock.js";
import { libc } from "../kernel/libc.js";
import type { Figures } from "./types.js";

export const ETIMEDOUT = "ETIMEDOUT";
/** What the kernel says to a file that was closed. */
const EBADF = "EBADF";

/** Of this process or of the machine: then a call says nothing about TCP. */
const NO_DESCRIPTOR_LEFT = ["EMFILE", "ENFILE"];

/** There are as many open files as are permitted, which is no finding about sockets. */
export class NoDescriptorLeft extends Error {
  override readonly name = "NoDescriptorLeft";
}

/** What came of the calls of one step. */
export class Tally {
  readonly startedMs: number;
  readonly #deadlineMs: number;
  #errno: string | null = null;
  #failedCall: string | null = null;
  #succeeded = 0;
  #failed = 0;
  #slowestMs = 0;

  /** @param startedMs when the calls began, where that was before this step */
  constructor(timeoutMs: number, startedMs?: number) {
    const nowMs = monotonicMs();
    this.startedMs = startedMs ?? nowMs;
    this.#deadlineMs = nowMs + timeoutMs;
  }

  /** Never below zero. */
  get leftMs(): number {
    return Math.max(0, this.#deadlineMs - monotonicMs());
  }

  succeeded(sinceMs: number): void {
    this.#succeeded++;
    this.#saw(sinceMs);
  }

  /**
   * @param errno by name, or as the C library has it: to be asked for before anything else runs
   * @throws NoDescriptorLeft
   */
  failed(sinceMs: number, errno: string | number, call: string | null = null): void {
    const name = typeof errno === "string" ? errno : libc().nameOfErrno(errno);
    if (NO_DESCRIPTOR_LEFT.includes(name)) throw new NoDescriptorLeft(name);
    if (this.#failed++ === 0) {
      this.#errno = name;
      this.#failedCall = call;
    }
    this.#saw(sinceMs);
  }

  /** Makes one call and counts what came of it: -1 is a failure. */
  make(call: () => number): void {
    const sinceMs = monotonicMs();
    if (call() < 0) this.failed(sinceMs, libc().errno());
    else this.succeeded(sinceMs);
  }

  /** The errno where nothing has failed: a call that has not ended, or that there was no socket for. */
  set errnoOtherwise(name: string) {
    this.#errno ??= name;
  }

  /** For a name that has no socket left. */
  nothingThere(): void {
    this.errnoOtherwise = EBADF;
  }

  get successes(): number {
    return this.#succeeded;
  }

  get failedCall(): string | null {
    return this.#failedCall;
  }

  figures(more: Figures = {}): Figures {
    return {
      errno: this.#errno ?? "none",
      succeeded: this.#succeeded,
      failed: this.#failed,
      tookMs: rounded(monotonicMs() - this.startedMs),
      slowestMs: rounded(this.#slowestMs),
      ...more,
    };
  }

  #saw(sinceMs: number): void {
    this.#slowestMs = Math.max(this.#slowestMs, monotonicMs() - sinceMs);
  }
}

/** To the microsecond: what is smaller is the clock's own noise. */
export function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
