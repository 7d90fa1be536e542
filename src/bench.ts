import { autoClient } from "./client/auto.js";
import type { LoadProgress } from "./client/types.js";
import { BenchError } from "./errors.js";
import { decideIsolation, type Isolation, type WantedIsolation } from "./lab/isolation.js";
import { checkMemory, checkOpenFiles } from "./lab/limits.js";
import { measure } from "./measure.js";
import { describeEnvironment } from "./result/environment.js";
import { judge } from "./result/expectations.js";
import { intervalOf, medianOf } from "./result/median.js";
import type { Measurement } from "./result/measurement.js";
import { trialOf } from "./result/trial.js";
import type { RunResult, Warning } from "./result/types.js";
import { doubtsOf, isolationDoubts, sysctlDoubts } from "./result/warnings.js";
import type { Role, Scenario, Variant } from "./scenario/types.js";

export interface RunOptions {
  isolation: WantedIsolation;
  /** How often each variant is measured. */
  trials: number;
  /** For what has to be built once; outside of any repository. */
  cacheFolder: string;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** After each trial, with all that was measured until then. */
  onTrial(soFar: RunResult): Promise<void>;
  onWarning(warning: Warning): void;
  onProgress(progress: RunProgress): void;
}

export interface RunProgress extends LoadProgress {
  variant: string;
  /** Counted from 0. */
  trial: number;
  durationMs: number;
  timeWait: Record<Role, number>;
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
  const began = performance.now();
  for (const { load, lab } of scenario.variants) {
    checkOpenFiles(load.connections);
    if (lab.memoryBytes !== null) checkMemory(lab.memoryBytes);
  }
  const isolation = await isolationFor(scenario, options.isolation);
  const result = newResult(scenario, isolation);
  const warn = (warning: Warning): void => {
    result.warnings.push(warning);
    options.onWarning(warning);
  };
  for (const doubt of isolationDoubts(isolation)) warn(doubt);

  let current = "";
  try {
    let order = 0;
    for (const { variant, trial } of inOrder(scenario.variants, options.trials)) {
      options.signal.throwIfAborted();
      // Of two sides it has to be told which of them could not be measured.
      current = scenario.sides === undefined ? "" : `${variant.name}: `;
      const { measurement, failure } = await measure(variant, {
        order: order++,
        isolation: isolation.isolation,
        cacheFolder: options.cacheFolder,
        signal: options.signal,
        onProgress: (progress, timeWait) =>
          options.onProgress({
            ...progress,
            variant: variant.name,
            trial,
            durationMs: variant.load.durationMs,
            timeWait,
          }),
      });
      record(result, measurement, trial, warn);
      if (failure !== null) throw failure;
      refuseSilence(measurement);
      await options.onTrial(result);
    }
    options.signal.throwIfAborted();
    result.expectations = judge(scenario.expect, result.variants);
    result.status = "complete";
  } catch (error) {
    if (options.signal.aborted) result.status = "interrupted";
    else if (error instanceof BenchError)
      result.error = { code: error.code, message: current + error.message, hint: error.hint };
    else throw error;
  }
  result.elapsedMs = Math.round(performance.now() - began);
  return result;
}

/** A server outside of any lab can only be reached from outside of any lab. */
async function isolationFor(scenario: Scenario, wanted: WantedIsolation): Promise<Isolation> {
  const external = scenario.variants.some((variant) => variant.server.kind === "external");
  if (!external) return decideIsolation(wanted);
  const lack = new BenchError(
    "isolation-not-permitted",
    "the server is external, on this machine's own loopback, which no lab can reach",
    "Let the scenario start it (server.kind command) for isolated and comparable figures, or use --isolation none.",
  );
  if (wanted === "namespace") throw lack;
  return { isolation: "none", lack: wanted === "auto" ? lack : null };
}

/** Every second round runs backwards, so that a drift of the machine hits all variants alike. */
export function inOrder(variants: readonly Variant[], trials: number): { variant: Variant; trial: number }[] {
  return Array.from({ length: trials }, (_, trial) =>
    (trial % 2 === 0 ? variants : variants.toReversed()).map((variant) => ({ variant, trial })),
  ).flat();
}

function newResult(scenario: Scenario, { isolation }: Isolation): RunResult {
  return {
    schemaVersion: 1,
    status: "failed",
    startedAt: new Date().toISOString(),
    elapsedMs: 0,
    scenario,
    environment: describeEnvironment(isolation),
    variants: Object.fromEntries(scenario.variants.map(({ name }) => [name, { trials: [], median: null }])),
    expectations: [],
    warnings: [],
  };
}

function record(result: RunResult, measurement: Measurement, trial: number, warn: (warning: Warning) => void): void {
  const { variant, clientName, serverName, sysctls } = measurement;
  const figures = trialOf(measurement);
  const entry = result.variants[variant.name]!;
  entry.trials.push(figures);
  entry.median = medianOf(entry.trials);
  entry.interval = intervalOf(entry.trials);
  Object.assign(result.environment.tools, versionOf(clientName));
  if (variant.server.kind === "node" || variant.server.kind === "go")
    Object.assign(result.environment.tools, versionOf(serverName));
  if (measurement.order === 0) result.environment.sysctls = sysctls;
  for (const doubt of [...sysctlDoubts(measurement), ...doubtsOf(measurement, figures)])
    warn({ ...doubt, variant: variant.name, trial });
}

/** A load of which nothing was answered has measured nothing, and must not pass for a run. */
function refuseSilence({ variant, report, status }: Measurement): void {
  const { sent, succeeded } = report.requests;
  if (sent === 0 || succeeded > 0 || status !== "complete") return;
  const kinds = Object.entries(report.errors).map(([kind, count]) => `${kind} ${count}`);
  throw new BenchError(
    "nothing-answered",
    `none of the ${sent} requests of ${variant.name} was answered (${kinds.join(", ")})`,
    "Check what the server does by hand, and load.path, load.timeout and the sysctls of the lab.",
  );
}

/** `undici 7.30.2` → `{ undici: "7.30.2" }` */
function versionOf(name: string): Record<string, string> {
  const [tool, version] = name.split(" ");
  return { [tool!]: version ?? "" };
}
