import { setImmediate as others } from "node:timers/promises";
import type { RunEvent } from "../events/types.js";

/** As often as anybody looks. */
const TICK_MS = 40;

/** Tells events at their times, `speed` times as fast. What is due is told at once. Ends early when it is aborted. */
export async function play(
  events: Iterable<RunEvent>,
  speed: number,
  hear: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const beganMs = performance.now();
  let restedMs = beganMs;
  for (const event of events) {
    // Where much is due at once, what was told has to be shown, and Ctrl-C to be heard, all the same.
    if (performance.now() - restedMs > TICK_MS) {
      await others();
      restedMs = performance.now();
    }
    while (!signal.aborted) {
      const waitMs = event.atMs / speed - (performance.now() - beganMs);
      if (waitMs <= 0) break;
      await pause(Math.min(waitMs, TICK_MS), signal);
    }
    if (signal.aborted) return;
    hear(event);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
