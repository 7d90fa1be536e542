import { BenchError } from "../errors.js";
import { findingsOf } from "../findings/findings.js";
import { printable } from "../text/printable.js";
import { withoutSecrets } from "../scenario/secrets.js";
import type { Scenario } from "../scenario/types.js";
import { describeEnvironment } from "./environment.js";
import { medianFigures } from "./figures.js";
import { hostOf, type Measurement } from "./measurement.js";
import { intervalOf, medianOf } from "./median.js";
import { trialOf } from "./trial.js";
import type { Environment, RunResult, Trial, Warning } from "./types.js";
import { verdictOf } from "./verdict.js";
import { sysctlWarnings, warningsOf } from "./warnings.js";

/** How the one document of a run grows, trial by trial. */

/** Nothing is measured yet; it counts as failed until it is complete. What is secret in the scenario stays out of it. */
export function newResult(measured: Scenario, isolation: Environment["isolation"]): RunResult {
  const scenario = withoutSecrets(measured);
  const result: RunResult = {
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
  return { ...result, findings: findingsOf(result) };
}

/** The result of a run that could not begin, which of a claim says that this machine cannot put it to the test. */
export function notBegun(scenario: Scenario, { code, message, hint }: BenchError): RunResult {
  const result: RunResult = { ...newResult(scenario, "none"), error: { code, message, hint } };
  const claim = verdictOf(scenario, result);
  return claim === undefined ? result : { ...result, claim };
}

/** Adds a trial to the result. @returns its figures, and what to warn of */
export function record(
  result: RunResult,
  measurement: Measurement,
  trial: number,
): { figures: Trial; warnings: Warning[] } {
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
  const found = [...sysctlWarnings(measurement), ...warningsOf(measurement, figures)];
  const warnings: Warning[] = [];
  for (const warning of found) warnings.push({ ...warning, variant: variant.name, trial });
  return { figures, warnings };
}

/** A load of which nothing was answered has measured nothing, and must not pass for a run. @throws BenchError `nothing-answered` */
export function refuseSilence({ variant, report, status }: Measurement): void {
  // Among several steps a load that fails may be the point.
  if (variant.phases.length > 0) return;
  if (report.program !== undefined) return;
  const { sent, succeeded } = report.requests;
  if (sent === 0 || succeeded > 0 || status !== "complete") return;
  const kinds = Object.entries(report.errors).map(([kind, count]) => `${kind} ${count}`);
  const [first, ...others] = Object.keys(report.errors);
  if (first?.startsWith("HTTP ") === true && others.length === 0)
    throw new BenchError(
      "nothing-answered",
      `each of the ${sent} requests of ${variant.name} was answered with ${first}`,
      `Does the server know the path ${printable(variant.load.path)}? Another one: --set load.path=/health`,
    );
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
