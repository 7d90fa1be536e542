import type { Overridden } from "./overrides.js";
import type { FaultText, Mistake, OptionFault } from "./source/faults.js";
import { offsetWithin, type Spot } from "./source/locate.js";
import type { Path, Problem } from "./source/problem.js";
import type { YamlText } from "./source/yaml.js";

/** All that a scenario's data came from. */
export interface Origins {
  text: string;
  yaml: YamlText;
  overridden: Overridden;
  locate(path: Path): Spot;
}

/**
 * Where to show a problem: the option that set one of its fields, or where the first of them stands in the file. null
 * when the file's syntax is broken there, so that the problem may only follow from that.
 */
export function place(problem: Problem, { text, yaml, overridden, locate }: Origins): OptionFault | Mistake | null {
  const { paths, at, offset, ...said } = problem;
  const option = firstOf(paths, overridden.ownerOf);
  if (option !== null) return { option, ...said };

  const spots = paths.map(locate);
  const exact = spots.find((spot, index) => spot.depth === paths[index]?.length);
  if (exact !== undefined) {
    const span = at === "value" ? (exact.value ?? exact.key) : (exact.key ?? exact.value);
    const isEmpty = at === "value" && exact.value === null;
    if (span === null || !yaml.trusts(span) || (isEmpty && !yaml.trustsField(span.from))) return null;
    const from = offset === undefined ? span.from : offsetWithin(exact.node, text, offset);
    return { offset: from, ...said };
  }
  const beside = firstOf(paths, overridden.ownerBeside);
  if (beside !== null) return { option: beside, ...said };
  // Where least of it is missing: a variant out of a matrix stands nowhere.
  const missing = spots.map(({ depth }, index) => paths[index]!.length - depth);
  return atHolder(spots[missing.indexOf(Math.min(...missing))]!, yaml, said);
}

/** A field that is nowhere is missed where it should be: at the name of the map, or at the top. */
function atHolder(spot: Spot, yaml: YamlText, said: FaultText): Mistake | null {
  const from = (spot.key ?? spot.value)?.from ?? 0;
  return yaml.trustsField(spot.depth === 0 ? undefined : from) ? { offset: from, ...said } : null;
}

function firstOf(paths: readonly Path[], find: (path: Path) => string | null): string | null {
  for (const path of paths) {
    const option = find(path);
    if (option !== null) return option;
  }
  return null;
}
