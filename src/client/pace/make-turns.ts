import type { LoadPlan, PausePlan } from "../../scenario/types.js";
import { Arrivals } from "./arrivals.js";
import { Batches } from "./batches.js";
import { Pacer, type PaceShare } from "./pacer.js";
import { Pauses } from "./pauses.js";
import { SeededRandom } from "./random.js";
import type { Turns } from "./turns.js";

/** null: each slot's next request begins at once. @param share of several threads, each with slots of its own */
export function turnsOf(
  { pace, pauses }: Pick<LoadPlan, "pace" | "pauses">,
  slots: number,
  startMs: number,
  share: PaceShare = { nth: 0, of: 1 },
): Turns | null {
  if (pace !== null) return new Arrivals(slots, new Pacer(pace, share), startMs);
  if (pauses === undefined) return null;
  const pauseMs = lengths(pauses, share.nth);
  return pauses.batch === null ? new Pauses(slots, pauseMs) : new Batches(slots, pauses.batch, pauseMs);
}

/** Of one pause after the other, in milliseconds. */
function lengths({ thinkMs: { from, to }, seed }: PausePlan, thread: number): () => number {
  if (from === to) return () => from;
  const random = new SeededRandom(seed, thread);
  return () => from + random.next() * (to - from);
}
