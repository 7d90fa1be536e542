import { toldFindings } from "../findings/told.js";
import type { Finding } from "../findings/types.js";
import type { RunResult, Trial } from "../result/types.js";
import { metricsOfStep } from "../metrics/flat.js";
import { allPhases } from "../scenario/phases/types.js";
import type { LoadPlan } from "../scenario/types.js";

/** One of the two in a comparison of one load: that of a variant, or of one of its steps. */
export interface Side {
  /** null where the variant has no steps. */
  step: string | null;
  load: LoadPlan;
  /** Those that were measured to their end, in the order of measurement; at least one. */
  trials: Trial[];
  /**
   * Whether the machine was so busy with other things that even the sampler, which needs next to nothing, came late:
   * then how fast it went says more of the others.
   */
  disturbed: boolean;
  /** What its run tells of the load. */
  findings: Finding[];
}

/** What is compared with what, under one name. */
export interface Pair {
  name: string;
  base: Side;
  head: Side;
}

/**
 * The loads of a variant, each as a side of its own: one without steps has one, another one for each step that makes a load.
 * What has steps and no load among them is one side. Empty for a variant that is not in the result, or of which no trial
 * came to its end.
 */
export function sidesOfVariant({ scenario, variants, warnings, findings }: RunResult, name: string): Side[] {
  const plan = scenario.variants.find((variant) => variant.name === name);
  const trials = Object.hasOwn(variants, name) ? (variants[name]?.trials ?? []) : [];
  const complete = trials.filter(({ status }) => status === "complete").toSorted((a, b) => a.order - b.order);
  if (plan === undefined || complete.length === 0) return [];
  const disturbed = warnings.some(({ code }) => code === "sampler-late");
  const found = toldFindings(findings, scenario.variants).filter(({ variant }) => variant === name);
  const loads = allPhases(plan.phases).flatMap((phase): Side[] => {
    if (phase.do !== "load") return [];
    const ofStep = complete.flatMap((trial) => trialOfStep(trial, phase.name) ?? []);
    if (ofStep.length < complete.length) return [];
    const told = found.filter(({ step }) => step === null || step === phase.name);
    return [{ step: phase.name, load: phase.load, trials: ofStep, disturbed, findings: told }];
  });
  if (loads.length > 0) return loads;
  return [{ step: null, load: plan.load, trials: complete, disturbed, findings: found }];
}

/** The trial as if it had made this load alone. */
function trialOfStep(trial: Trial, step: string): Trial | null {
  const metrics = metricsOfStep(trial.figures, step);
  return metrics === null ? null : { ...trial, ...metrics };
}
