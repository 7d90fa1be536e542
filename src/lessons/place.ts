import type { Lesson, Section } from "./types.js";

/** What is said of each step, one after the other; the run comes with `measured`. */
export const PARTS = ["before", "question", "measured", "why", "life"] as const satisfies Section[];
export type Part = (typeof PARTS)[number];

export interface Place {
  /** From 0; as many as there are: the end. */
  step: number;
  part: Part;
}

export function next({ step, part }: Place): Place {
  const at = PARTS.indexOf(part) + 1;
  return at < PARTS.length ? { step, part: PARTS[at]! } : { step: step + 1, part: "before" };
}

/** Before the first there is nothing. */
export function back({ step, part }: Place): Place {
  const at = PARTS.indexOf(part) - 1;
  if (at >= 0) return { step, part: PARTS[at]! };
  return step === 0 ? { step, part } : { step: step - 1, part: "life" };
}

export function isEnd({ steps }: Pick<Lesson, "steps">, { step }: Place): boolean {
  return step >= steps.length;
}
