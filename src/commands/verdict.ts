import { resolve } from "node:path";
import { compareSides } from "../compare/compare.js";
import { isUnclear } from "../compare/summary.js";
import type { Comparison } from "../compare/types.js";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { renderComparisons } from "../report/comparison.js";
import { appendText } from "../result/append.js";
import type { RunResult } from "../result/types.js";
import { readGates } from "../scenario/gates-file.js";
import { variantIn } from "../scenario/loads.js";
import { type Gate, SIDES } from "../scenario/types.js";
import { inLanguage, type Language } from "../text/language.js";
import type { World } from "./world.js";

/** What `bench compare` and a run of two sides do alike with what was judged. */

/** Gates of a file come in the place of the scenario's own. null: no file was named. @throws BenchError `bad-gate` */
export async function gatesOf(
  file: string | undefined,
  names: readonly string[],
  world: World,
): Promise<Gate[] | null> {
  return file === undefined ? null : readGates(resolve(world.cwd, file), file, names);
}

/** What a gate may call a variant of two sides: each of them, or both by what they have in common. */
export function namesOfSides(names: readonly string[], sides: readonly string[] = SIDES): string[] {
  const ofBoth = names.flatMap((name) => {
    const variant = variantIn(name);
    const step = name.slice(variant.length);
    return sides
      .filter((side) => variant.endsWith(`-${side}`))
      .map((side) => variant.slice(0, -side.length - 1) + step);
  });
  return [...new Set([...names, ...ofBoth])];
}

/** Two sides that were measured in one run. @throws BenchError `not-comparable`, `bad-gate` */
export function judgeRun(result: RunResult, fileGates: readonly Gate[] | null): Comparison {
  return compareSides({ label: "run", result }, SIDES, { only: null, gates: fileGates ?? result.scenario.gates });
}

/** GitHub shows what is added to this file on the page of the run. */
export async function toJobSummary(
  comparisons: readonly Comparison[],
  language: Language,
  { env, cwd, stderr }: World,
): Promise<void> {
  const file = env.GITHUB_STEP_SUMMARY ?? "";
  if (file === "") return;
  try {
    const draw = (): string => renderComparisons(comparisons, "markdown", { width: 0, color: false });
    await appendText(resolve(cwd, file), inLanguage(language, draw));
  } catch (error) {
    // The verdict is told already, and is worth more than where it is told too.
    if (!(error instanceof BenchError)) throw error;
    stderr.write(`warning: ${error.message}\n`);
  }
}

export function exitCodeOfComparisons(comparisons: readonly Comparison[], strict: boolean): ExitCode {
  if (comparisons.some(({ verdict }) => verdict === "worse")) return EXIT.expectationFailed;
  return strict && comparisons.some(isUnclear) ? EXIT.unclear : EXIT.ok;
}
