import { monotonicMs } from "../kernel/clock.js";

/** How long a table may be read at a stretch before others in this process get their turn. */
const STRETCH_MS = 4;

/**
 * Calls `step` until it returns false, and gives way every few milliseconds, so that a large table delays no gauge.
 * @returns the milliseconds spent in it
 */
export async function inStretches(step: () => boolean): Promise<number> {
  let costMs = 0;
  for (let more = true; more;) {
    const began = monotonicMs();
    let now = began;
    while (more && now - began < STRETCH_MS) {
      more = step();
      now = monotonicMs();
    }
    costMs += now - began;
    if (more) await new Promise((resolve) => setImmediate(resolve));
  }
  return costMs;
}
