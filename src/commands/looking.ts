import { BenchError } from "../errors.js";
import { formatDuration, LONGEST_MS, parseDuration } from "../scenario/parts/duration.js";

/** What commands share that look at a namespace again and again. */

/** PID_MAX_LIMIT (include/linux/threads.h). */
export const HIGHEST_PID = 4_194_304;
export const HIGHEST_PORT = 65_535;

/** How often to look, in milliseconds. @throws BenchError `bad-usage` */
export function everyFrom(option: string, text: string, leastMs: number): number {
  const ms = parseDuration(text);
  if (ms !== null && ms >= leastMs && ms <= LONGEST_MS) return ms;
  throw new BenchError(
    "bad-usage",
    `${option} takes a time of ${formatDuration(leastMs)} or more, not "${text}"`,
    `Example: ${option} 2s`,
  );
}

/** A namespace whose process has ended is let go of after so long, however seldom it is looked at. */
const LET_GO_AFTER_MS = 1_000;

/** Until the next look is due, or Ctrl-C. */
export async function pause(leftMs: () => number, place: { letGo(): void }, interrupted: AbortSignal): Promise<void> {
  while (leftMs() > 0 && !interrupted.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, Math.min(leftMs(), LET_GO_AFTER_MS));
      interrupted.addEventListener("abort", done, { once: true });
      function done(): void {
        clearTimeout(timer);
        interrupted.removeEventListener("abort", done);
        resolve();
      }
    });
    place.letGo();
  }
}
