import type { RunProgress } from "../bench.js";
import { progressLine } from "../report/progress.js";
import { TimeLeft } from "./time-left.js";
import { DEFAULT_WIDTH, type Output } from "./world.js";

const CLEAR_LINE = "\r\u001b[2K";

export interface Progress {
  /** What is to come, trial by trial: with more than one the time left is shown. */
  plan(plannedMs: readonly number[]): void;
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
  if (output === null) return { plan: () => {}, show: () => {}, say: () => {}, finish: () => {} };
  const animated = output.columns !== null && output.color;
  const width = (output.columns ?? DEFAULT_WIDTH) - 1;
  let left = new TimeLeft([], () => 0);
  const asLine = (progress: RunProgress, overall: boolean): string => {
    const { client, server } = progress.timeWait;
    const { trial, trials } = left;
    return progressLine(
      {
        ...progress,
        timeWaitClient: client,
        timeWaitServer: server,
        ...(overall && trials > 1 ? { overall: { trial, trials, share: left.share(), leftMs: left.leftMs() } } : {}),
      },
      width,
    );
  };
  let last: RunProgress | null = null;

  const finish = (): void => {
    if (last === null) return;
    output.write(`${animated ? CLEAR_LINE : ""}${asLine(last, false)}\n`);
    last = null;
  };
  return {
    plan(plannedMs) {
      left = new TimeLeft(plannedMs, () => performance.now());
    },
    show(progress) {
      if (last !== null && (last.variant !== progress.variant || last.trial !== progress.trial)) finish();
      if (last === null) left.next();
      last = progress;
      if (animated) output.write(CLEAR_LINE + asLine(progress, true));
    },
    say(line) {
      if (animated && last !== null) output.write(CLEAR_LINE);
      output.write(`${line}\n`);
    },
    finish,
  };
}
