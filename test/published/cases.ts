import { readdirSync, readFileSync } from "node:fs";
import { parse } from "../scenario/parsing.js";

/** Test cases that others have published, restated as scenarios of this folder. */
export interface Published {
  /** What the names of its steps begin with. */
  name: string;
  /** The scenario that holds it, without `.yaml`. */
  file: string;
  /** Repository and path, and what it is called there. */
  source: string;
  /** What the source asserts, in our words. */
  asserts: string;
  expectations: number;
}

const FOLDER = new URL("./", import.meta.url);
/** `- name (repository path test): what it asserts` */
const CASE = /^- (?<name>[a-z0-9-]+) \((?<source>[\w-]+\/[\w-]+ [^)]+(?:\([^)]*\))?)\): (?<asserts>.+)$/u;

export const FILES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.replace(/\.yaml$/u, ""));

/** Each case stands as a line in the explanation of its file, which people read as well. */
export function casesOf(file: string): Published[] {
  const { explanation, expect } = parse(readFileSync(new URL(`${file}.yaml`, FOLDER), "utf8"));
  const found = explanation.split("\n").flatMap((line) => {
    const groups = CASE.exec(line)?.groups;
    return groups === undefined ? [] : [groups];
  });
  const names = found.map(({ name }) => name!);
  /** The longest name that the step begins with: `fast-early-reset` is another case than `fast`. */
  const caseOf = (step: string): string | undefined =>
    names.filter((name) => step === name || step.startsWith(`${name}-`)).toSorted((a, b) => b.length - a.length)[0];
  const steps = expect.map(({ metric }) => metric.split(".")[0]!);
  return found.map(({ name, source, asserts }) => ({
    name: name!,
    file,
    source: source!,
    asserts: asserts!,
    expectations: steps.filter((step) => caseOf(step) === name).length,
  }));
}

/** A list, for README.md: of the sources and what they assert a table would be too wide. */
export function casesAsMarkdown(cases: readonly Published[]): string {
  return cases
    .map(({ name, file, source, asserts }) => `- \`${name}\` of ${file}: ${asserts}.\n  _Source_: ${source}.\n`)
    .join("");
}
