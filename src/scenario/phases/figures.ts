import { kindOf, type StepKind } from "./kinds.js";

/** Which figures a step yields, so that a rule that speaks of another one is found before anything runs. */

export function isFigureOf(kind: StepKind, figure: string): boolean {
  const { figures, free } = kindOf(kind);
  return Object.hasOwn(figures, figure) || (free?.has(figure) ?? false);
}

export function figuresOf(kind: StepKind): readonly string[] {
  return Object.keys(kindOf(kind).figures);
}
