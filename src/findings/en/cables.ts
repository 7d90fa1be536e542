import { count, decimal, micros, plural } from "../../text/figures.js";
import type { CableFigures } from "../figures.js";
import type { FindingTexts } from "../types.js";
import { the } from "./places.js";

export const CABLES: Pick<FindingTexts, "cable"> = {
  cable: { when: "a cable did something besides carrying: what, and what became of the frames", text: cableText },
};

function cableText(figures: CableFigures): string {
  const { from, to, both, changed } = figures;
  const way = both ? `Between ${the(from)} and ${the(to)}` : `From ${the(from)} to ${the(to)}`;
  const begun = changed ? " at first" : "";
  const does = effects(figures);
  const said = does.length === 0 ? "frames were just carried" : does.join(", ");
  return `${way} there was a cable on which${begun} ${said}${both && figures.delayMs > 0 ? ` (a round trip of ${decimal(2 * figures.delayMs)} ms)` : ""}${outcome(figures)}`;
}

function effects({ delayMs, jitterMs, loss, duplicate, reorder, bitsPerSec }: CableFigures): string[] {
  const percent = (share: number): string => `${decimal(share * 100)} % of the frames`;
  return [
    ...(delayMs > 0
      ? [`a frame took ${decimal(delayMs)} ms${jitterMs > 0 ? ` ± ${decimal(jitterMs)} ms` : ""} one way`]
      : []),
    ...(loss > 0 ? [`${percent(loss)} were to be lost`] : []),
    ...(duplicate > 0 ? [`${percent(duplicate)} were to come twice`] : []),
    ...(reorder > 0 ? [`${percent(reorder)} were to overtake others`] : []),
    ...(bitsPerSec === null ? [] : [`${decimal(bitsPerSec / 1e6)} Mbit/s passed at most`]),
  ];
}

function outcome({ by, frames, lost, duplicated, missed, overflowed, lateP50Us, lateP99Us }: CableFigures): string {
  if (by === null) return "";
  if (frames === 0 && (missed ?? 0) === 0) return ": no frame went over it";
  const who = by === "netem" ? "the kernel's netem" : "a process of bench";
  const twice = (duplicated ?? 0) > 0 ? `, ${count(duplicated)} came twice` : "";
  const full = (overflowed ?? 0) > 0 ? `, ${count(overflowed)} found no room` : "";
  const unseen =
    (missed ?? 0) > 0
      ? `; ${count(missed)} more that these hosts sent were dropped because bench did not take them in time`
      : "";
  const late =
    lateP50Us === null
      ? ""
      : `; half of them went out less than ${micros(lateP50Us)} late, 99 % less than ${micros(lateP99Us)}`;
  return `: of ${plural(frames, "frame")}, carried by ${who}, ${count(lost)} were lost${twice}${full}${unseen}${late}`;
}
