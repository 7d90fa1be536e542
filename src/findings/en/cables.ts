import { count, decimal, micros, plural } from "../../text/figures.js";
import type { CableFigures } from "../figures.js";
import type { FindingTexts } from "../types.js";
import { the } from "./places.js";

export const CABLES: Pick<FindingTexts, "cable"> = {
  cable: {
    when: "the scenario gives a cable a delay, loss or the like: what was set, and what was measured",
    text: (figures) => [set(figures), measured(figures)].filter(Boolean).join(". "),
  },
};

function set(figures: CableFigures): string {
  const { from, to, both, changed } = figures;
  const cable = both ? `The cable between ${the(from)} and ${the(to)}` : `The cable from ${the(from)} to ${the(to)}`;
  const settings = settingsOf(figures);
  const begun = changed ? " at first" : "";
  return settings.length === 0
    ? `${cable} had${begun} no delay and no loss`
    : `${cable} was${begun} set to ${settings.join(", ")}`;
}

function settingsOf(figures: CableFigures): string[] {
  const { both, delayMs, jitterMs, loss, duplicate, reorder, bitsPerSec } = figures;
  const percent = (share: number): string => `${decimal(share * 100)} %`;
  const jitter = jitterMs > 0 ? ` with ± ${decimal(jitterMs)} ms jitter` : "";
  const ways = both ? ` each way${jitter} (round trip ${decimal(2 * delayMs)} ms)` : jitter;
  return [
    ...(delayMs > 0 ? [`${decimal(delayMs)} ms delay${ways}`] : []),
    ...(loss > 0 ? [`${percent(loss)} loss`] : []),
    ...(duplicate > 0 ? [`${percent(duplicate)} duplicates`] : []),
    ...(reorder > 0 ? [`${percent(reorder)} reordering`] : []),
    ...(bitsPerSec === null ? [] : [`a rate of ${decimal(bitsPerSec / 1e6)} Mbit/s`]),
  ];
}

function measured(figures: CableFigures): string {
  const { by, frames, lost, duplicated, missed, overflowed, lateP50Us, lateP99Us } = figures;
  if (by === null) return "";
  const who = by === "netem" ? "The kernel's netem" : "The forwarder of bench";
  const some = (figure: number | null, said: (figure: number) => string): string[] =>
    figure === null || figure === 0 ? [] : [said(figure)];
  const outcomes = [
    `${count(lost)} lost`,
    ...some(duplicated, (figure) => `${count(figure)} duplicated`),
    ...some(overflowed, (figure) => `${count(figure)} dropped from a full queue`),
  ];
  return [
    frames === 0 ? `${who} counted no frames` : `${who} counted ${plural(frames, "frame")}: ${outcomes.join(", ")}`,
    ...some(missed, (figure) => `${count(figure)} more from these hosts were dropped before it could read them`),
    ...some(
      lateP50Us,
      (half) => `half left less than ${micros(half)} after they were due, 99 % less than ${micros(lateP99Us)}`,
    ),
  ].join("; ");
}
