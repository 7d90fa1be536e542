import { BenchError } from "../errors.js";
import { isInForeground, ProcessTerminal } from "../screen/terminal.js";
import type { Lens, Size } from "../screen/types.js";
import type { Language } from "../text/language.js";
import { LiveScreen } from "./live-screen.js";
import { NO_PROGRESS, type Progress, ProgressLine } from "./progress.js";
import type { World } from "./world.js";

export interface Asked {
  live: boolean;
  "no-live": boolean;
  quiet: boolean;
  verbose: boolean;
}

/** From this size on the live screen has room for all that it shows, and is what one gets. */
const ROOMY = { columns: 100, rows: 30 };

/** What a lesson's step is about has room in a terminal of the usual 80 × 24. */
const LEAST_OF_LESSON = { columns: 60, rows: 16 };

/**
 * How the progress of a run is shown: not at all, on the whole screen, or on a line.
 * @throws BenchError `bad-usage` where options contradict each other
 */
export function progressOn(world: World, asked: Asked, language: Language): Progress {
  const against = (["no-live", "quiet", "verbose"] as const).find((option) => asked[option]);
  if (asked.live && against !== undefined)
    throw new BenchError("bad-usage", `bench run takes --live or --${against}, not both`, "Leave one of them out.");
  if (asked.quiet) return NO_PROGRESS;
  // Lines of their own would get in the way of one that is rewritten in place.
  const line = new ProgressLine(world.stderr, language, !asked.verbose);
  if (against !== undefined) return line;
  const hindrance = whyNoScreen(world);
  if (hindrance === null && world.terminal !== null && (asked.live || hasRoom(world, ROOMY)))
    return new LiveScreen(world, new ProcessTerminal(world.terminal), language);
  if (asked.live && hindrance !== null) line.say(`no live screen: ${hindrance}`);
  return line;
}

/** The same for a step of a lesson: with the parts that it is about, and what is done meanwhile below them. */
export function stepProgressOn(world: World, lens: Lens, language: Language): Progress {
  if (whyNoScreen(world) === null && world.terminal !== null && hasRoom(world, LEAST_OF_LESSON))
    return new LiveScreen(world, new ProcessTerminal(world.terminal), language, lens);
  const line = new ProgressLine(world.stderr, language);
  line.say(lens.foot);
  return line;
}

/** null where the terminal can be had. */
function whyNoScreen({ stdout, stderr, terminal, env }: World): string | null {
  if (stderr.columns === null || terminal === null) return "stderr is no terminal";
  if (stdout.columns === null) return "stdout is no terminal";
  if ((env["CI"] ?? "") !== "") return "CI is set";
  if (env["TERM"] === "dumb") return "TERM is dumb";
  return isInForeground() ? null : "bench runs in the background";
}

/** Without colours there are no control codes (NO_COLOR), unless they are asked for. */
function hasRoom({ stderr }: World, { columns, rows }: Size): boolean {
  return stderr.color && (stderr.columns ?? 0) >= columns && (stderr.rows ?? 0) >= rows;
}
