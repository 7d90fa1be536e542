import { autoClient } from "./client/auto.js";
import type { LoadProgress } from "./client/types.js";
import { BenchError } from "./errors.js";
import { findingsOf } from "./findings/findings.js";
import { decideIsolation, type Isolation, type WantedIsolation } from "./lab/isolation.js";
import { checkMemory, checkOpenFiles, mostAtOnce } from "./lab/limits.js";
import { requireTools } from "./lab/tools.js";
import { withGoPrograms } from "./trial/go-programs.js";
import { measure } from "./trial/measure.js";
import { describeEnvironment } from "./result/environment.js";
import { judge } from "./result/expectations.js";
import { medianFigures } from "./result/figures.js";
import { intervalOf, medianOf } from "./result/median.js";
import { hostOf, type Measurement } from "./result/measurement.js";
import { trialOf } from "./result/trial.js";
import type { RunResult, Warning } from "./result/types.js";
import { verdictOf } from "./result/verdict.js";
import { isolationWarnings, sysctlWarnings, warningsOf } from "./result/warnings.js";
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
  /** Before a program of ours is built, which may take a minute: `the Go client`. */
  onBuild(title: string): void;
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
  const isolation = await prepared(scenario, options.isolation);
  if (isolation instanceof BenchError) return notBegun(scenario, isolation);
  const result = newResult(scenario, isolation.isolation);
  const warn = (warning: Warning): void => {
    result.warnings.push(warning);
    options.onWarning(warning);
  };
  for (const found of isolationWarnings(isolation)) warn(found);

  let current = "";
  try {
    const variants = await withGoPrograms(scenario.variants, options);
    let order = 0;
    for (const { variant, trial } of inOrder(variants, options.trials)) {
      options.signal.throwIfAborted();
      // Of two sides it has to be told which of them could not be measured.
      current = scenario.sides === undefined ? "" : `${variant.name}: `;
      const { measurement, failure } = await measure(variant, {
        order: order++,
        isolation: isolation.isolation,
        signal: options.signal,
        onProgress: (progress, durationMs, timeWait) =>
          options.onProgress({ ...progress, variant: variant.name, trial, durationMs, timeWait }),
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
  const claim = verdictOf(scenario, result);
  if (claim !== undefined) result.claim = claim;
  return result;
}

/**
 * Whether this machine has what the scenario needs, and the isolation that it gets. What is lacking for a claim is an
 * answer to it, and is given back; for anything else it is thrown.
 */
async function prepared(scenario: Scenario, wanted: WantedIsolation): Promise<Isolation | BenchError> {
  try {
    for (const variant of scenario.variants) {
      checkOpenFiles(mostAtOnce(variant));
      if (variant.lab.memoryBytes !== null) checkMemory(variant.lab.memoryBytes);
    }
    await requireTools(scenario.needs);
    return await isolationFor(scenario, wanted);
  } catch (error) {
    if (scenario.claim === null || !(error instanceof BenchError)) throw error;
    return error;
  }
}

/** The result of a run that could not begin, which of a claim says that this machine cannot put it to the test. */
export function notBegun(scenario: Scenario, { code, message, hint }: BenchError): RunResult {
  const result: RunResult = { ...newResult(scenario, "none"), error: { code, message, hint } };
  const claim = verdictOf(scenario, result);
  return claim === undefined ? result : { ...result, claim };
}

/**
 * A server outside of any lab can only be reached from outside of any lab. Steps, on the other hand, cut cables and
 * change settings: on the machine itself they have no business.
 */
async function isolationFor(scenario: Scenario, wanted: WantedIsolation): Promise<Isolation> {
  const external = scenario.variants.some((variant) => variant.server.kind === "external");
  const steps = scenario.variants.some(({ phases }) => phases.length > 0);
  if (!external && (steps || scenario.claim !== null))
    return decideIsolation(wanted === "none" ? refused() : "namespace");
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

function refused(): never {
  throw new BenchError(
    "isolation-not-permitted",
    "a scenario with steps or a claim runs in a lab alone, and --isolation none forbids it",
    "Leave out --isolation none; where namespaces are not permitted, bench doctor says how to permit them.",
  );
}

function newResult(scenario: Scenario, isolation: "namespace" | "none"): RunResult {
  return {
    schemaVersion: 2,
    status: "failed",
    startedAt: new Date().toISOString(),
    elapsedMs: 0,
    scenario,
    environment: describeEnvironment(isolation),
    variants: Object.fromEntries(
      scenario.variants.map(({ name }) => [name, { trials: [], median: null, figures: {} }]),
    ),
    expectations: [],
    warnings: [],
    findings: [],
  };
}

function record(result: RunResult, measurement: Measurement, trial: number, warn: (warning: Warning) => void): void {
  const { variant, clientName, serverName, report } = measurement;
  const figures = trialOf(measurement);
  const entry = result.variants[variant.name]!;
  entry.trials.push(figures);
  entry.median = medianOf(entry.trials);
  entry.interval = intervalOf(entry.trials);
  entry.figures = medianFigures(entry.trials);
  if (report.clientName !== "none") Object.assign(result.environment.tools, versionOf(clientName));
  if (variant.server.kind === "node" || variant.server.kind === "go")
    Object.assign(result.environment.tools, versionOf(serverName));
  if (measurement.order === 0)
    result.environment.sysctls = {
      client: hostOf(measurement, "client").sysctls,
      server: hostOf(measurement, "server").sysctls,
    };
  result.findings = findingsOf(result);
  for (const found of [...sysctlWarnings(measurement), ...warningsOf(measurement, figures)])
    warn({ ...found, variant: variant.name, trial });
}

/** A load of which nothing was answered has measured nothing, and must not pass for a run. */
function refuseSilence({ variant, report, status }: Measurement): void {
  // Among several steps a load that fails may be the point.
  if (variant.phases.length > 0) return;
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
