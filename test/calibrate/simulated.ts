import type { RunResult, Trial, VariantResult } from "../../src/result/types.js";
import type { Variant } from "../../src/scenario/types.js";
import { seeded } from "../../src/stats/random.js";
import { result, variantOf } from "../report/fixture.js";

/** Results that nobody measured, of which the truth is known. */

export interface Noise {
  /** Standard deviation of one trial's logarithm: 0.03 is 3 %. */
  trial: number;
  /** How much further the machine has wandered from one trial to the next, likewise. */
  drift: number;
  /** The part of the trials that a neighbour disturbs, and makes up to twice as slow. */
  disturbed: number;
}

/** A machine of its own, without neighbours. */
export const QUIET: Noise = { trial: 0.015, drift: 0.01, disturbed: 0 };
/** Two cores of a machine that others use too, between their bursts. */
export const SHARED: Noise = { trial: 0.03, drift: 0.02, disturbed: 0.02 };
/** The same while several of the others work at full load. */
export const BUSY: Noise = { trial: 0.12, drift: 0.1, disturbed: 0.2 };

export interface Experiment {
  pairs: number;
  noise: Noise;
  /** Head takes so many times as long as base; 1 for A/A. */
  slowdown: number;
  variants?: number;
  seed: number;
}

/** The two sides of a run that takes turns: base head, head base, base head … */
export function simulate({ pairs, noise, slowdown, variants = 2, seed }: Experiment): {
  base: RunResult;
  head: RunResult;
} {
  const random = seeded(seed);
  const names = Array.from({ length: variants }, (_, i) => `v${i}`);
  const sides = { base: new Map<string, Trial[]>(), head: new Map<string, Trial[]>() };
  let machine = 0;
  let order = 0;
  for (let pair = 0; pair < pairs; pair++)
    for (const name of names)
      for (const side of pair % 2 === 0 ? (["base", "head"] as const) : (["head", "base"] as const)) {
        machine += noise.drift * normal(random);
        const disturbed = random() < noise.disturbed ? Math.LN2 * random() : 0;
        const slow = machine + noise.trial * normal(random) + disturbed + (side === "head" ? Math.log(slowdown) : 0);
        sides[side].set(name, [...(sides[side].get(name) ?? []), trialOf(slow, noise.trial, order++, random)]);
      }
  return { base: resultOf(sides.base), head: resultOf(sides.head) };
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** @param slow how much slower than usual, a logarithm; CPU time per request suffers half of it, the slowest 1 % more */
function trialOf(slow: number, scatter: number, order: number, random: () => number): Trial {
  const own = (part: number): number => Math.exp(part * scatter * normal(random));
  const succeeded = Math.round(10_000 * Math.exp(-slow));
  const us = 5000 * Math.exp(slow);
  const latency = { min: 1, mean: us, p50: us * own(0.2), p90: us, p99: 2 * us * own(1.5), p999: 4 * us, max: 5 * us };
  const cpu = (): { userMs: number; systemMs: number; waitMs: null } => ({
    userMs: (0.08 * succeeded * Math.exp(slow / 2) * own(0.3)) | 0,
    systemMs: 0,
    waitMs: null,
  });
  return {
    status: "complete",
    order,
    durationMs: 1000,
    requests: { sent: succeeded, succeeded, failed: 0, perSec: succeeded },
    latencyUs: latency,
    connectUs: { ...latency, p50: Math.round(100 * own(1)) },
    connections: { opened: succeeded, perSec: succeeded, requestsPer: 1 },
    timeWait: {
      client: { created: 0, peak: 0, end: 0 },
      server: { created: succeeded, peak: succeeded, end: succeeded },
    },
    closedFirst: { client: 0, server: 1, reset: 0 },
    errors: {},
    cpu: { client: cpu(), server: cpu() },
  } as unknown as Trial;
}

function resultOf(trials: ReadonlyMap<string, Trial[]>): RunResult {
  const variants = [...trials].map(([name, of]): [Variant, VariantResult] => [
    variantOf(name),
    { trials: of, median: null, figures: {} },
  ]);
  // Trials hold what is compared alone.
  return result(variants, { findings: [] });
}
