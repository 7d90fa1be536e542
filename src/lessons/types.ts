import type { Judgement } from "../compare/types.js";
import type { RunResult } from "../result/types.js";
import type { Expectation, Scenario } from "../scenario/types.js";
import type { Verdict } from "../scenario/claim/types.js";
import type { Language } from "../text/language.js";
import type { Pane } from "./schema.js";

/** A lesson as it is meant: every scenario resolved, every text there. */
export interface Lesson {
  name: string;
  folder: string;
  title: Readonly<Record<Language, string>>;
  /** One sentence for the list. */
  about: Readonly<Record<Language, string>>;
  /** How long a room takes, foretold. */
  minutes: number;
  steps: readonly Step[];
}

export interface Step {
  id: string;
  scenario: Scenario;
  watch: readonly Pane[];
  /** What has to be seen, for the step to make sense. */
  shows: readonly Expectation[];
  /** What the room chooses from, in order; the first whose conditions hold is right. */
  choices: readonly Choice[];
  texts: Readonly<Record<Language, StepText>>;
}

export interface Choice {
  id: string;
  /** All of them have to hold; none: it is right where nothing before it is. */
  when: readonly Condition[];
}

export type Condition =
  | { kind: "figure"; expectation: Expectation }
  /** Of the claim that the scenario tests. */
  | { kind: "verdict"; verdict: Verdict }
  /** Of the variant `head` against `base`. */
  | { kind: "compared"; judgement: Judgement };

/** What is said of a step in one language. Figures stand in it as `{variant.metric}`. */
export interface StepText {
  title: string;
  sections: Readonly<Record<Section, string>>;
  /** By the choice's id. */
  choices: Readonly<Record<string, string>>;
}

/** The headings of a step's file, in their order; `hint` and `notes` may be left out. */
export const SECTIONS = ["before", "question", "measured", "why", "life", "hint", "notes"] as const;
export type Section = (typeof SECTIONS)[number];
export const OPTIONAL: readonly Section[] = ["hint", "notes"];

/** Of one step: what was measured, or what was recorded and why. */
export interface Shown {
  result: RunResult;
  /** Why it is a recording; null for what was measured just now. */
  recorded: string | null;
}

/** How many hands were up for each choice. */
export type Hands = Readonly<Record<string, number>>;
