import type { Comparison, CpuTime, Mode, Run } from "./types.js";

/** What a mode is judged by, a second: connections where each request makes one, else requests. */
export function rateOf(run: Run, mode: Mode): number {
  return mode === "close" ? run.connectionsPerSec : (run.requestsPerSec ?? 0);
}

/** Of an odd number the middle one, of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("nothing has no median");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The part of all the CPU time that is the kernel's; null when there was none. */
export function kernelShare(times: readonly CpuTime[]): number | null {
  const total = { userMs: 0, systemMs: 0 };
  for (const { userMs, systemMs } of times) {
    total.userMs += userMs;
    total.systemMs += systemMs;
  }
  return total.userMs + total.systemMs === 0 ? null : total.systemMs / (total.userMs + total.systemMs);
}

/** CPU time of the client for one connection (`close`) or request, in microseconds; null when there was none. */
export function cpuEachUs(runs: readonly Run[], mode: Mode): number | null {
  let cpuMs = 0;
  let count = 0;
  for (const run of runs) {
    cpuMs += run.cpu.userMs + run.cpu.systemMs;
    count += (rateOf(run, mode) * run.windowMs) / 1000;
  }
  return count === 0 ? null : (cpuMs / count) * 1000;
}

/** After so many pairs a peer that every one of them leaves so far behind is not what any goal turns on. */
const CLEARLY = [
  { pairs: 2, ratio: 1.5 },
  { pairs: 3, ratio: 1.12 },
] as const;

/** The time goes to those that are close. */
export function enough(measured: readonly number[], planned: number): boolean {
  const least = Math.min(...measured);
  return measured.length >= planned || CLEARLY.some(({ pairs, ratio }) => measured.length >= pairs && least >= ratio);
}

/** Of the comparisons that were measured, the one in which the peer does best against us; null when there is none. */
export function hardest(comparisons: readonly Comparison[]): Comparison | null {
  return (
    comparisons
      .filter(({ ratios }) => ratios.length > 0)
      .toSorted((a, b) => median(a.ratios) - median(b.ratios))
      .at(0) ?? null
  );
}

/** Of pairs: with something, over without it. The middle half of them lies between the quartiles. */
export interface Ratios {
  lowerQuartile: number;
  medianRatio: number;
  upperQuartile: number;
}

export function ratiosOf(values: readonly number[]): Ratios {
  return {
    lowerQuartile: quantile(values, 0.25),
    medianRatio: median(values),
    upperQuartile: quantile(values, 0.75),
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)]!;
}
