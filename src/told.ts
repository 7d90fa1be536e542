import { toldFindings } from "./findings/told.js";
import type { RunResult } from "./result/types.js";
import { language } from "./text/language.js";
import { toldBook, toldWarning } from "./warnings/told.js";
import { failure } from "./words/failures.js";
import { say } from "./words/say.js";
import { restated } from "./words/stored.js";

/**
 * A result with all that it says in words in the language of what is being drawn. A document keeps English: another language
 * is made of codes and figures when it is drawn. What this bench does not know, or has of another version, keeps its words;
 * so does what stands in the scenario's file.
 */
export function told(result: RunResult): RunResult {
  if (language() === "en") return result;
  const { error, claim } = result;
  return {
    ...result,
    findings: toldFindings(result.findings, result.scenario.variants),
    warnings: result.warnings.map(toldWarning),
    variants: Object.fromEntries(
      Object.entries(result.variants).map(([name, { trials, ...of }]) => [
        name,
        { ...of, trials: trials.map((trial) => ({ ...trial, books: trial.books.map(toldBook) })) },
      ]),
    ),
    ...(error !== undefined && { error: { ...error, message: failure(error) } }),
    ...(claim !== undefined && { claim: { ...claim, reason: reasonOf(result, claim.reason) } }),
  };
}

/** Of a claim that went untested because the run failed, it is why the run did. */
function reasonOf({ error }: RunResult, reason: string): string {
  return error !== undefined && reason.startsWith(error.message)
    ? say("end", { text: failure(error) })
    : restated(reason);
}
