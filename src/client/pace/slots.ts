import type { LoadPlan } from "../../scenario/types.js";

/** What is in flight when the load is stopped early may still complete for so long. */
const STOPPED_DRAIN_MS = 500;

/** The longest that a load's end is waited for. */
const LONGEST_DRAIN_MS = 3_000;

/** What is in flight when the load ends may still complete; somebody who has stopped it waits for the end. */
export function drainMs(timeoutMs: number, stopped: boolean): number {
  return Math.min(timeoutMs, stopped ? STOPPED_DRAIN_MS : LONGEST_DRAIN_MS);
}
/** The longest that a timer of Node can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One of the load's connections at a time, with the requests on it. */
export interface Slot {
  /** Resolves when it has made its last request and its connection is closed. */
  readonly finished: Promise<void>;
  start(): void;
  /** No further request; what is in flight may complete. May be called twice. */
  end(): void;
  /** What is still in flight has failed as `unfinished`. */
  abandon(): void;
}

/** Runs the slots for `durationMs`, or until they have finished by themselves, or the signal ends them. */
export async function driveSlots(
  slots: readonly Slot[],
  { durationMs, timeoutMs }: Pick<LoadPlan, "durationMs" | "timeoutMs">,
  signal: AbortSignal,
): Promise<void> {
  const finished = Promise.all(slots.map((slot) => slot.finished));
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(durationMs, LONGEST_TIMER_MS));
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  try {
    for (const slot of slots) slot.start();
    await Promise.race([finished, time]);
    for (const slot of slots) slot.end();
    clearTimeout(timer);
    const drain = (): void => {
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          for (const slot of slots) slot.abandon();
        },
        drainMs(timeoutMs, signal.aborted),
      );
    };
    drain();
    signal.addEventListener("abort", drain, { once: true });
    await finished;
    signal.removeEventListener("abort", drain);
  } finally {
    clearTimeout(timer);
  }
}
