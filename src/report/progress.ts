import type { LoadUnderWay, Scope } from "../events/types.js";
import { printable } from "../text/printable.js";
import { count, decimal, span } from "../text/figures.js";
import { fit } from "../text/width.js";
import { sayOnScreen as say } from "../words/screen.js";

/** A load under way, of a trial counted from 0, which is shown from the second one on, as `#2`. */
export interface ProgressShown
  extends
    Pick<Scope, "variant" | "trial">,
    Pick<LoadUnderWay, "elapsedMs" | "durationMs" | "perSec" | "connections" | "failed" | "timeWait"> {
  /** Of all trials of the run, where there are several: the bar is theirs then. */
  overall?: { trial: number; trials: number; share: number; leftMs: number };
}

const LONGEST_BAR = 20;
const SHORTEST_BAR = 5;

/** One line on a run under way, never longer than `width`, without a line feed. What matters least goes first. */
export function progressLine(progress: ProgressShown, width: number): string {
  const { trial, elapsedMs, durationMs, perSec, connections, failed, timeWait } = progress;
  const name = fit(printable(progress.variant ?? ""), 24);
  const overall = progress.overall;
  const numbered = trial === null || trial === 0 ? name : `${name} #${trial + 1}`;
  const start = overall === undefined ? numbered : `${overall.trial}/${overall.trials} ${numbered}`;
  const left = overall === undefined ? [] : [say("left", { span: span(Math.max(1000, overall.leftMs)) })];
  const clock = say("seconds", { n: `${(elapsedMs / 1000).toFixed(1)}/${decimal(durationMs / 1000)}` });
  const rate = `${count(Math.round(perSec))}/s`;
  const populations = say("populations", { client: count(timeWait.client), server: count(timeWait.server) });
  const opened = connections === null ? [] : [say("opened", { n: count(connections) })];
  const failures = failed !== null && failed > 0 ? [say("failed", { n: count(failed) })] : [];
  const ofTrial = durationMs > 0 ? Math.min(1, Math.max(0, elapsedMs / durationMs)) : 1;
  const share = overall?.share ?? ofTrial;
  const line = (bar: number, parts: readonly string[]): string =>
    [start, ...(bar > 0 ? [drawBar(share, bar)] : []), ...parts].join("  ");
  const candidates = [
    line(LONGEST_BAR, [...left, clock, rate, populations, ...opened, ...failures]),
    line(10, [...left, clock, rate, populations, ...opened, ...failures]),
    line(10, [...left, clock, rate, populations, ...failures]),
    line(SHORTEST_BAR, [...left, clock, rate, populations, ...failures]),
    line(SHORTEST_BAR, [...left, rate, populations, ...failures]),
    line(0, [...left, rate, populations, ...failures]),
    line(0, [rate, populations]),
  ];
  return candidates.find((candidate) => fit(candidate, width) === candidate) ?? fit(candidates.at(-1) ?? "", width);
}

function drawBar(share: number, width: number): string {
  const full = Math.round(share * width);
  return "█".repeat(full) + "░".repeat(width - full);
}
