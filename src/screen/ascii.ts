import { displayWidth } from "../text/width.js";

/** What stands in for a character of ours on a terminal that shows ASCII only, one column for one column. */
const STAND_INS: Readonly<Record<string, string>> = {
  ...inOrder("┈▁▂▃▄▅▆▇█", "_.:-=+*%#"),
  ...inOrder("▏▎▍▌▋▊▉", "||||###"),
  ...inOrder("░─│┴└┘·•…–—→←▸✓✗µ×", ".-|+++-*.--><>+xux"),
};

/** Colours stay; of what has no stand-in only its width is seen. */
export function asAscii(line: string): string {
  return line.replaceAll(/\P{ASCII}/gu, (character) => STAND_INS[character] ?? "?".repeat(displayWidth(character)));
}

function inOrder(ours: string, theirs: string): Record<string, string> {
  return Object.fromEntries(ours.split("").map((character, at) => [character, theirs[at] ?? "?"]));
}
