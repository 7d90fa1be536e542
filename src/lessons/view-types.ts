import type { Language } from "../text/language.js";
import type { Part } from "./place.js";
import type { Pane } from "./schema.js";

/** What is shown of a lesson, as data: a terminal makes lines of it, a page its elements. All text is safe to show. */
export interface LessonView {
  lang: Language;
  /** Of the lesson. */
  title: string;
  /** The id of the step; empty at the end. */
  step: string;
  part: Part | "end";
  /** Where in the lesson it is, in words. */
  where: string;
  heading: string;
  blocks: Block[];
  /** What the room chooses from; empty where nothing is asked. */
  choices: ChoiceView[];
  /** How the room did, and where the figures are from; empty before. */
  sum: string;
  origin: string;
  /** What was asked for beside it: a hint, notes; null: nothing. */
  aside: AsideView | null;
  /** What can be typed. */
  keys: string;
  /** The same for a page: what is typed by each button, and what stands on it. */
  buttons: { types: string; says: string }[];
  /** Whether the step runs just now. */
  runs: boolean;
  /** What of its run is to be looked at, or of its recording, which is played. */
  watch: readonly Pane[];
}

export interface AsideView {
  /** Empty for what is no section. */
  heading: string;
  blocks: Block[];
}

export type Block = { kind: "paragraph" | "item"; text: string } | { kind: "drawing"; lines: string[] };

export interface ChoiceView {
  /** As it is typed, from 1. */
  number: number;
  text: string;
  /** 0 where nobody has, or nobody was asked. */
  hands: number;
  /** Of the choice with the most hands, from 0 to 1. */
  part: number;
  /** What stands beside the right one; empty for the others, and before it is known. */
  mark: string;
}
