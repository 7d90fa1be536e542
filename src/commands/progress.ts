import type { RunProgress } from "../bench.js";
import { progressLine } from "../report/progress.js";
import { DEFAULT_WIDTH, type Output } from "./world.js";

const CLEAR_LINE = "\r\u001b[2K";

export interface Progress {
  show(progress: RunProgress): void;
  /** A line of its own that stays. */
  say(line: string): void;
  /** What stood last of the line in progress stays. */
  finish(): void;
}

/**
 * One line per trial: on a terminal rewritten in place, elsewhere written once, when the trial has ended.
 * @param output null for none at all
 */
export function progressOn(output: Output | null): Progress {
  if (output === null) return { show: () => {}, say: () => {}, finish: () => {} };
  const animated = output.columns !== null && output.color;
  const width = (output.columns ?? DEFAULT_WIDTH) - 1;
  const asLine = (progress: RunProgress): string => {
    const { client, server } = progress.timeWait;
    return progressLine({ ...progress, timeWaitClient: client, timeWaitServer: server }, width);
  };
  let last: RunProgress | null = null;

  const finish = (): void => {
    if (last === null) return;
    output.write(`${animated ? CLEAR_LINE : ""}${asLine(last)}\n`);
    last = null;
  };
  return {
    show(progress) {
      if (last !== null && (last.variant !== progress.variant || last.trial !== progress.trial)) finish();
      last = progress;
      if (animated) output.write(CLEAR_LINE + asLine(progress));
    },
    say(line) {
      if (animated && last !== null) output.write(CLEAR_LINE);
      output.write(`${line}\n`);
    },
    finish,
  };
}
