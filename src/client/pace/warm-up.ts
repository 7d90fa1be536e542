import type { LoadPlan } from "../../scenario/types.js";

/** The load that goes before the one that is measured: the same, for its own time, however many requests that is. */
export function warmUpPlan<Plan extends LoadPlan>(plan: Plan): Plan {
  return { ...plan, durationMs: plan.warmupMs ?? 0, requests: null };
}
