import { nice, ticks as ticksOf } from "d3-array";
import { count, microsTick, share } from "../../text/figures.js";
import type { Axis } from "../types.js";

/** Counts begin at zero: a part of an axis makes a hill of what is flat. */
export function countAxis(most: number): Axis {
  const [, max] = nice(0, Math.max(1, most), 4);
  const ticks = ticksOf(0, max, 4).filter(Number.isInteger);
  return { scale: "linear", min: 0, max, unit: "count", ticks: ticks.map(tick(count)) };
}

/** With room above for the texts of percentiles. */
export function shareAxis(most: number): Axis {
  const max = Math.max(0.01, most);
  return { scale: "linear", min: 0, max: max * 1.5, unit: "share", ticks: ticksOf(0, max, 3).map(tick(share)) };
}

/** From the first request, 0, to the end. */
export function timeAxis(untilMs: number): Axis {
  const [unitMs, unit] = untilMs < 1_000 ? [1, "ms"] : untilMs <= 180_000 ? [1_000, "s"] : [60_000, "min"];
  const ticks = ticksOf(0, untilMs / unitMs, 5);
  return {
    scale: "linear",
    min: 0,
    max: untilMs,
    unit: "ms",
    ticks: ticks.map((at) => ({ at: at * unitMs, text: `${count(at)} ${unit}` })),
  };
}

const STEPS = [1, 2, 5];

/** Microseconds, logarithmic, between the next 1, 2 or 5; at least a factor of five, so that what is narrow looks narrow. */
export function latencyAxis(lowUs: number, highUs: number): Axis {
  const steps = Array.from({ length: 14 }, (_, decade) => STEPS.map((step) => step * 10 ** decade)).flat();
  const first = Math.max(
    0,
    steps.findLastIndex((step) => step <= Math.max(1, lowUs)),
  );
  const last = Math.max(
    first + 2,
    steps.findIndex((step) => step >= highUs),
  );
  const within = steps.slice(first, last + 1);
  const decades = within.filter((step) => Number.isInteger(Math.log10(step)));
  const ticks = decades.length > 2 ? decades : within;
  return { scale: "log", min: within[0]!, max: within.at(-1)!, unit: "us", ticks: ticks.map(tick(microsTick)) };
}

/**
 * Percentiles, logarithmic towards the tail: p lies at −log10(1 − p), so that 90 %, 99 % and 99.9 % are equally far apart.
 * @param requests the last percentile that they can tell
 */
export function percentileAxis(requests: number): Axis {
  const max = Math.max(1, Math.log10(requests));
  const ticks = [
    { at: -Math.log10(0.5), text: "p50" },
    ...Array.from({ length: Math.floor(max) }, (_, i) => ({ at: i + 1, text: nineText(i + 1) })),
  ];
  return { scale: "linear", min: 0, max, unit: "percentile", ticks };
}

/** `p90`, `p99`, `p99.9`, `p99.99` */
function nineText(nines: number): string {
  return nines <= 2 ? `p${"9".repeat(nines)}${nines === 1 ? "0" : ""}` : `p99.${"9".repeat(nines - 2)}`;
}

function tick(text: (value: number) => string): (at: number) => { at: number; text: string } {
  return (at) => ({ at, text: text(at) });
}
