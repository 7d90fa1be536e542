import type { RunResult } from "../result/types.js";
import type { Verdict } from "../scenario/claim/types.js";
import { say } from "../words/say.js";
import { decisiveFigures, verdictWords } from "./claims.js";
import { marked } from "./marked.js";
import type { Paint, Style } from "./paint.js";
import { displayWidth, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";

export const VERDICT_STYLE: Record<Verdict, Style> = {
  confirmed: ["bold", "green"],
  refuted: ["bold", "red"],
  partly: ["bold", "yellow"],
  gone: ["bold", "magenta"],
  "not-testable-here": "yellow",
};

const MAX_LABEL = 48;

/** The claim, what became of it and by which figures, what to do instead, and who says so. */
export function claimSection(result: RunResult, width: number, paint: Paint): string[] {
  const { claim, scenario } = result;
  const text = claim?.text ?? scenario.claim?.text;
  if (text === undefined) return [];
  const { instead = "", sources = [] } = scenario.claim ?? {};
  return [
    ...marked(say("claim"), "dim", text, width, paint),
    ...(claim === undefined
      ? []
      : marked(verdictWords(claim), VERDICT_STYLE[claim.verdict], claim.reason, width, paint)),
    ...figureLines(result, width),
    ...(instead === "" ? [] : marked(say("instead"), "dim", instead, width, paint)),
    ...sources.flatMap((source) => marked(say("source"), "dim", source, width, paint)),
  ];
}

/** Values one below the other, where their labels leave room. */
function figureLines(result: RunResult, width: number): string[] {
  const figures = decisiveFigures(result);
  const widest = Math.min(MAX_LABEL, Math.max(0, ...figures.map(({ label }) => displayWidth(label))));
  return figures.flatMap(({ label, value }) => {
    const line = `${padRight(`${label}:`, widest + 1)} ${value}`;
    if (displayWidth(line) + 2 <= width) return [`  ${line}`];
    return wrap(`${label}: ${value}`, width - 2, 2).map((part) => `  ${part}`);
  });
}
