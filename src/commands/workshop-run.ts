import { join } from "node:path";
import { BenchError } from "../errors.js";
import { Events } from "../events/events.js";
import type { Subscriber } from "../events/types.js";
import { whyNotShown } from "../lessons/judge.js";
import { RECORDED, type Recordings, recordingsIn } from "../lessons/recordings.js";
import type { Desk } from "../lessons/teach.js";
import type { Lesson, Shown, Step } from "../lessons/types.js";
import type { LessonView } from "../lessons/view-types.js";
import { eventsOf } from "../live/replay.js";
import type { RunResult } from "../result/types.js";
import { inLanguage, type Language } from "../text/language.js";
import { printable } from "../text/printable.js";
import { failure } from "../words/failures.js";
import { sayInLesson as say } from "../words/lessons.js";
import { cacheFolder } from "./cache-folder.js";
import { measureAll } from "./measure-all.js";
import { play } from "./play.js";
import { progressOn } from "./progress-on.js";
import type { Board } from "./workshop-desk.js";
import type { World } from "./world.js";

export interface Measuring {
  /** The page that follows the runs; null: there is none. */
  board: Board | null;
  /** Recordings alone, from this folder; null: real runs. */
  from: string | null;
  /** Steps that the check beforehand found not to show what they should, and why. */
  replay: Readonly<Record<string, string>>;
  language: Language;
}

/** So long a recording takes at most where it is played: more would be waited for. */
const PLAYED_MS = 5_000;

/** The real run of a step; where that does not show what it should, its recording, and why. */
export function measuring(lesson: Lesson, { from, replay, language, board }: Measuring, world: World): Desk["measure"] {
  const told = (text: () => string): string => inLanguage(language, text);
  let recordings: Promise<Recordings> | null = null;
  const recorded = async (step: Step, meanwhile: LessonView, why: string): Promise<Shown | null> => {
    recordings ??= recordingsIn(from ?? join(lesson.folder, RECORDED), lesson.steps);
    const result = (await recordings).get(step.id);
    if (result === undefined) return null;
    if (board !== null) await playOn(board, result, playing(meanwhile, step, language), world.interrupted);
    return { result, recorded: why };
  };
  return async (step, meanwhile) => {
    if (from !== null) {
      const shown = await recorded(
        step,
        meanwhile,
        told(() => say("asked-for-recordings")),
      );
      if (shown !== null) return shown;
      throw new BenchError("bad-lesson", `${from} has no recording of the step ${step.id}`, "See --record.");
    }
    const known = replay[step.id];
    if (known !== undefined) {
      const shown = await recorded(
        step,
        meanwhile,
        told(() => say("checked-before", { why: known })),
      );
      if (shown !== null) return shown;
    }
    board?.begin(meanwhile);
    const { result, why } = await runStep(step, language, world, board?.heard ?? null);
    // Half a run is nothing to show.
    world.interrupted.throwIfAborted();
    if (result !== null && why === null) return { result, recorded: null };
    const because = why ?? "";
    const instead = await recorded(
      step,
      meanwhile,
      told(() => say(result === null ? "could-not-run" : "not-shown-now", { why: because })),
    );
    if (instead !== null) return instead;
    if (result !== null) return { result, recorded: null };
    throw new BenchError(
      "bad-lesson",
      `the step ${step.id} could not run: ${because}`,
      "bench doctor says what is missing.",
    );
  };
}

function playing(view: LessonView, { scenario }: Step, language: Language): LessonView {
  const text = inLanguage(language, () => say("playing-recording", { scenario: printable(scenario.name) }));
  return { ...view, blocks: [{ kind: "paragraph", text }] };
}

/** As the run was, but for how long it took. */
async function playOn(board: Board, result: RunResult, view: LessonView, interrupted: AbortSignal): Promise<void> {
  const events = [...eventsOf(result)];
  board.begin(view);
  await play(
    events,
    Math.max(1, (events.at(-1)?.atMs ?? 0) / PLAYED_MS),
    (event) => void board.heard(event),
    interrupted,
  );
}

/** Why it does not show what it should; null when it does. Without a result it could not run. */
export interface Live {
  result: RunResult | null;
  why: string | null;
}

/** In a lab alone: a lesson leaves nothing on the machine. */
export async function runStep(
  step: Step,
  language: Language,
  world: World,
  hear: Subscriber | null = null,
): Promise<Live> {
  const { scenario } = step;
  const events = new Events();
  // The screen belongs to the lesson: a run has a line of it.
  const progress = progressOn(world, { live: false, "no-live": true, quiet: false, verbose: false }, language);
  const results: RunResult[] = [];
  events.subscribe(progress.heard, ...(hear === null ? [] : [hear]));
  events.subscribe((event) => {
    if (event.type === "run-done") results.push(event.result);
  });
  progress.say(inLanguage(language, () => say("running-step", { scenario: scenario.name })));
  progress.plan([scenario], 1);
  try {
    const options = {
      isolation: "namespace",
      trials: 1,
      cacheFolder: cacheFolder(world),
      signal: world.interrupted,
    } as const;
    await measureAll([scenario], options, events);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    return { result: null, why: inLanguage(language, () => failure(error)) };
  } finally {
    progress.close();
  }
  const [result] = results;
  if (result === undefined) return { result: null, why: "interrupted" };
  const ran = Object.values(result.variants).some(({ trials }) => trials.length > 0);
  return { result: ran ? result : null, why: inLanguage(language, () => whyNotShown(step, result)) };
}
