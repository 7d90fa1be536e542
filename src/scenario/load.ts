import { BenchError } from "../errors.js";
import { findScenarios } from "./find.js";
import { OWN_FOLDER } from "./folders.js";
import { type LoadOptions, readScenario } from "./read.js";
import { ScenarioError } from "./source/faults.js";
import type { Scenario } from "./types.js";

/**
 * The scenarios that a user asked for, by name, folder or path, in that order. Of several files every mistake is told.
 * @throws BenchError
 */
export async function loadScenarios(
  asked: readonly string[],
  cwd: string,
  options: LoadOptions = {},
  own = OWN_FOLDER,
): Promise<(Scenario & { file: string })[]> {
  const scenarios: (Scenario & { file: string })[] = [];
  const mistaken: ScenarioError[] = [];
  for (const one of asked) {
    for (const ref of await findScenarios(one, cwd, own)) {
      try {
        scenarios.push(await readScenario(ref, { cwd, ...options }));
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        mistaken.push(error);
      }
    }
  }
  const [first, ...others] = mistaken;
  if (first === undefined) return scenarios;
  if (others.length === 0) throw first;
  throw new BenchError(first.code, mistaken.map(({ message }) => message).join("\n"), first.hint);
}
