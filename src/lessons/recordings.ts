import { stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { makeFolder } from "../folder.js";
import { baselineOf } from "../result/baseline.js";
import { readResult, resultsOf, writeWhole } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import { FINDINGS } from "../scenario/types.js";
import { placeholdersIn } from "./text.js";
import { shownOf } from "./thinned.js";
import type { Step } from "./types.js";

/** Of a lesson, beside its files. */
export const RECORDED = "recorded";
/** All in one file: much of what they hold is the same, and stands in it once. */
const ALL = "lesson.json.gz";

/** What was recorded, by step. */
export type Recordings = ReadonlyMap<string, RunResult>;

/** Those in a folder: as `--record` keeps them, and results of runs, `<step>.json` or `<step>.json.gz`, which come first. @throws BenchError `bad-result` */
export async function recordingsIn(folder: string, steps: readonly Pick<Step, "id">[]): Promise<Recordings> {
  const recorded = new Map<string, RunResult>();
  if (await isFile(join(folder, ALL))) {
    const document = await readResult(join(folder, ALL));
    const ids = "steps" in document && Array.isArray(document.steps) ? document.steps : [];
    for (const [at, result] of resultsOf(document).entries()) recorded.set(String(ids[at]), result);
  }
  for (const { id } of steps)
    for (const file of [join(folder, `${id}.json.gz`), join(folder, `${id}.json`)])
      if (await isFile(file)) recorded.set(id, resultsOf(await readResult(file))[0]!);
  return recorded;
}

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

/**
 * Small: what the steps tell of them and what can be seen of them over time, without histograms and the rest of what kernels
 * count. Steps without a new one keep theirs. @throws BenchError `output-not-writable`
 */
export async function keepRecordings(folder: string, steps: readonly Step[], results: Recordings): Promise<void> {
  await makeFolder(folder);
  const before = await recordingsIn(folder, []);
  const kept = steps.flatMap((step) => {
    const result = results.get(step.id);
    const recorded = result === undefined ? before.get(step.id) : whatIsTold(result, figuresNamedIn(step));
    return recorded === undefined ? [] : [{ id: step.id, recorded }];
  });
  const document = {
    schemaVersion: 2,
    steps: kept.map(({ id }) => id),
    results: kept.map(({ recorded }) => recorded),
  };
  await writeWhole(join(folder, ALL), gzipSync(JSON.stringify(document), { level: 9 }));
}

/** Paths of all figures that the step speaks of, without the variant. */
function figuresNamedIn({ texts, shows, choices, scenario }: Step): ReadonlySet<string> {
  const prose = Object.values(texts).flatMap(({ sections }) => Object.values(sections));
  const told = prose.flatMap((text) => placeholdersIn(text).map(({ path }) => path));
  const held = [
    ...shows,
    ...scenario.expect,
    ...choices.flatMap(({ when }) => when.flatMap((one) => (one.kind === "figure" ? [one.expectation] : []))),
  ].flatMap(({ metric, right }) => (right.kind === "metric" ? [metric, right.metric] : [metric]));
  // Where there is one variant its name may be left out.
  return new Set([...held, ...told, ...told.map((path) => path.slice(path.indexOf(".") + 1))]);
}

/** Of a claim, what a lesson says in words of its own. */
const UNTOLD = { test: "", lesson: "", instead: "", sources: [], rules: [], premises: [] };

function whatIsTold(result: RunResult, names: ReadonlySet<string>): RunResult {
  const kept = <Value>(figures: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(figures).filter(([name]) => names.has(name)));
  const { file: _text, claim, ...scenario } = result.scenario;
  const small = baselineOf(result);
  return {
    ...small,
    scenario: {
      ...scenario,
      explanation: "",
      // What became of it is known, and stands in the result.
      claim: claim === null ? null : { ...claim, ...UNTOLD },
    },
    findings: result.findings.filter(({ code }) => names.has(FINDINGS + code)),
    variants: Object.fromEntries(
      Object.entries(small.variants).map(([name, { trials, ...of }]) => [
        name,
        {
          ...of,
          figures: kept(of.figures),
          trials: trials.map(({ otherKernels: _left, ...trial }, at) =>
            Object.assign({}, trial, { figures: kept(trial.figures) }, shownOf(result.variants[name]!.trials[at]!)),
          ),
        },
      ]),
    ),
  };
}
