import { resolve } from "node:path";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import type { RunEvent } from "../events/types.js";
import { eventsOf } from "../live/replay.js";
import { render } from "../report/render.js";
import { readResult, resultsOf } from "../result/file.js";
import type { RunResult } from "../result/types.js";
import { inLanguage } from "../text/language.js";
import { sayOnScreen } from "../words/screen.js";
import { REPLAY } from "./definitions/results.js";
import { chosenLanguage } from "./language.js";
import { parse } from "./options.js";
import { play } from "./play.js";
import { progressOn } from "./progress-on.js";
import { openUi } from "./ui.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

const FASTEST = 1_000;

/** A saved result through the live views, at its own pace or faster: nothing is measured, and no permission is needed. */
export async function replay(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(REPLAY, args);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new BenchError(
      "bad-usage",
      "bench replay takes one result",
      "Example: bench replay results/sample.json --ui",
    );
  const speed = speedOf(values.speed);
  const language = chosenLanguage(values.lang, world.env);
  const results = resultsOf(await readResult(resolve(world.cwd, file)));
  const { stdout, interrupted } = world;
  // With the page the terminal stays as it is: the page's address stands on it.
  const asked = { live: false, "no-live": values.ui, quiet: false, verbose: false };
  const progress = progressOn(world, asked, language);
  progress.plan(
    results.map(({ scenario }) => scenario),
    mostTrials(results),
  );
  const ui = values.ui ? await openUi(world, language) : null;
  if (ui !== null) {
    // Nothing runs away: it begins when somebody looks.
    progress.say(inLanguage(language, () => sayOnScreen("begins-when-opened")));
    await Promise.race([ui.seen, aborted(interrupted)]);
  }
  const views = ui === null ? [progress.heard] : [progress.heard, ui.heard];
  await play(inTurn(results), speed, (event) => views.forEach((view) => void view(event)), interrupted);
  progress.close();
  if (ui !== null) await ui.end({ report: { results, comparisons: [] } });
  if (interrupted.aborted) return EXIT.interrupted;
  const drawn = { width: stdout.columns ?? DEFAULT_WIDTH, color: stdout.color };
  stdout.write(inLanguage(language, () => render(results, "terminal", drawn)));
  return EXIT.ok;
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (speed > 0 && speed <= FASTEST) return speed;
  throw new BenchError(
    "bad-usage",
    `--speed takes a number above 0, at most ${FASTEST}, not "${text}"`,
    "Example: --speed 4 is four times as fast",
  );
}

/** Of any variant. */
function mostTrials(results: readonly RunResult[]): number {
  const counts = results.flatMap(({ variants }) => Object.values(variants).map(({ trials }) => trials.length));
  return Math.max(1, ...counts);
}

/** One after the other, on one clock. */
function* inTurn(results: readonly RunResult[]): Generator<RunEvent> {
  let beganMs = 0;
  for (const [run, result] of results.entries()) {
    for (const event of eventsOf(result, run, beganMs)) {
      beganMs = event.atMs;
      yield event;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
}
