import { slowness } from "./slowness.js";
import { describeStopped, onStopped } from "./stopped.js";

/**
 * A process that works says something several times a second; on the busiest machine a word may take some seconds. An
 * emulated processor is given more.
 */
export const SILENT_S = 30;
const TICK_MS = 1_000;

export interface Wait {
  /** What the answer may take by itself; SILENT_S come on top. */
  takesMs?: number;
  /** The process that is to answer, where it is ours to look at: it must not be stopped, nor what it has started. */
  pid?: number | undefined;
}

/**
 * Waits for what another process is to say or do. Every such wait has an end: `answer` itself has to reject when the
 * process ends, and this function rejects when the process is stopped or stays silent.
 * @param toError gets why it is not waited for any longer: `has not answered for 30 s`
 */
export async function answerOf<T>(
  answer: Promise<T>,
  toError: (why: string) => Error,
  { takesMs = 0, pid }: Wait = {},
): Promise<T> {
  const watchdog = new Watchdog((seconds) => toError(`has not answered for ${seconds} s`), takesMs);
  let endLook = (): void => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    if (pid !== undefined) endLook = onStopped([pid], (found) => reject(toError(describeStopped(found))));
  });
  try {
    return await Promise.race([answer, watchdog.silence, stopped]);
  } finally {
    watchdog.end();
    endLook();
  }
}

/**
 * Notices a process that is still there and says nothing any more. It counts ticks of its own instead of reading a
 * clock: if somebody stops us too (Ctrl-Z) and lets us go on later, no time is lost.
 */
export class Watchdog {
  /** Rejects when the silence has lasted too long; never resolves. */
  readonly silence: Promise<never>;
  readonly #timer: NodeJS.Timeout;
  #ticks = 0;

  /** It watches from now on. @param takesMs what a single answer may take by itself */
  constructor(toError: (seconds: number) => Error, takesMs = 0) {
    let reject!: (error: Error) => void;
    this.silence = new Promise((_resolve, no) => (reject = no));
    this.silence.catch(() => {});
    const seconds = Math.ceil(SILENT_S * slowness() + takesMs / 1_000);
    this.#timer = setInterval(() => {
      if (++this.#ticks * TICK_MS >= seconds * 1_000) reject(toError(seconds));
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
