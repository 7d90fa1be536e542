import { findScenarios } from "./find.js";
import { OWN_FOLDER } from "./folders.js";
import { readScenario, type LoadOptions } from "./read.js";
import type { Scenario } from "./types.js";

/** The scenarios that a user asked for, by name, folder or path, in that order. Throws a BenchError. */
export async function loadScenarios(
  asked: readonly string[],
  cwd: string,
  options: LoadOptions = {},
  own = OWN_FOLDER,
): Promise<Scenario[]> {
  const scenarios: Scenario[] = [];
  for (const one of asked) {
    for (const ref of await findScenarios(one, cwd, own)) scenarios.push(await readScenario(ref, options));
  }
  return scenarios;
}
