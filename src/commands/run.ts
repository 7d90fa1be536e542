import { namesForGates } from "../scenario/loads.js";
import { join, resolve } from "node:path";
import { clientOfThisMachine } from "../bench.js";
import type { Comparison } from "../compare/types.js";
import { BenchError, type ErrorCode, EXIT, type ExitCode } from "../errors.js";
import { Events } from "../events/events.js";
import type { ReportFormat } from "../report/render.js";
import { renderRun } from "../report/run.js";
import { baselineOf } from "../result/baseline.js";
import { prepareOutput, writeResult, writeWhole } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import { couldNotBeTested } from "../result/verdict.js";
import { loadScenarios } from "../scenario/load.js";
import type { Override } from "../scenario/overrides.js";
import { commandOverrides } from "../scenario/sides.js";
import { requireWorkingFolders } from "../scenario/working-folders.js";
import type { Gate, Scenario } from "../scenario/types.js";
import { inLanguage, type Language } from "../text/language.js";
import { sayOnScreen } from "../words/screen.js";
import { cacheFolder } from "./cache-folder.js";
import { errorAsText } from "./errors-as-text.js";
import { chosenLanguage } from "./language.js";
import { measureAll } from "./measure-all.js";
import { count, parse } from "./options.js";
import { drawPage, isPage } from "./page.js";
import type { Progress } from "./progress.js";
import { progressOn } from "./progress-on.js";
import { overridesFrom, RUN } from "./run-options.js";
import { askedSides, planSides } from "./run-sides.js";
import { saveTo } from "./save.js";
import { tellActions } from "./verbose.js";
import { type LiveUi, openUi } from "./ui.js";
import { exitCodeOfComparisons, gatesOf, judgeRun, namesOfSides, toJobSummary } from "./verdict.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

const MOST_TRIALS = 1_000;

/** Runs scenarios, saves the result, draws it, judges two sides. The exit code tells the worst of what happened. */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(RUN, args);
  if (positionals.length === 0)
    throw new BenchError("bad-usage", "bench run needs a scenario", "See what there is: bench list");
  const format = values.format;
  const isolation = values.isolation;
  const language = chosenLanguage(values.lang, world.env);
  const trials = count("--trials", values.trials, MOST_TRIALS);
  const asked = askedSides(values);
  const auto = clientOfThisMachine();
  const overrides = overridesFrom(values);
  const only = values.only?.split(",").map((name) => name.trim()) ?? null;
  const load = (more: readonly Override[]): Promise<Scenario[]> =>
    loadScenarios(positionals, world.cwd, { overrides: [...overrides, ...more], only, autoClient: auto.client });

  // What can be wrong is found before anything is built or measured.
  const written = await load(asked?.by === "command" ? commandOverrides("head", asked.head) : []);
  if (asked?.by !== "revision") await requireWorkingFolders(written);
  const names = written.flatMap(({ variants }) => namesForGates(variants));
  const fileGates = await gatesOf(values.gates, namesOfSides(names), world);
  const page = isPage(values.output) ? resolve(world.cwd, values.output) : null;
  if (page !== null) await prepareOutput(page);
  const chosen = page === null ? values.output : undefined;
  const output = resolve(world.cwd, chosen ?? defaultOutput(positionals, written));
  await prepareOutput(output);
  const baseline = values["save-baseline"] === undefined ? null : resolve(world.cwd, values["save-baseline"]);
  if (baseline !== null) await prepareOutput(baseline);

  const events = new Events();
  const progress = progressOn(world, values, language);
  const { scenarios, mayLack, close } = await planSides(asked, written, load, {
    cwd: world.cwd,
    env: world.env,
    signal: world.interrupted,
    onStep: progress.say,
  });
  let ui: LiveUi | null = null;
  try {
    if (values.ui) ui = await openUi(world, language);
    if (auto.reason !== null) progress.say(`client: auto is ${auto.client} here: ${auto.reason}`);
    const options = { isolation, trials, cacheFolder: cacheFolder(world), signal: world.interrupted };
    progress.plan(scenarios, trials);
    const saved = saveTo(output, events);
    events.subscribe(progress.heard, ...(ui === null ? [] : [ui.heard]));
    if (values.verbose) {
      const runs = scenarios.map(({ name }) => name);
      events.subscribe(tellActions(world.stderr, runs));
    }
    await measureAll(scenarios, options, events);
    progress.close();
    const { results, unsaved } = saved;
    // Interrupted before anything began: there is nothing to save, to draw or to judge.
    if (results.length === 0) return EXIT.interrupted;
    const judge = (words: Language, said: Progress | null): Judged =>
      asked === null ? NOT_COMPARED : judgeComplete(results, fileGates, words, said);
    const { comparisons, fault } = judge(language, progress);
    await ui?.end({ report: { results, comparisons: comparisons ?? [] } });
    if (format === "json" || results.some((result) => wasMeasured(result) || result.claim !== undefined)) {
      // JSON is English.
      const toWrite = format === "json" ? judge("en", null).comparisons : comparisons;
      await show(results, { drawn: comparisons, written: toWrite }, { format, page, language }, world);
    }
    const judged = comparisons?.filter((comparison) => comparison !== null) ?? [];
    if (judged.length > 0) await toJobSummary(judged, language, world);
    const said = (key: "page-in" | "result-in", file: string): void =>
      progress.say(inLanguage(language, () => sayOnScreen(key, { file })));
    if (page !== null) said("page-in", page);
    if (unsaved === null) said("result-in", output);
    else world.stderr.write(errorAsText(unsaved, world.stderr.color));
    if (baseline !== null) progress.say(await saveBaseline(baseline, results, scenarios.length));
    for (const result of results) {
      const { error } = result;
      // What this machine lacks is told as the claim's verdict.
      if (error === undefined || couldNotBeTested(result)) continue;
      const { code, message, hint } = error;
      const hints = mayLack !== null && code.startsWith("server-") ? `${mayLack}\n${hint}` : hint;
      world.stderr.write(errorAsText(new BenchError(code as ErrorCode, message, hints), world.stderr.color));
    }
    if (fault !== null) world.stderr.write(errorAsText(fault, world.stderr.color));
    if (unsaved !== null) return EXIT.incomplete;
    const code = results.length < scenarios.length ? EXIT.interrupted : exitCodeOf(results);
    if (fault !== null && code <= EXIT.expectationFailed) return fault.exitCode;
    return code === EXIT.ok ? exitCodeOfComparisons(judged, values.strict) : code;
  } finally {
    progress.close();
    await ui?.end(null);
    await close();
  }
}

interface Asked {
  format: ReportFormat | "html";
  /** The file that gets the report as a page; null: none. */
  page: string | null;
  language: Language;
}

async function show(
  results: readonly RunResult[],
  { drawn, written }: Record<"drawn" | "written", Judged["comparisons"]>,
  { format, page, language }: Asked,
  world: World,
): Promise<void> {
  const html =
    format === "html" || page !== null ? await drawPage({ results, comparisons: drawn ?? [] }, language) : "";
  if (page !== null) await writeWhole(page, html);
  if (format === "html" && page !== null) return;
  const width = { width: world.stdout.columns ?? DEFAULT_WIDTH, color: world.stdout.color };
  const draw = format === "html" ? () => html : () => renderRun(results, written, format, width);
  world.stdout.write(inLanguage(language, draw));
}

interface Judged {
  /** One for each result, null for one that was not measured to its end; null for a run without sides. */
  comparisons: (Comparison | null)[] | null;
  /** Why they could not be judged, for instance by a gate about what was not measured. */
  fault: BenchError | null;
}

const NOT_COMPARED: Judged = { comparisons: null, fault: null };

/** In words of the language; what was not measured to its end is said to be left out. */
function judgeComplete(
  results: readonly RunResult[],
  gates: readonly Gate[] | null,
  language: Language,
  progress: Progress | null,
): Judged {
  try {
    const comparisons = results.map((result) => {
      if (result.status === "complete") return inLanguage(language, () => judgeRun(result, gates));
      const { name } = result.scenario;
      progress?.say(inLanguage(language, () => sayOnScreen("not-compared", { name })));
      return null;
    });
    return { comparisons, fault: null };
  } catch (error) {
    // What was measured is worth its report all the same.
    if (error instanceof BenchError) return { comparisons: null, fault: error };
    throw error;
  }
}

/** What was not measured to its end replaces no baseline. @returns what became of it, for the user */
async function saveBaseline(file: string, results: readonly RunResult[], planned: number): Promise<string> {
  if (results.length < planned || results.some(({ status }) => status !== "complete"))
    return `no baseline: the run was not completed, and ${file} is as it was`;
  const [first, ...more] = results.map(baselineOf);
  await writeResult(file, more.length === 0 ? first! : { schemaVersion: 2, results: [first!, ...more] });
  return `baseline: ${file}`;
}

/** Of what failed before anything was measured there is no report; the error says it all. */
function wasMeasured({ variants }: RunResult): boolean {
  return Object.values(variants).some(({ trials }) => trials.length > 0);
}

function exitCodeOf(results: readonly RunResult[]): ExitCode {
  if (results.some(({ status }) => status === "interrupted")) return EXIT.interrupted;
  if (results.some((result) => result.status === "failed" && !couldNotBeTested(result))) return EXIT.incomplete;
  const holds = results.every(
    ({ expectations, claim }) => expectations.every((expectation) => expectation.holds) && claim?.fitsNone !== true,
  );
  return holds ? EXIT.ok : EXIT.expectationFailed;
}

/** `results/<scenario>/<timestamp>.json`; of several scenarios, under the folder's name or `several`. */
function defaultOutput(asked: readonly string[], scenarios: readonly Scenario[]): string {
  const single = scenarios.length === 1 ? scenarios[0]!.name : undefined;
  const name = single ?? (asked.length === 1 ? asked[0]!.replaceAll(/[^\w.-]+/g, "-") : "several");
  return join("results", name, `${new Date().toISOString().replaceAll(":", "-")}.json`);
}
