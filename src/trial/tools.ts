import { withTool } from "../client/program/find.js";
import type { Phase } from "../scenario/phases/types.js";
import type { Variant } from "../scenario/types.js";

/**
 * Finds the load generators that the variants take, before anything runs. The variants come back with their command lines.
 * @throws BenchError `bad-scenario` for what one cannot do, `tool-missing`
 */
export function withTools(variants: readonly Variant[]): Promise<Variant[]> {
  return Promise.all(
    variants.map(async (variant) => ({
      ...variant,
      load: variant.phases.length > 0 ? variant.load : await withTool(variant.load),
      phases: await phasesWithTools(variant.phases),
    })),
  );
}

function phasesWithTools(phases: readonly Phase[]): Promise<Phase[]> {
  return Promise.all(
    phases.map(async (phase): Promise<Phase> => {
      if (phase.do === "load") return { ...phase, load: await withTool(phase.load) };
      return "phases" in phase ? { ...phase, phases: await phasesWithTools(phase.phases) } : phase;
    }),
  );
}
