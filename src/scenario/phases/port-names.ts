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
  const take = (phase: Phase, known: readonly string[]): void => {
    for (const field of ["port", "from"] as const) {
      const written = field in phase ? (phase as Record<string, unknown>)[field] : null;
      if (typeof written !== "string") continue;
      const name = written.split(".", 1)[0]!;
      if (known.includes(name)) continue;
      const hint = known.length === 0 ? "`listen`, `bind` and `connect` have one" : didYouMean(name, known);
      const message = `no step \`${name}\` before this one has a local port`;
      problems.push({ paths: eitherPlace(variant, [...places.get(phase.name)!, field]), at: "value", message, hint });
    }
    if (!("phases" in phase)) return;
    // Steps of a `together` begin at the same time: none of them is before another.
    if (phase.do === "together") for (const step of phase.phases) take(step, known);
    else inTurn(phase.phases, known);
  };
  const inTurn = (steps: readonly Phase[], before: readonly string[]): void => {
    for (const [at, step] of steps.entries()) take(step, [...before, ...named(steps.slice(0, at))]);
  };
  inTurn(phases, []);
  return problems;
}

/** Those of them that have a local port, by name. */
function named(phases: readonly Phase[]): string[] {
  return allPhases(phases).flatMap(({ do: kind, name }) => (isFigureOf(kind, "localPort") ? [name] : []));
}
