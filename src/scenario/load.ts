import { BenchError } from "../errors.js";
import { findScenarios } from "./find.js";
import { OWN_FOLDER, type ScenarioRef } from "./folders.js";
import { type LoadOptions, readScenario, readScenarioFile } from "./read.js";
import { ScenarioError } from "./source/faults.js";
import type { Scenario } from "./types.js";

/**
 * The scenarios that a user asked for, by name, folder or path, in that order. Of several files every mistake is told.
 * @throws BenchError
 */
export function loadScenarios(
  asked: readonly string[],
  cwd: string,
  options: LoadOptions = {},
  own = OWN_FOLDER,
): Promise<Scenario[]> {
  return loadEach(asked, cwd, own, (ref) => readScenario(ref, { cwd, ...options }));
}

/** The same as files that can be run. @throws BenchError */
export function loadScenarioFiles(asked: readonly string[], cwd: string, options: LoadOptions = {}): Promise<string[]> {
  return loadEach(asked, cwd, OWN_FOLDER, (ref) => readScenarioFile(ref, { cwd, ...options }));
}

async function loadEach<Loaded>(
  asked: readonly string[],
  cwd: string,
  own: string,
  read: (ref: ScenarioRef) => Promise<Loaded>,
): Promise<Loaded[]> {
  const scenarios: Loaded[] = [];
  const mistaken: ScenarioError[] = [];
  for (const one of asked) {
    for (const ref of await findScenarios(one, cwd, own)) {
      try {
        scenarios.push(await read(ref));
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
