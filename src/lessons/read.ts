import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { BenchError } from "../errors.js";
import { loadScenarios } from "../scenario/load.js";
import { schemaProblems } from "../scenario/parts/problems.js";
import { place } from "../scenario/place.js";
import { readScenarioText } from "../scenario/read.js";
import { positionsIn } from "../scenario/source/caret.js";
import { type FileFault, listOfFaults } from "../scenario/source/faults.js";
import { locator } from "../scenario/source/locate.js";
import { toPlain } from "../scenario/source/plain.js";
import type { Path, Problem } from "../scenario/source/problem.js";
import { readYaml } from "../scenario/source/yaml.js";
import type { Scenario } from "../scenario/types.js";
import { printable } from "../text/printable.js";
import { type Language, LANGUAGES } from "../text/language.js";
import { conditionsOf, faultsOfFigure, type Known, knownIn } from "./conditions.js";
import { LessonFile, lessonFieldsAt, type StepFile } from "./schema.js";
import { parseText, placeholdersIn } from "./text.js";
import type { Lesson, Step, StepText } from "./types.js";

/** Where a step does not say it. */
const WATCHED = ["lab", "time-wait", "steps"] as const;
const LANGUAGES_HINT = `a step has a text in each language: ${LANGUAGES.map((one) => `<step>.${one}.md`).join(", ")}`;
const HINT = "How a lesson is written: scenarios/lessons/README.md";

export interface ReadOptions {
  /** What `load.client: auto` is here. */
  autoClient: Scenario["variants"][0]["load"]["client"];
}

/**
 * A lesson with its scenarios and its texts, every fault at its line, all at once.
 * @throws BenchError `bad-lesson`; what a scenario is refused with
 */
export async function readLesson(folder: string, { autoClient }: ReadOptions): Promise<Lesson> {
  const name = basename(folder);
  const file = join(folder, "lesson.yaml");
  const text = await readScenarioText(file, file).catch((error: unknown) => {
    throw error instanceof BenchError ? new BenchError("bad-lesson", error.message, HINT) : error;
  });
  const { written, problems, faultsOf } = parseLesson(text, file);
  const faults: FileFault[] = [];
  const steps: Step[] = [];
  for (const [at, step] of (written?.steps ?? []).entries()) {
    const scenario = await scenarioOf(step, folder, autoClient).catch((error: unknown) => {
      if (!(error instanceof BenchError)) throw error;
      problems.push({ paths: [["steps", at, "scenario"]], at: "value", message: error.message });
      return null;
    });
    if (scenario === null) continue;
    const known = knownIn(scenario);
    const conditions = conditionsOf(step, ["steps", at], known, problems);
    const texts = await textsOf(folder, step, known, faults);
    steps.push({ id: step.id, scenario, watch: step.watch ?? WATCHED, ...conditions, texts });
  }
  const all = [...faultsOf(problems), ...faults];
  if (written === null || all.length > 0)
    throw new BenchError("bad-lesson", listOfFaults(`The lesson ${printable(name)}`, all), HINT);
  const { title, about, minutes } = written;
  return { name, folder, title, about, minutes, steps };
}

function parseLesson(text: string, file: string) {
  const yaml = readYaml(text);
  const { data, mistakes, targets } = toPlain(yaml.root);
  const locate = locator(yaml.root, targets);
  const positions = positionsIn(text);
  const overridden = { data: {}, faults: [], ownerOf: () => null, ownerBeside: () => null };
  const parsed = LessonFile.safeParse(data);
  const problems: Problem[] = parsed.success
    ? twice(parsed.data)
    : schemaProblems(parsed.error.issues, data, lessonFieldsAt);
  const faultsOf = (found: readonly Problem[]): FileFault[] =>
    [
      ...yaml.mistakes,
      ...mistakes,
      ...found.map((problem) => place(problem, { text, yaml, overridden, locate })).filter((one) => one !== null),
    ].flatMap((one) => {
      if ("option" in one) return [];
      const { offset, ...said } = one;
      return [{ ...said, file, ...positions(offset) }];
    });
  return { written: parsed.success ? parsed.data : null, problems, faultsOf };
}

function twice({ steps }: LessonFile): Problem[] {
  return steps.flatMap(({ id }, at) =>
    steps.findIndex((one) => one.id === id) < at
      ? [{ paths: [["steps", at, "id"]] as [Path], at: "value" as const, message: `there are two steps \`${id}\`` }]
      : [],
  );
}

/** A name as for `bench run`, or a file in the lesson's folder: `./ports.yaml`. */
async function scenarioOf(step: StepFile, folder: string, autoClient: ReadOptions["autoClient"]): Promise<Scenario> {
  const overrides = Object.entries(step.set ?? {}).map(([path, value]) => ({
    path,
    value: String(value),
    option: `set: ${path}=${String(value)}`,
  }));
  const [scenario, ...more] = await loadScenarios([step.scenario], folder, {
    overrides,
    only: step.only ?? null,
    autoClient,
  });
  if (scenario !== undefined && more.length === 0) return scenario;
  throw new BenchError("bad-lesson", `\`${step.scenario}\` is a folder of scenarios`, HINT);
}

async function textsOf(
  folder: string,
  step: StepFile,
  known: Known,
  faults: FileFault[],
): Promise<Record<Language, StepText>> {
  const texts = await Promise.all(
    LANGUAGES.map(async (language) => {
      const file = join(folder, `${step.id}.${language}.md`);
      const markdown = await readScenarioText(file, file).catch((error: unknown) => {
        if (!(error instanceof BenchError)) throw error;
        faults.push({
          file,
          line: 1,
          col: 1,
          sourceLine: "",
          message: error.message.replace(/\.$/u, ""),
          hint: LANGUAGES_HINT,
        });
        return null;
      });
      return [language, markdown === null ? null : checked(markdown, file, step, known, faults)] as const;
    }),
  );
  return Object.fromEntries(texts) as Record<Language, StepText>;
}

function checked(markdown: string, file: string, step: StepFile, known: Known, faults: FileFault[]): StepText {
  const { text, faults: found } = parseText(markdown, Object.keys(step.choices));
  const positions = positionsIn(markdown);
  const unknown = placeholdersIn(markdown).flatMap(({ path, offset }) =>
    faultsOfFigure(path, known).map((fault) => Object.assign(fault, { offset: offset + fault.offset })),
  );
  for (const { offset, ...said } of [...found, ...unknown]) faults.push({ ...said, file, ...positions(offset) });
  return text;
}

/** Lessons are folders with a lesson.yaml. Sorted as they come in the folder. */
export async function lessonsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => ((await readdir(join(folder, name))).includes("lesson.yaml") ? name : null)),
  );
  return found.filter((name) => name !== null).toSorted();
}
