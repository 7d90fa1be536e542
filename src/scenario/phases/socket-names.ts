import { eitherPlace, type Path, type Problem } from "../source/problem.js";
import { didYouMean } from "../source/suggest.js";
import { kindOf } from "./kinds.js";
import type { Phase } from "./types.js";

/** A socket by the host that its steps name and by its own name. */
interface Made {
  on: string;
  socket: string;
  /** Made by a connect with `watch: true`. */
  watched: boolean;
}

/**
 * Steps on sockets that no step before them has made. Steps of a `together` begin at the same time, and one may wait for
 * what another one makes.
 * @param places of the steps, by name
 */
export function socketProblems(
  phases: readonly Phase[],
  places: ReadonlyMap<string, Path>,
  variant: string,
): Problem[] {
  const problems: Problem[] = [];
  const take = (phase: Phase, known: readonly Made[]): readonly Made[] => {
    if ("phases" in phase) return block(phase, known);
    const { sockets = {} } = kindOf(phase.do);
    if (sockets.uses !== undefined) {
      const step = phase as Phase & { on: string; socket: string; of?: string };
      const name = sockets.uses === "of" ? step.of! : step.socket;
      const found = known.filter(({ on, socket }) => on === step.on && socket === name);
      const said = found.length === 0 ? missing(name, step.on, known) : null;
      const unwatched = phase.do === "segment" && found.length > 0 && !found.some(({ watched }) => watched);
      const problem = unwatched
        ? { message: `nothing was kept of what arrived for \`${name}\``, hint: "write `watch: true` at its connect" }
        : said;
      const path = [...places.get(phase.name)!, sockets.uses];
      if (problem !== null) problems.push({ paths: eitherPlace(variant, path), at: "value", ...problem });
    }
    return [...known, ...madeBy(phase)];
  };
  const block = (
    { do: kind, phases: steps }: Extract<Phase, { do: "together" | "in-turn" }>,
    known: readonly Made[],
  ): readonly Made[] => {
    if (kind === "in-turn") return steps.reduce<readonly Made[]>((before, step) => take(step, before), known);
    for (const step of steps) take(step, [...known, ...steps.filter((other) => other !== step).flatMap(madeBy)]);
    return [...known, ...steps.flatMap(madeBy)];
  };
  phases.reduce<readonly Made[]>((known, phase) => take(phase, known), []);
  return problems;
}

function madeBy(phase: Phase): Made[] {
  if ("phases" in phase) return phase.phases.flatMap(madeBy);
  if (kindOf(phase.do).sockets?.makes === undefined) return [];
  const { on, socket } = phase as Phase & { on: string; socket: string };
  return [{ on, socket, watched: phase.do === "connect" && phase.watch }];
}

function missing(name: string, host: string, known: readonly Made[]): { message: string; hint: string } {
  const elsewhere = known.find(({ on, socket }) => socket === name && on !== host);
  const here = [...new Set(known.filter(({ on }) => on === host).map(({ socket }) => socket))];
  const hint =
    elsewhere !== undefined
      ? `it is made on ${elsewhere.on}: write \`on: ${elsewhere.on}\``
      : here.length === 0
        ? "`listen`, `accept`, `bind` and `connect` make them"
        : didYouMean(name, here);
  return { message: `no step before this one makes a socket \`${name}\` on ${host}`, hint };
}
