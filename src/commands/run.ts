import { join, resolve } from "node:path";
import { clientOfThisMachine, type RunOptions, runScenario } from "../bench.js";
import { BenchError, type ErrorCode, EXIT, type ExitCode } from "../errors.js";
import { render, REPORT_FORMATS } from "../report/render.js";
import { baselineOf } from "../result/baseline.js";
import { prepareOutput, writeResult } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import { couldNotBeTested } from "../result/verdict.js";
import { loadScenarios } from "../scenario/load.js";
import type { Scenario } from "../scenario/types.js";
import { cacheFolder } from "./cache-folder.js";
import { errorAsText } from "./errors-as-text.js";
import { count, oneOf, parse } from "./options.js";
import { progressOn } from "./progress.js";
import { overridesFrom, RUN_OPTIONS } from "./run-options.js";
import { runAll } from "./schedule.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

const MOST_TRIALS = 1_000;

/** Runs scenarios, saves the result, draws it. The exit code tells the worst of what happened. */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse("run", args, RUN_OPTIONS);
  if (positionals.length === 0)
    throw new BenchError("bad-usage", "bench run needs a scenario", "See what there is: bench list");
  const format = oneOf("--format", values.format, REPORT_FORMATS);
  const isolation = oneOf("--isolation", values.isolation, ["auto", "namespace", "none"] as const);
  const trials = count("--trials", values.trials, MOST_TRIALS);
  const auto = clientOfThisMachine();
  const scenarios = await loadScenarios(positionals, world.cwd, {
    overrides: overridesFrom(values),
    only: values.only?.split(",").map((name) => name.trim()) ?? null,
    autoClient: auto.client,
  });
  const output = resolve(world.cwd, values.output ?? defaultOutput(positionals, scenarios));
  await prepareOutput(output);
  const baseline = values["save-baseline"] === undefined ? null : resolve(world.cwd, values["save-baseline"]);
  if (baseline !== null) await prepareOutput(baseline);

  const progress = progressOn(values.quiet ? null : world.stderr);
  const options: RunOptions = {
    isolation,
    trials,
    cacheFolder: cacheFolder(world),
    signal: world.interrupted,
    onTrial: () => Promise.resolve(),
    onProgress: progress.show,
    onWarning: (warning) => {
      // A trial's doubts stand in the report; what concerns the whole run is said before it starts.
      if (warning.variant === undefined) progress.say(`warning: ${warning.message}`);
    },
  };
  if (auto.reason !== null) progress.say(`client: auto is ${auto.client} here: ${auto.reason}`);
  const slots: (RunResult | undefined)[] = [];
  const soFar = (): RunResult[] => slots.filter((slot) => slot !== undefined);
  // After each trial: what is measured is not lost, whatever happens to the next.
  const save = (documents: readonly RunResult[]): Promise<void> =>
    writeResult(output, documents.length === 1 ? documents[0]! : { schemaVersion: 1, results: [...documents] });
  let unsaved = null as BenchError | null;
  let writing = Promise.resolve();
  const runOne = async (scenario: Scenario, at: number, besideOthers: boolean): Promise<void> => {
    slots[at] = await runScenario(scenario, {
      ...options,
      onTrial: (partial) => {
        slots[at] = asInterrupted(partial);
        return saved();
      },
      // Of several at once the one in front is shown.
      onProgress: besideOthers ? () => {} : options.onProgress,
    });
    if (!besideOthers) progress.finish();
    await saved();
  };
  // One at a time, whoever asks: each writes what there is by then.
  const saved = (): Promise<void> =>
    (writing = writing
      .then(() => save(soFar()))
      .then(
        () => void (unsaved = null),
        (error: BenchError) => void (unsaved = error),
      ));
  await runAll(scenarios, runOne, world.interrupted);
  const results = soFar();
  if (format === "json" || results.some((result) => wasMeasured(result) || result.claim !== undefined))
    world.stdout.write(
      render(results, format, { width: world.stdout.columns ?? DEFAULT_WIDTH, color: world.stdout.color }),
    );
  if (unsaved === null) progress.say(`result: ${output}`);
  else world.stderr.write(errorAsText(unsaved, world.stderr.color));
  if (baseline !== null) progress.say(await saveBaseline(baseline, results, scenarios.length));
  for (const result of results) {
    const { error } = result;
    // What this machine lacks is told as the claim's verdict.
    if (error === undefined || couldNotBeTested(result)) continue;
    world.stderr.write(
      errorAsText(new BenchError(error.code as ErrorCode, error.message, error.hint), world.stderr.color),
    );
  }
  return unsaved === null ? exitCodeOf(results) : EXIT.incomplete;
}

/** What the file says if nothing more comes of the run. */
function asInterrupted(soFar: RunResult): RunResult {
  return { ...soFar, status: "interrupted" };
}

/** What was not measured to its end replaces no baseline. @returns what became of it, for the user */
async function saveBaseline(file: string, results: readonly RunResult[], planned: number): Promise<string> {
  if (results.length < planned || results.some(({ status }) => status !== "complete"))
    return `no baseline: the run was not completed, and ${file} is as it was`;
  const [first, ...more] = results.map(baselineOf);
  await writeResult(file, more.length === 0 ? first! : { schemaVersion: 1, results: [first!, ...more] });
  return `baseline: ${file}`;
}

/** Of what failed before anything was measured there is no report; the error says it all. */
function wasMeasured({ variants }: RunResult): boolean {
  return Object.values(variants).some(({ trials }) => trials.length > 0);
}

function exitCodeOf(results: readonly RunResult[]): ExitCode {
  if (results.some(({ status }) => status === "interrupted")) return EXIT.interrupted;
  if (results.some((result) => result.status === "failed" && !couldNotBeTested(result))) return EXIT.incomplete;
  const holds = results.every(({ expectations }) => expectations.every((expectation) => expectation.holds));
  return holds ? EXIT.ok : EXIT.expectationFailed;
}

/** `results/<scenario>/<timestamp>.json`; of several scenarios, under the folder's name or `several`. */
function defaultOutput(asked: readonly string[], scenarios: readonly Scenario[]): string {
  const single = scenarios.length === 1 ? scenarios[0]!.name : undefined;
  const name = single ?? (asked.length === 1 ? asked[0]!.replaceAll(/[^\w.-]+/g, "-") : "several");
  return join("results", name, `${new Date().toISOString().replaceAll(":", "-")}.json`);
}
