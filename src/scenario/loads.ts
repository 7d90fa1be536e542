import { allPhases, type Phase } from "./phases/types.js";
import type { LoadPlan, Variant } from "./types.js";

/** Names of the steps of a variant that make a load, in their order. */
export function loadSteps({ phases }: Pick<Variant, "phases">): string[] {
  return allPhases(phases).flatMap((phase) => (phase.do === "load" ? [phase.name] : []));
}

/** Of what a gate may speak: of a variant, or of one load among its steps, as `<variant>.<step>`. */
export function namesForGates(variants: readonly Pick<Variant, "name" | "phases">[]): string[] {
  return variants.flatMap((variant) => [variant.name, ...loadSteps(variant).map((step) => `${variant.name}.${step}`)]);
}

/** The variant in such a name. */
export function variantIn(name: string): string {
  return name.split(".", 1)[0]!;
}

/** The loads that a variant makes: its own, or those of its steps. */
export function loadsOf({ load, phases }: Variant): LoadPlan[] {
  if (phases.length === 0) return [load];
  return allPhases(phases).flatMap((phase) => (phase.do === "load" ? [phase.load] : []));
}

/** The variant with each load in it, its own and those of its steps, as `changed` has it. */
export function withLoads(variant: Variant, changed: (load: LoadPlan) => LoadPlan): Variant {
  return { ...variant, load: changed(variant.load), phases: stepsWith(variant.phases, changed) };
}

function stepsWith(phases: readonly Phase[], changed: (load: LoadPlan) => LoadPlan): Phase[] {
  return phases.map((phase) => {
    if (phase.do === "load") return { ...phase, load: changed(phase.load) };
    return "phases" in phase ? { ...phase, phases: stepsWith(phase.phases, changed) } : phase;
  });
}
