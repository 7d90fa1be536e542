import { compareSides } from "../compare/compare.js";
import type { Comparison } from "../compare/types.js";
import { judge } from "../result/expectations.js";
import { figureOf } from "../result/figures.js";
import type { RunResult } from "../result/types.js";
import { SIDES } from "../scenario/types.js";
import { figureText, precise } from "../text/figures.js";
import { failure } from "../words/failures.js";
import { sayInLesson as say } from "../words/lessons.js";
import { COMPARED } from "./conditions.js";
import { PLACEHOLDER } from "./text.js";
import type { Condition, Hands, Step } from "./types.js";

/** Why a result does not show what the step is about, in the words of its expectations; null when it does. */
export function whyNotShown({ shows, choices }: Pick<Step, "shows" | "choices">, result: RunResult): string | null {
  if (result.status !== "complete") return result.error === undefined ? result.status : failure(result.error);
  const failed = judge(shows, result.variants, result.findings).filter(({ holds }) => !holds);
  // Where no choice is right, no guess can be held against it.
  if (failed.length === 0) return rightChoice({ choices }, result) === null ? say("no-choice-is-right") : null;
  return failed.map(({ text, measured }) => `${text} (${precise(measured)})`).join("; ");
}

/** The choice that is right by what was measured; null where none is. */
export function rightChoice({ choices }: Pick<Step, "choices">, result: RunResult): string | null {
  const holds = (condition: Condition): boolean => {
    switch (condition.kind) {
      case "figure":
        return judge([condition.expectation], result.variants, result.findings)[0]!.holds;
      case "verdict":
        return result.claim?.verdict === condition.verdict;
      case "compared":
        return compared(result)?.verdict === condition.judgement;
    }
  };
  return choices.find(({ when }) => when.every(holds))?.id ?? null;
}

/** As `bench compare --sides base,head` does it, with the scenario's own gates; null where the run broke off. */
function compared(result: RunResult): Comparison | null {
  if (result.status !== "complete") return null;
  return compareSides({ label: result.scenario.name, result }, SIDES, { only: null, gates: result.scenario.gates });
}

/** A text with its figures, as they were measured; before that each is a `…`. */
export function filledIn(text: string, result: RunResult | null): string {
  return text.replaceAll(PLACEHOLDER, (_all, path: string) => {
    if (result === null) return "…";
    if (path === COMPARED) return compared(result)?.summary ?? figureText(path, null);
    const { variants } = result;
    const dot = path.indexOf(".");
    const sole = Object.keys(variants).length === 1 ? Object.keys(variants)[0]! : null;
    const [variant, metric] =
      sole !== null && path.slice(0, dot) !== sole ? [sole, path] : [path.slice(0, dot), path.slice(dot + 1)];
    return figureText(metric, figureOf(variants, variant, metric));
  });
}

/** How many hands there were, and how many of them for what is right. */
export function handsRight(hands: Hands, right: string | null): { all: number; right: number } {
  const all = Object.values(hands).reduce((sum, n) => sum + n, 0);
  return { all, right: right === null ? 0 : (hands[right] ?? 0) };
}
