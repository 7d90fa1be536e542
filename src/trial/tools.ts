import { withTool } from "../client/program/find.js";
import { loadsOf, withLoads } from "../scenario/loads.js";
import type { Variant } from "../scenario/types.js";

/**
 * Finds the load generators that the variants take, before anything runs. The variants come back with their command lines.
 * @throws BenchError `bad-scenario` for what one cannot do, `tool-missing`
 */
export function withTools(variants: readonly Variant[]): Promise<Variant[]> {
  return Promise.all(
    variants.map(async (variant) => {
      const found = new Map(
        await Promise.all(loadsOf(variant).map(async (load) => [load, await withTool(load)] as const)),
      );
      return withLoads(variant, (load) => found.get(load) ?? load);
    }),
  );
}
