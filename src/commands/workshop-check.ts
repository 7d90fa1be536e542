import { join } from "node:path";
import { EXIT, type ExitCode } from "../errors.js";
import type { Kept, Notebook } from "../lessons/notebook.js";
import { keepRecordings, RECORDED, recordingsIn } from "../lessons/recordings.js";
import type { Lesson } from "../lessons/types.js";
import type { RunResult } from "../result/types.js";
import { span } from "../text/figures.js";
import { inLanguage, type Language } from "../text/language.js";
import { displayWidth, padRight } from "../text/width.js";
import { sayInLesson as say } from "../words/lessons.js";
import { onLine, runStep, running } from "./workshop-run.js";
import type { World } from "./world.js";

export interface Check {
  notebook: Notebook;
  kept: Kept;
  language: Language;
  /** Where results that show what they should are kept as recordings; null: nowhere. */
  recordTo: string | null;
}

/**
 * Runs every step beforehand. What does not show what it should is replayed in the lesson from its recording.
 * @returns 0 all steps run here; 1 some are replayed; 3 some can be shown neither way
 */
export async function checkLesson(
  lesson: Lesson,
  { notebook, kept, language, recordTo }: Check,
  world: World,
): Promise<ExitCode> {
  const told = (text: () => string): string => inLanguage(language, text);
  const widest = Math.max(...lesson.steps.map(({ id }) => displayWidth(id)));
  const recordings = await recordingsIn(join(lesson.folder, RECORDED), lesson.steps);
  const results = new Map<string, RunResult>();
  const replay: Record<string, string> = {};
  const hints = new Set<string>();
  let lost = 0;
  const beganAt = performance.now();
  for (const [at, step] of lesson.steps.entries()) {
    const stepBeganAt = performance.now();
    const progress = onLine(step, running(step, language), world);
    const { result, why, hint } = await runStep(step, language, world, { progress, hear: null });
    if (world.interrupted.aborted) return EXIT.interrupted;
    const took = told(() => span(performance.now() - stepBeganAt));
    const head = `${String(at + 1).padStart(2)}  ${padRight(step.id, widest)}  ${padRight(took, 8)}`;
    if (why === null) {
      world.stdout.write(`✓ ${head}  ${told(() => say("check-shows"))}\n`);
      if (result !== null) results.set(step.id, result);
      continue;
    }
    if (hint !== "") hints.add(hint);
    const there = recordings.has(step.id);
    if (there) replay[step.id] = why;
    else lost += 1;
    world.stdout.write(
      `${there ? "↺" : "✗"} ${head}  ${told(() => say(there ? "check-recorded" : "check-neither", { why }))}\n`,
    );
  }
  await notebook.write({ ...kept, replay });
  if (recordTo !== null && results.size > 0) await keepRecordings(recordTo, lesson.steps, results);
  const recorded = Object.keys(replay).length;
  const sum = {
    of: lesson.steps.length,
    ok: lesson.steps.length - recorded - lost,
    recorded,
    lost,
    span: told(() => span(performance.now() - beganAt)),
  };
  world.stdout.write(`${told(() => say("check-sum", sum))}\n`);
  for (const hint of hints) world.stdout.write(`${told(() => say("check-do", { hint }))}\n`);
  if (lost > 0) return EXIT.incomplete;
  return recorded > 0 ? EXIT.expectationFailed : EXIT.ok;
}
