import { stored } from "../words/stored.js";
import type { BookLine } from "./types.js";

type Counted = readonly [who: string, count: number];

/** Why two counts differ: shown by other figures, or what such a difference mostly comes from. */
export type Reason = { known: string } | { possible: string };

export function known(text: string): Reason {
  return { known: text };
}

/** One figure that two parties counted; `why` where they differ. */
export function line(name: string, left: Counted, right: Counted, why: Reason): BookLine {
  const difference = left[1] - right[1];
  const balanced = difference === 0;
  return {
    name,
    left: { who: left[0], count: left[1] },
    right: { who: right[0], count: right[1] },
    difference,
    balanced,
    reason: balanced ? null : "known" in why ? why.known : stored("possibly", { reason: why.possible }),
  };
}
