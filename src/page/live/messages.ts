import type { Patch } from "../../live/patch.js";
import type { ShownState } from "../../live/shown.js";
import type { LessonView } from "../../lessons/view.js";
import type { PageView } from "../types.js";

/** What the page follows: runs, or a lesson with them. */
export interface PageState extends ShownState {
  lesson?: LessonView | null;
}

/** What the live page hears, as the names of its events and what each holds as JSON. */
export interface LiveMessages {
  /** All that is known so far: the first message, and whenever it cannot be told what a viewer has. */
  whole: PageState;
  /** What changed since the message before it. */
  change: Patch;
  /** The last message: the finished report; without one why there is none. */
  end: { view: PageView } | { said: string };
}
