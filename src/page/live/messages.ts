import type { Patch } from "../../live/patch.js";
import type { ShownState } from "../../live/shown.js";
import type { LessonView } from "../../lessons/view-types.js";
import type { PageView } from "../types.js";

/** What the page follows: runs, or a lesson with them. */
export interface PageState extends ShownState {
  lesson?: LessonView | null;
}

/** What stands on the page when it is opened: all that was known then. */
export interface First {
  state: PageState;
  /** Of the last message that is in it: those that come after it are asked for. */
  id: number;
}

/** What the live page hears, as the names of its events and what each holds as JSON. */
export interface LiveMessages {
  /** All that is known so far, where it cannot be told what a viewer has. */
  whole: PageState;
  /** What changed since the message before it. */
  change: Patch;
  /** The last message: the finished report; without one why there is none. */
  end: { view: PageView } | { said: string };
}
