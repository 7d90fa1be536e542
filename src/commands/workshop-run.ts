import { join } from "node:path";
import { BenchError } from "../errors.js";
import { Events } from "../events/events.js";
import type { RunEvent, Subscriber } from "../events/types.js";
import { whyNotShown } from "../lessons/judge.js";
import { RECORDED, type Recordings, recordingsIn } from "../lessons/recordings.js";
import type { Desk } from "../lessons/teach.js";
import type { Lesson, Shown, Step } from "../lessons/types.js";
import type { LessonView } from "../lessons/view-types.js";
import { eventsOf } from "../live/replay.js";
import type { RunResult } from "../result/types.js";
import { inLanguage, type Language } from "../text/language.js";
import { printable } from "../text/printable.js";
import { failure, remedyInLab } from "../words/failures.js";
import { sayInLesson as say } from "../words/lessons.js";
import { cacheFolder } from "./cache-folder.js";
import { measureAll } from "./measure-all.js";
import { play } from "./play.js";
import { progressOn, stepProgressOn } from "./progress-on.js";
import type { Progress } from "./progress.js";
import type { Board, TeachersDesk } from "./workshop-desk.js";
import type { World } from "./world.js";

export interface Measuring {
  desk: Pick<TeachersDesk, "language" | "hurried">;
  /** The page that follows the runs; null: there is none, and the terminal does. */
  board: Board | null;
  /** Recordings alone, from this folder; null: real runs. */
  from: string | null;
  /** Steps that the check beforehand found not to show what they should, and why. */
  replay: Readonly<Record<string, string>>;
}

/** The real run of a step; where that does not show what it should, its recording, and why. */
export function measuring(lesson: Lesson, { from, replay, desk, board }: Measuring, world: World): Desk["measure"] {
  const { language } = desk;
  const told = (text: () => string): string => inLanguage(language, text);
  let recordings: Promise<Recordings> | null = null;
  const recorded = async (step: Step, meanwhile: LessonView, why: string): Promise<Shown | null> => {
    recordings ??= recordingsIn(from ?? join(lesson.folder, RECORDED), lesson.steps);
    const result = (await recordings).get(step.id);
    if (result === undefined) return null;
    // To a file nothing is played: nobody looks on.
    if (board === null && world.stdout.columns === null) return { result, recorded: why };
    const said = told(() => say("playing-recording", { scenario: printable(step.scenario.name) }));
    board?.begin(playing(meanwhile, said));
    const inTerminal = { said: `${said} ${told(() => say("keys-playing"))}`, language };
    const progress = (board === null ? onTerminal : onLine)(step, inTerminal, world);
    try {
      await played(result, board?.heard ?? progress.heard, desk, world.interrupted);
    } finally {
      progress.close();
    }
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
      const missing = told(() => say("no-recording", { folder: printable(from), step: step.id }));
      throw new BenchError(
        "bad-lesson",
        missing,
        told(() => say("do-record")),
      );
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
    const progress = (board === null ? onTerminal : onLine)(step, running(step, language), world);
    const { result, why, hint } = await runStep(step, language, world, { progress, hear: board?.heard ?? null });
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
      told(() => say("step-could-not-run", { step: step.id, why: because })),
      hint,
    );
  };
}

/** What is told of a step while it runs, or is played. */
interface Meanwhile {
  said: string;
  language: Language;
}

/** What the step is about, while it runs or is played: on all of the terminal, where it has room. */
function onTerminal({ scenario, watch }: Step, { said, language }: Meanwhile, world: World): Progress {
  const progress = stepProgressOn(world, { watch, foot: said }, language);
  progress.plan([scenario], 1);
  return progress;
}

/** The same on a line. */
export function onLine({ scenario }: Step, { said, language }: Meanwhile, world: World): Progress {
  const progress = progressOn(world, { live: false, "no-live": true, quiet: false, verbose: false }, language);
  progress.say(said);
  progress.plan([scenario], 1);
  return progress;
}

export function running({ scenario }: Pick<Step, "scenario">, language: Language): Meanwhile {
  return { said: inLanguage(language, () => say("running-step", { scenario: printable(scenario.name) })), language };
}

/** With a button that cuts it short. */
function playing(view: LessonView, said: string): LessonView {
  const goOn = { types: "", says: inLanguage(view.lang, () => say("do-next")) };
  return { ...view, blocks: [{ kind: "paragraph", text: said }], buttons: [goOn] };
}

/** As the run was and as long, until somebody wants to go on: then what is left of it at once. */
async function played(
  result: RunResult,
  hear: Subscriber,
  desk: Measuring["desk"],
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  void desk.hurried(over.signal).then(stop, stop);
  let told = 0;
  const tell = (event: RunEvent): void => {
    told += 1;
    void hear(event);
  };
  await play(eventsOf(result), 1, tell, AbortSignal.any([signal, over.signal]));
  stop();
  signal.throwIfAborted();
  for (const event of [...eventsOf(result)].slice(told)) void hear(event);
}

export interface Live {
  /** null: it could not run. */
  result: RunResult | null;
  /** Why it does not show what it should; null when it does. */
  why: string | null;
  /** What can be done about that; empty where nobody knows. */
  hint: string;
}

/** In a lab alone: a lesson leaves nothing on the machine. `progress` is closed at its end. */
export async function runStep(
  { scenario, ...step }: Step,
  language: Language,
  world: World,
  { progress, hear }: { progress: Progress; hear: Subscriber | null },
): Promise<Live> {
  const events = new Events();
  const results: RunResult[] = [];
  events.subscribe(progress.heard, ...(hear === null ? [] : [hear]));
  events.subscribe((event) => {
    if (event.type === "run-done") results.push(event.result);
  });
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
    return inLanguage(language, () => ({ result: null, why: failure(error), hint: remedyInLab(error.hint) }));
  } finally {
    progress.close();
  }
  const [result] = results;
  if (result === undefined) return { result: null, why: "interrupted", hint: "" };
  const ran = Object.values(result.variants).some(({ trials }) => trials.length > 0);
  return inLanguage(language, () => ({
    result: ran ? result : null,
    why: whyNotShown(step, result),
    hint: remedyInLab(result.error?.hint ?? ""),
  }));
}
