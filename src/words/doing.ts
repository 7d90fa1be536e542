import { say } from "./say.js";

/** What a run does around its load, by what its events call it. */
const DOING = {
  "make lab": "lab-is-made",
  "warm up": "warms-up",
  load: "load-begins",
  "close lab": "last-readings",
} as const;

/** In words, for whoever looks; what has none is told as it is. */
export function doingText(doing: string): string {
  return Object.hasOwn(DOING, doing) ? say(DOING[doing as keyof typeof DOING]) : doing;
}
