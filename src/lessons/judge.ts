import { judge } from "../result/expectations.js";
import { figureOf } from "../result/figures.js";
import type { RunResult } from "../result/types.js";
import { figureText, precise } from "../text/figures.js";
import { say } from "../words/say.js";
import { PLACEHOLDER } from "./text.js";
import type { Hands, Step } from "./types.js";

/** Why a result does not show what the step is about, in the words of its expectations; null when it does. */
export function whyNotShown({ shows, choices }: Pick<Step, "shows" | "choices">, result: RunResult): string | null {
  if (result.status !== "complete") return result.error?.message ?? result.status;
  const failed = judge(shows, result.variants, result.findings).filter(({ holds }) => !holds);
  // Where no choice is right, no guess can be held against it.
  if (failed.length === 0) return rightChoice({ choices }, result) === null ? say("no-choice-is-right") : null;
  return failed.map(({ text, measured }) => `${text} (${precise(measured)})`).join("; ");
}

/** The choice that is right by what was measured; null where none is. */
export function rightChoice({ choices }: Pick<Step, "choices">, result: RunResult): string | null {
  const holds = (condition: Step["choices"][0]["when"][0]): boolean =>
    condition.kind === "verdict"
      ? result.claim?.verdict === condition.verdict
      : judge([condition.expectation], result.variants, result.findings)[0]!.holds;
  return choices.find(({ when }) => when.every(holds))?.id ?? null;
}

/** A text with its figures, as they were measured; before that each is a `…`. */
export function filledIn(text: string, result: Pick<RunResult, "variants"> | null): string {
  return text.replaceAll(PLACEHOLDER, (_all, path: string) => {
    if (result === null) return "…";
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
