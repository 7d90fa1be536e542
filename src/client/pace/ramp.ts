import type { PaceStage } from "../../scenario/types.js";

/** Sums of rates times durations that are this near to a whole number are meant to be it. */
const ROUNDING = 1e-6;

/** One stage, and where it stands in the whole: in time, and in arrivals expected since the beginning. */
export interface Ramp {
  startMs: number;
  durationMs: number;
  fromPerMs: number;
  /** By how much the rate grows in each millisecond. */
  growthPerMs: number;
  /** Arrivals expected before it. */
  before: number;
  /** Arrivals expected up to its end. */
  after: number;
}

export function rampsOf(stages: readonly PaceStage[]): Ramp[] {
  let startMs = 0;
  let before = 0;
  return stages.map(({ durationMs, fromPerSec, toPerSec }) => {
    const after = nearlyWhole(before + (durationMs * (fromPerSec + toPerSec)) / 2000);
    const ramp = {
      startMs,
      durationMs,
      fromPerMs: fromPerSec / 1000,
      growthPerMs: (toPerSec - fromPerSec) / 1000 / durationMs,
      before,
      after,
    };
    startMs += durationMs;
    before = after;
    return ramp;
  });
}

/** When so many arrivals are expected: inside the ramp, in milliseconds since the beginning. */
export function timeOf(ramp: Ramp, arrivals: number): number {
  const { startMs, durationMs, fromPerMs, growthPerMs } = ramp;
  const inside = arrivals - ramp.before;
  // inside = from·t + growth·t²/2, solved for t in the form that loses no digits when growth is small.
  const root = Math.sqrt(Math.max(0, fromPerMs * fromPerMs + 2 * growthPerMs * inside));
  const sum = fromPerMs + root;
  return sum === 0 ? startMs : startMs + Math.min(durationMs, (2 * inside) / sum);
}

function nearlyWhole(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < ROUNDING ? whole : value;
}
