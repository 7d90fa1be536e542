import { autoClient } from "./client/auto.js";
import { BenchError } from "./errors.js";
import type { RunEvents } from "./events/events.js";
import { meetDemands } from "./lab/demands.js";
import type { WantedIsolation } from "./lab/isolation.js";
import { openLab } from "./lab/open.js";
import { judge } from "./result/expectations.js";
import { newResult, notBegun, record, refuseSilence } from "./result/record.js";
import type { RunResult, Warning } from "./result/types.js";
import { verdictOf } from "./result/verdict.js";
import { isolationWarnings } from "./result/warnings.js";
import type { Scenario, Variant } from "./scenario/types.js";
import { withGoPrograms } from "./trial/go-programs.js";
import { withTools } from "./trial/tools.js";
import { measure } from "./trial/measure.js";
import { unlessAborted } from "./waiting/unless-aborted.js";

export interface RunOptions {
  isolation: WantedIsolation;
  /** How often each variant is measured. */
  trials: number;
  /** For what has to be built once; outside of any repository. */
  cacheFolder: string;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Are told all that happens. What they save after a trial is saved before the next begins. */
  events: RunEvents;
  /** What of the machine a run needs; tests hand in another. */
  machine?: { meetDemands: typeof meetDemands; openLab: typeof openLab };
}

/** What `client: auto` stands for on this machine, and why when it is not the quick one. */
export function clientOfThisMachine(): ReturnType<typeof autoClient> {
  return autoClient(process.platform, process.arch);
}

/**
 * The story of one run: each trial of each variant in a lab of its own, then the verdicts. What could not be completed
 * is in the result as well, as `status` and `error`; only a run that could not begin throws.
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const { trials, signal, events, machine = { meetDemands, openLab } } = options;
  const began = performance.now();
  const isolation = await unlessAborted(signal, machine.meetDemands(scenario, options.isolation)).catch(
    (error: unknown) => {
      if (signal.aborted) return null;
      // What is lacking for a claim is an answer to it.
      if (scenario.claim !== null && error instanceof BenchError) return error;
      throw error;
    },
  );
  if (isolation === null) return told({ ...newResult(scenario, "none"), status: "interrupted" });
  if (isolation instanceof BenchError) return told(notBegun(scenario, isolation));
  const result = newResult(scenario, isolation.isolation);
  events.tell({ type: "run", scenario: result.scenario, environment: result.environment, trials });
  const warn = (warning: Warning, to = events): void => {
    result.warnings.push(warning);
    to.tell({ type: "warning", warning });
  };
  for (const found of isolationWarnings(isolation)) warn(found);

  let current = "";
  try {
    const found = await unlessAborted(signal, withTools(scenario.variants));
    const variants = await withGoPrograms(found, options);
    for (const [order, { variant, trial }] of inOrder(variants, trials).entries()) {
      signal.throwIfAborted();
      // Of two sides it has to be told which of them could not be measured.
      current = scenario.sides === undefined ? "" : `${variant.name}: `;
      const ofTrial = events.ofTrial(variant.name, trial);
      ofTrial.tell({ type: "trial", order });
      const { measurement, failure } = await measure(variant, {
        order,
        isolation: isolation.isolation,
        signal,
        events: ofTrial,
        openLab: machine.openLab,
      });
      const { figures, warnings } = record(result, measurement, trial);
      for (const warning of warnings) warn(warning, ofTrial);
      ofTrial.tell({ type: "trial-done", figures, soFar: result });
      if (failure !== null) throw failure;
      refuseSilence(measurement);
      await events.settled();
    }
    signal.throwIfAborted();
    result.expectations = judge(scenario.expect, result.variants, result.findings);
    result.status = "complete";
  } catch (error) {
    if (signal.aborted) result.status = "interrupted";
    else if (error instanceof BenchError)
      result.error = { code: error.code, message: current + error.message, hint: error.hint };
    else throw error;
  }
  result.elapsedMs = Math.round(performance.now() - began);
  const claim = verdictOf(scenario, result);
  if (claim !== undefined) result.claim = claim;
  return told(result);

  async function told(done: RunResult): Promise<RunResult> {
    events.tell({ type: "run-done", result: done });
    await events.settled();
    return done;
  }
}

/** Every second round runs backwards, so that a drift of the machine hits all variants alike. */
export function inOrder(variants: readonly Variant[], trials: number): { variant: Variant; trial: number }[] {
  return Array.from({ length: trials }, (_, trial) =>
    (trial % 2 === 0 ? variants : variants.toReversed()).map((variant) => ({ variant, trial })),
  ).flat();
}
