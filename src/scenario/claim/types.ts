import type { Expectation } from "../expect/types.js";

export const VERDICTS = ["confirmed", "refuted", "partly", "gone", "not-testable-here"] as const;
/** `gone`: what the claim speaks of no longer exists on this kernel. */
export type Verdict = (typeof VERDICTS)[number];

/** A sentence that people copy from each other, and how to judge it by measurement. */
export interface Claim {
  /** The scenario's name without its folder. */
  id: string;
  /** The claim in our own words, one sentence. */
  text: string;
  /** How it is tested: one or two sentences. */
  test: string;
  /** What to take from it, two or three sentences. */
  lesson: string;
  /** What to do instead, a few words for the table. */
  instead: string;
  /** RFC sections, kernel files, kernel documentation. */
  sources: string[];
  /** The figures that decide, in the order in which they are shown. */
  figures: ClaimFigure[];
  /** What has to hold before there is anything to judge; empty: nothing that this program could tell. */
  premises: Premise[];
  /** Tried in order: the first of which every condition holds gives the verdict. */
  rules: VerdictRule[];
}

export interface ClaimFigure {
  /** What it is, in a few words. */
  label: string;
  variant: string;
  /** A metric, or `<phase>.<figure>`. */
  metric: string;
}

export interface Premise {
  holds: Expectation[];
  /** Said where one of them does not hold: one sentence; `{variant.metric}` stands for what was measured. */
  otherwise: string;
}

export interface VerdictRule {
  verdict: Verdict;
  /** Empty: always, unless a rule before it could not be decided because something was not measured. */
  when: Expectation[];
  /** One sentence; `{variant.metric}` stands for what was measured. */
  because: string;
}
