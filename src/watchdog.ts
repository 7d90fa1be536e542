/** Whoever has something to say says it several times a second; on the busiest machine a word may take some seconds. */
export const SILENT_S = 30;
const TICK_MS = 1_000;

/**
 * A process that is still there and says nothing any more: it hangs, or somebody has stopped it. Time is counted in
 * ticks of our own instead of by the clock, so that one who stops us too, by Ctrl-Z, and goes on later, has lost none.
 */
export class Watchdog {
  /** Rejects when it has lasted too long; never resolves. */
  readonly silence: Promise<never>;
  readonly #timer: NodeJS.Timeout;
  #ticks = 0;

  /** It watches from now on. */
  constructor(toError: () => Error) {
    let reject!: (error: Error) => void;
    this.silence = new Promise((_resolve, no) => (reject = no));
    this.silence.catch(() => {});
    this.#timer = setInterval(() => {
      if (++this.#ticks * TICK_MS >= SILENT_S * 1_000) reject(toError());
    }, TICK_MS);
  }

  /** The process has said something. */
  heard(): void {
    this.#ticks = 0;
  }

  /** There is nothing to watch any more. */
  end(): void {
    clearInterval(this.#timer);
  }
}
