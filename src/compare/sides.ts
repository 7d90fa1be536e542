import type { Finding } from "../findings/types.js";
import type { RunResult, Trial } from "../result/types.js";
import type { LoadPlan } from "../scenario/types.js";

/** One of the two in a comparison of one variant. */
export interface Side {
  load: LoadPlan;
  /** Those that were measured to their end, in the order of measurement; at least one. */
  trials: Trial[];
  /**
   * Whether the machine was so busy with other things that even the sampler, which needs next to nothing, came late:
   * then how fast it went says more of the others.
   */
  disturbed: boolean;
  /** What its run tells of the variant. */
  findings: Finding[];
}

/** What is compared with what, under one name. */
export interface Pair {
  name: string;
  base: Side;
  head: Side;
}

/** null for a variant that is not in the result, or of which no trial came to its end. */
export function sideOf({ scenario, variants, warnings, findings }: RunResult, name: string): Side | null {
  const plan = scenario.variants.find((variant) => variant.name === name);
  const trials = Object.hasOwn(variants, name) ? (variants[name]?.trials ?? []) : [];
  const complete = trials.filter(({ status }) => status === "complete").toSorted((a, b) => a.order - b.order);
  if (plan === undefined || complete.length === 0) return null;
  const disturbed = warnings.some(({ code }) => code === "sampler-late");
  return { load: plan.load, trials: complete, disturbed, findings: findings.filter((one) => one.variant === name) };
}
