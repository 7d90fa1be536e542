import { stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { makeFolder } from "../folder.js";
import { baselineOf } from "../result/baseline.js";
import { readResult, resultsOf, writeWhole } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import { placeholdersIn } from "./text.js";
import type { Step } from "./types.js";

/** Of a lesson, beside its files. */
export const RECORDED = "recorded";

/** The recorded result of a step, `<step>.json` or `<step>.json.gz`; null where there is none. @throws BenchError `bad-result` */
export async function recordingOf(folder: string, step: string): Promise<RunResult | null> {
  for (const file of [join(folder, `${step}.json`), join(folder, `${step}.json.gz`)]) {
    const there = await stat(file).catch(() => null);
    if (there?.isFile() === true) return resultsOf(await readResult(file))[0] ?? null;
  }
  return null;
}

/** Small: what the step tells of it, without timelines, histograms and the rest of what kernels count. @throws BenchError `output-not-writable` */
export async function keepRecording(folder: string, step: Step, result: RunResult): Promise<void> {
  await makeFolder(folder);
  const slim = withFigures(baselineOf(result), figuresNamedIn(step));
  await writeWhole(join(folder, `${step.id}.json.gz`), gzipSync(JSON.stringify(slim), { level: 9 }));
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

function withFigures(result: RunResult, names: ReadonlySet<string>): RunResult {
  const kept = <Value>(figures: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(figures).filter(([name]) => names.has(name)));
  const { file: _text, ...scenario } = result.scenario;
  return {
    ...result,
    scenario: { ...scenario, explanation: "" },
    variants: Object.fromEntries(
      Object.entries(result.variants).map(([name, { trials, ...of }]) => [
        name,
        {
          ...of,
          figures: kept(of.figures),
          trials: trials.map((trial) => Object.assign({}, trial, { figures: kept(trial.figures) })),
        },
      ]),
    ),
  };
}
