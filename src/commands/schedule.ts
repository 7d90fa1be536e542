import type { Scenario } from "../scenario/types.js";

/** More labs at a time would get in each other's way even when they only wait. */
const MOST_AT_ONCE = 12;

/**
 * Runs every scenario: those that may run beside others at the same time, and meanwhile the rest one after the other.
 * Nothing new begins once `signal` is aborted; what has begun is waited for. @throws the first error, when all have ended
 */
export async function runAll(
  scenarios: readonly Scenario[],
  run: (scenario: Scenario, at: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const numbered = scenarios.map((scenario, at) => ({ scenario, at }));
  const beside = numbered.filter(({ scenario }) => scenario.parallel && scenarios.length > 1);
  const alone = numbered.filter((entry) => !beside.includes(entry));
  const lane = async (queue: { scenario: Scenario; at: number }[]): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift())
      await run(next.scenario, next.at);
  };
  const lanes = Array.from({ length: Math.min(MOST_AT_ONCE, beside.length) }, () => lane(beside));
  const ended = await Promise.allSettled([...lanes, lane(alone)]);
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}
