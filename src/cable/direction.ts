import type { LinkPlan } from "../scenario/types.js";
import type { DirectionCounts } from "./types.js";

/** Before a line with a rate wait no more frames than this, as in a netem with its default limit (man 8 tc-netem). */
export const WAITING_FRAMES = 1000;

/** Places of lateness: powers of two to the quarter, from 1 µs to 16 s. */
const STEPS_PER_OCTAVE = 4;
const LATE_STEPS = 24 * STEPS_PER_OCTAVE;

/**
 * What happens to what one host sends to another, as `netem` does it (net/sched/sch_netem.c, netem_enqueue): a frame is lost,
 * or goes ahead of all others at once, or is delayed, and may come twice; a rate lets one after the other through.
 */
export class Direction {
  plan: LinkPlan;
  readonly #random: () => number;
  /** Until then the line is busy with what came before. */
  #busyUntilMs = 0;
  #frames = 0;
  #lost = 0;
  #duplicated = 0;
  #reordered = 0;
  #overflowed = 0;
  #carried = 0;
  readonly #late = new Float64Array(LATE_STEPS);

  constructor(plan: LinkPlan, random: () => number) {
    this.plan = plan;
    this.#random = random;
  }

  /**
   * A frame has come: how often it goes on, 0, 1 or 2 times. It asks for the times by `dueMs`, once for each.
   * @param nowMs when it came
   */
  copies(): number {
    this.#frames++;
    const { loss, duplicate } = this.plan;
    const isLost = loss > 0 && this.#random() < loss;
    const isTwice = duplicate > 0 && this.#random() < duplicate;
    if (isTwice) this.#duplicated++;
    if (isLost) this.#lost++;
    return 1 + (isTwice ? 1 : 0) - (isLost ? 1 : 0);
  }

  /** When the frame goes out; null when there is no room for it to wait. @param bytes of it, its Ethernet header included */
  dueMs(nowMs: number, bytes: number): number | null {
    const { delayMs, jitterMs, reorder, bitsPerSec } = this.plan;
    if (reorder > 0 && this.#random() < reorder) {
      this.#reordered++;
      return nowMs;
    }
    let leavesMs = nowMs;
    if (bitsPerSec !== null) {
      const takesMs = (bytes * 8000) / bitsPerSec;
      if (this.#busyUntilMs - nowMs > WAITING_FRAMES * takesMs) {
        this.#overflowed++;
        return null;
      }
      leavesMs = Math.max(nowMs, this.#busyUntilMs) + takesMs;
      this.#busyUntilMs = leavesMs;
    }
    const jitter = jitterMs === 0 ? 0 : (2 * this.#random() - 1) * jitterMs;
    return leavesMs + Math.max(0, delayMs + jitter);
  }

  /** A frame could not be kept, or was longer than a cable carries. */
  overflow(): void {
    this.#overflowed++;
  }

  carried(lateMs: number): void {
    this.#carried++;
    const octaves = Math.log2(Math.max(1, lateMs * 1000));
    this.#late[Math.min(LATE_STEPS - 1, Math.floor(octaves * STEPS_PER_OCTAVE))]!++;
  }

  get counts(): Omit<DirectionCounts, "missed"> {
    const { from, to } = this.plan;
    return {
      from,
      to,
      frames: this.#frames,
      lost: this.#lost,
      duplicated: this.#duplicated,
      reordered: this.#reordered,
      overflowed: this.#overflowed,
      carried: this.#carried,
      lateP50Us: this.#lateUs(0.5),
      lateP99Us: this.#lateUs(0.99),
    };
  }

  /** The upper end of the step in which it lies; null while no frame has gone out. */
  #lateUs(share: number): number | null {
    let left = share * this.#carried;
    const step = this.#late.findIndex((count) => (left -= count) <= 0 && count > 0);
    return step < 0 ? null : Math.round(2 ** ((step + 1) / STEPS_PER_OCTAVE));
  }
}
