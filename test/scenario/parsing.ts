import { type Fault, ScenarioError } from "../../src/scenario/source/faults.js";
import { parseScenario, type ParseOptions } from "../../src/scenario/parse.js";
import type { Scenario } from "../../src/scenario/types.js";

export function parse(text: string, options: Partial<ParseOptions> = {}): Scenario {
  return parseScenario(text, { name: "x", file: "x.yaml", ...options });
}

/** What is wrong with a scenario; throws when nothing is. */
export function errorOf(text: string, options: Partial<ParseOptions> = {}): ScenarioError {
  try {
    parse(text, options);
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  throw new Error("nothing is wrong with it");
}

/** `line:col` of each fault, or its option. */
export function places(faults: readonly Fault[]): string[] {
  return faults.map((fault) => ("option" in fault ? fault.option : `${fault.line}:${fault.col}`));
}

/** A scenario that is right, with some lines of one's own. */
export function withLines(...lines: string[]): string {
  return ["title: t", "variants: { a: {} }", ...lines, ""].join("\n");
}
