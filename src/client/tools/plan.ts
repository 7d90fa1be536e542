import type { ToolPlan } from "./types.js";

/** What several tools say, or cannot say, in the same way. */

export function wholeSeconds({ durationMs }: ToolPlan): number {
  return durationMs / 1000;
}

/** Requests per second; null without a rate. */
export function rateOf({ pace }: ToolPlan): number | null {
  return pace?.stages[0]?.toPerSec ?? null;
}

/** Of a tool that takes a duration in whole seconds alone. */
export function noPartOfASecond({ durationMs }: ToolPlan): string | null {
  return durationMs % 1000 === 0 ? null : "takes whole seconds as its duration";
}

export function noRate({ pace }: ToolPlan): string | null {
  return pace === null ? null : "cannot keep a rate";
}

/** A rate that stays the same, and comes evenly. */
export function onlyOneRate({ pace }: ToolPlan): string | null {
  if (pace === null) return null;
  const rates = pace.stages.flatMap(({ fromPerSec, toPerSec }) => [fromPerSec, toPerSec]);
  if (new Set(rates).size > 1) return "cannot change its rate";
  return pace.arrivals === "poisson" ? "has no Poisson arrivals" : null;
}

export function needsRate({ pace }: ToolPlan): string | null {
  return pace === null ? "needs a rate (load.rate)" : null;
}

export function noRequests({ requests }: ToolPlan): string | null {
  return requests === null ? null : "cannot end after a number of requests";
}

/** The first that it cannot do. */
export function firstOf(...found: readonly (string | null)[]): string | null {
  return found.find((one) => one !== null) ?? null;
}
