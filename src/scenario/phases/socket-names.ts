import { eitherPlace, type Path, type Problem } from "../source/problem.js";
import { didYouMean } from "../source/suggest.js";
import { kindOf } from "./kinds.js";
import type { Phase } from "./types.js";

/** A socket by the host that its steps name and by its own name. */
interface Made {
  on: string;
  socket: string;
  /** What arrives for it is kept. */
  watched: boolean;
  /** Segments alone make it, so that there is no socket. */
  ghost: boolean;
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
      const isSegment = phase.do === "segment" || phase.do === "hear";
      const unwatched = isSegment && found.length > 0 && !found.some(({ watched }) => watched);
      const noSocket = !isSegment && found.length > 0 && found.every(({ ghost }) => ghost);
      const problem = unwatched
        ? { message: `nothing was kept of what arrived for \`${name}\``, hint: UNWATCHED }
        : noSocket
          ? { message: `\`${name}\` is a peer without a socket`, hint: "`segment` speaks for it, `hear` listens" }
          : said;
      const path = [...places.get(phase.name)!, sockets.uses];
      if (problem !== null) problems.push({ paths: eitherPlace(variant, path), at: "value", ...problem });
    }
    return [...known, ...madeBy(phase, known)];
  };
  const block = (
    { do: kind, phases: steps }: Extract<Phase, { do: "together" | "in-turn" }>,
    known: readonly Made[],
  ): readonly Made[] => {
    if (kind === "in-turn") return steps.reduce<readonly Made[]>((before, step) => take(step, before), known);
    const madeBeside = (step: Phase): Made[] => madeBy(step, known);
    for (const step of steps) take(step, [...known, ...steps.filter((other) => other !== step).flatMap(madeBeside)]);
    return [...known, ...steps.flatMap(madeBeside)];
  };
  phases.reduce<readonly Made[]>((known, phase) => take(phase, known), []);
  return problems;
}

const UNWATCHED = "write `watch: true` at its connect, or at the listen that it was accepted from";

function madeBy(phase: Phase, known: readonly Made[]): Made[] {
  if ("phases" in phase) return phase.phases.flatMap((step) => madeBy(step, known));
  if (kindOf(phase.do).sockets?.makes === undefined) return [];
  const { on, socket } = phase as Phase & { on: string; socket: string };
  return [{ on, socket, watched: isWatched(phase, known), ghost: phase.do === "peer" }];
}

function isWatched(phase: Phase, known: readonly Made[]): boolean {
  if (phase.do === "peer") return true;
  if (phase.do === "connect" || phase.do === "listen") return phase.watch;
  if (phase.do !== "accept") return false;
  return known.some(({ on, socket, watched }) => on === phase.on && socket === phase.of && watched);
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
