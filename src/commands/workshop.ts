import { join, resolve } from "node:path";
import { clientOfThisMachine } from "../bench.js";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { findLesson, ownLessons, OWN_LESSONS } from "../lessons/find.js";
import { type Kept, type Notebook, notebookOf } from "../lessons/notebook.js";
import { readLesson } from "../lessons/read.js";
import { teach } from "../lessons/teach.js";
import type { Lesson } from "../lessons/types.js";
import { inLanguage, type Language } from "../text/language.js";
import { printable } from "../text/printable.js";
import { displayWidth, padRight } from "../text/width.js";
import { sayInLesson as say } from "../words/lessons.js";
import { cacheFolder } from "./cache-folder.js";
import { WORKSHOP } from "./definitions/taught.js";
import { chosenLanguage } from "./language.js";
import { parse } from "./options.js";
import { checkLesson } from "./workshop-check.js";
import { deskOf, openBoard } from "./workshop-desk.js";
import { measuring } from "./workshop-run.js";
import type { World } from "./world.js";

/** Lessons: what there are, one of them step by step, or whether all of its steps will show what they should. */
export async function workshop(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(WORKSHOP, args);
  const [asked, ...more] = positionals;
  if (more.length > 0)
    throw new BenchError("bad-usage", "bench workshop takes one lesson", "Example: bench workshop time-wait");
  const language = chosenLanguage(values.lang, world.env);
  if (asked === undefined) return listLessons(language, world);
  const lesson = await readLesson(await findLesson(asked, world.cwd, language), {
    autoClient: clientOfThisMachine().client,
  });
  const notebook = forgiving(notebookOf(lesson, cacheFolder(world)), language, world);
  const before = await notebook.read();
  const kept = inLanguage(language, () => startingAt(values.step, lesson, before));
  const from = values.from === undefined ? null : resolve(world.cwd, values.from);
  const recordTo = values.record === undefined ? null : resolve(world.cwd, values.record);
  if (values.check || recordTo !== null) return checkLesson(lesson, { notebook, kept, language, recordTo }, world);

  const resumed = lesson.steps.findIndex(({ id }) => id === kept.step);
  if (resumed > 0 && values.step === undefined)
    world.stderr.write(
      `${inLanguage(language, () => say("lesson-resumes", { n: resumed + 1, of: lesson.steps.length }))}\n`,
    );
  const board = values.ui ? await openBoard(language, world) : null;
  const desk = deskOf(language, board, world);
  const measure = measuring(lesson, { from, replay: kept.replay, desk, board }, world);
  try {
    const done = await teach(lesson, { ...desk, measure }, notebook, kept);
    // What comes next does not stand behind the prompt.
    if (!done) world.stdout.write("\n");
    return world.interrupted.aborted ? EXIT.interrupted : EXIT.ok;
  } finally {
    await board?.end();
  }
}

async function listLessons(language: Language, world: World): Promise<ExitCode> {
  const names = await ownLessons();
  const autoClient = clientOfThisMachine().client;
  const rows = await Promise.all(
    names.map(async (name) => {
      const lesson = await readLesson(join(OWN_LESSONS, name), { autoClient });
      const { step } = await notebookOf(lesson, cacheFolder(world)).read();
      const at = lesson.steps.findIndex(({ id }) => id === step);
      return inLanguage(language, () => [
        name,
        say("minutes", { n: lesson.minutes }),
        say("steps", { n: lesson.steps.length }),
        [lesson.title[language], ...(at > 0 ? [say("begun-at", { n: at + 1 })] : [])].join(" · "),
      ]);
    }),
  );
  const widths = [0, 1, 2].map((at) => Math.max(0, ...rows.map((row) => displayWidth(row[at]!))));
  for (const row of rows)
    world.stdout.write(`${row.map((cell, at) => padRight(printable(cell), widths[at] ?? 0)).join("  ")}\n`);
  return EXIT.ok;
}

/** From the step that was asked for, by its number or its name; else where it stopped. @throws BenchError `bad-usage` */
function startingAt(asked: string | undefined, { steps }: Lesson, kept: Kept): Kept {
  if (asked === undefined) return kept;
  const at = /^\d+$/u.test(asked) ? Number(asked) - 1 : steps.findIndex(({ id }) => id === asked);
  const step = steps[at];
  if (step !== undefined) return { ...kept, step: step.id, ...(at === 0 ? { hands: {} } : {}) };
  throw new BenchError(
    "bad-usage",
    say("no-such-step", { step: asked }),
    say("steps-are", { steps: steps.map(({ id }, n) => `${n + 1} ${id}`).join(", ") }),
  );
}

/** A lesson goes on where nothing can be kept; that is said once. */
function forgiving(notebook: Notebook, language: Language, world: World): Notebook {
  let said = false;
  return {
    read: () => notebook.read(),
    write: async (kept) => {
      await notebook.write(kept).catch((error: Error) => {
        if (!said)
          world.stderr.write(`${inLanguage(language, () => say("not-kept", { why: printable(error.message) }))}\n`);
        said = true;
      });
    },
  };
}
