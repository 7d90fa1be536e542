import { allPhases } from "./phases/types.js";
import type { Variant } from "./types.js";

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
