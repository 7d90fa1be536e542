import { eitherPlace, type Path, type Problem } from "../source/problem.js";
import { didYouMean } from "../source/suggest.js";
import { isFigureOf } from "./figures.js";
import { allPhases, type Phase } from "./types.js";

/**
 * Ports by the name of a step that is not there, stands behind, or has none.
 * @param places of the steps, by name
 */
export function portProblems(phases: readonly Phase[], places: ReadonlyMap<string, Path>, variant: string): Problem[] {
  const problems: Problem[] = [];
  const before: Phase[] = [];
  for (const phase of allPhases(phases)) {
    for (const field of ["port", "from"] as const) {
      const written = field in phase ? (phase as Record<string, unknown>)[field] : null;
      if (typeof written !== "string") continue;
      const name = written.split(".", 1)[0]!;
      const known = before.filter((step) => isFigureOf(step.do, "localPort")).map((step) => step.name);
      if (known.includes(name)) continue;
      const hint = known.length === 0 ? "`listen`, `bind` and `connect` have one" : didYouMean(name, known);
      const message = `no step \`${name}\` before this one has a local port`;
      problems.push({ paths: eitherPlace(variant, [...places.get(phase.name)!, field]), at: "value", message, hint });
    }
    before.push(phase);
  }
  return problems;
}
