import { type RunOptions, runScenario } from "../bench.js";
import { BenchError } from "../errors.js";
import type { Events } from "../events/events.js";
import { notBegun } from "../result/record.js";
import type { Scenario } from "../scenario/types.js";
import { runAll } from "./schedule.js";

/**
 * Every scenario, with its position as the run's number. One of several that cannot begin says so in its place, and takes
 * nothing away from the others.
 * @throws BenchError when the only one cannot begin
 */
export async function measureAll(
  scenarios: readonly Scenario[],
  given: Omit<RunOptions, "events">,
  events: Events,
): Promise<void> {
  const run = async (scenario: Scenario, at: number): Promise<void> => {
    const ofRun = events.ofRun(at);
    try {
      await runScenario(scenario, { ...given, events: ofRun });
    } catch (error) {
      if (scenarios.length === 1 || !(error instanceof BenchError)) throw error;
      ofRun.tell({ type: "run-done", result: notBegun(scenario, error) });
      await events.settled();
    }
  };
  await runAll(scenarios, run, given.signal);
}
