import { namesForGates } from "./loads.js";
import { claimProblems } from "./claim/parse.js";
import { type IsFigure, parseExpectation } from "./expect/expectation.js";
import { parseNoFinding } from "./expect/no-finding.js";
import { parseGate } from "./expect/gate.js";
import { fieldsAt } from "./fields.js";
import { type FieldMap, isMap } from "./parts/maps.js";
import { schemaProblems } from "./parts/problems.js";
import { ServerKind, ServerOverride } from "./parts/server-schema.js";
import { figuresOf, isFigureOf } from "./phases/figures.js";
import { allPhases } from "./phases/types.js";
import { type Around, type Resolution, resolveVariants } from "./resolve.js";
import { ScenarioFile, VariantFile, VariantName } from "./schema.js";
import { type Path, type Problem, valueAt } from "./source/problem.js";
import type { Expectation, Gate, Variant } from "./types.js";
import type { z } from "zod/mini";

export interface Checked extends Resolution {
  /** As the schema takes it; null when it does not. */
  file: ScenarioFile | null;
  isFigure: IsFigure;
  expect: Expectation[];
  gates: Gate[];
}

/**
 * Everything that can be said about a scenario's data at once. After a mistake the rest is still checked as far as it
 * goes: the wrong fields are left out, and nothing is said that only follows from their absence.
 */
export function check(data: FieldMap, variants: readonly string[] | null, around: Around): Checked {
  const parsed = ScenarioFile.safeParse(data);
  const problems = parsed.success
    ? []
    : [...schemaProblems(parsed.error.issues, data, fieldsAt), ...behindOthers(data)];
  const wrong = problems.flatMap(({ paths }) => paths);
  const file = parsed.success ? parsed.data : salvage(data, wrong);
  const resolved = file === null ? { variants: [], problems: [] } : resolveVariants(file, around);
  const wrongPlaces = new Set(wrong.map(asKey));
  const own = resolved.problems.filter(({ paths }) => !paths.some((path) => isWithinAny(path, wrongPlaces)));
  const isFigure = figuresIn(resolved.variants, data);
  const expectations = checkExpectations(data["expect"], variants, isFigure);
  const gates = checkGates(
    data["gates"],
    variants === null ? null : [...new Set([...variants, ...namesForGates(resolved.variants)])],
  );
  const claims = claimProblems(data["claim"], { variants, isFigure });
  return {
    file: parsed.success ? parsed.data : null,
    variants: resolved.variants,
    isFigure,
    expect: expectations.expect,
    gates: gates.gates,
    problems: [...problems, ...own, ...expectations.problems, ...gates.problems, ...claims],
  };
}

/** Of a server of unknown kind, or a variant with a bad name, the schema says only that; more can be wrong in it. */
function behindOthers(data: FieldMap): Problem[] {
  const { server, variants } = data;
  const rests: [z.ZodMiniType, Path][] = [];
  if (isMap(server) && !ServerKind.safeParse(server["kind"]).success) rests.push([ServerOverride, ["server"]]);
  for (const name of isMap(variants) ? Object.keys(variants) : []) {
    if (!VariantName.safeParse(name).success) rests.push([VariantFile, ["variants", name]]);
  }
  return rests.flatMap(([schema, path]) => {
    const parsed = schema.safeParse(valueAt(data, path));
    return parsed.success ? [] : schemaProblems(parsed.error.issues, data, fieldsAt, path);
  });
}

/** Whether a path names a figure of one of a variant's steps. Of a variant that was not resolved any figure will do. */
export function figuresIn(resolved: readonly Variant[], data: FieldMap): IsFigure {
  const byName = new Map(resolved.map(({ name, phases }) => [name, allPhases(phases)]));
  return (variant, path) => {
    const phases = byName.get(variant);
    const dot = path.indexOf(".");
    const name = path.slice(0, dot);
    if (phases === undefined) {
      const written = [data["phases"], valueAt(data, ["variants", variant, "phases"])];
      return written.some((block) => stepNames(block).includes(name)) ? true : null;
    }
    const step = phases.find((phase) => phase.name === name);
    if (step === undefined) return null;
    return isFigureOf(step.do, path.slice(dot + 1)) || figuresOf(step.do);
  };
}

function stepNames(phases: unknown): string[] {
  if (!isMap(phases)) return [];
  return Object.entries(phases).flatMap(([name, step]) => [name].concat(isMap(step) ? stepNames(step["phases"]) : []));
}

function checkExpectations(list: unknown, variants: readonly string[] | null, isFigure: IsFigure) {
  const expect: Expectation[] = [];
  const problems: Problem[] = [];
  for (const [index, text] of (Array.isArray(list) ? list : []).entries()) {
    if (typeof text !== "string") continue;
    const none = parseNoFinding(text, variants);
    if (none?.ok === true) expect.push(...none.expectations);
    if (none?.ok === false) problems.push({ paths: [["expect", index]], at: "value", ...none.fault });
    if (none !== null) continue;
    const parsed = parseExpectation(text, variants, isFigure);
    if (parsed.ok) expect.push(parsed.expectation);
    else for (const fault of parsed.faults) problems.push({ paths: [["expect", index]], at: "value", ...fault });
  }
  return { expect, problems };
}

function checkGates(list: unknown, variants: readonly string[] | null) {
  const gates: Gate[] = [];
  const problems: Problem[] = [];
  for (const [index, text] of (Array.isArray(list) ? list : []).entries()) {
    if (typeof text !== "string") continue;
    const parsed = parseGate(text, variants);
    if (parsed.ok) gates.push(parsed.gate);
    else for (const fault of parsed.faults) problems.push({ paths: [["gates", index]], at: "value", ...fault });
  }
  return { gates, problems };
}

/** How often leaving out what is wrong may uncover something that is now missing. */
const MOST_ROUNDS = 5;

/** What is left of a file without its wrong fields; null when that is no scenario any more. */
function salvage(data: FieldMap, wrong: readonly Path[]): ScenarioFile | null {
  const rest: FieldMap = structuredClone(data);
  let paths = wrong;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    for (const path of paths) leaveOut(rest, path);
    const parsed = ScenarioFile.safeParse(rest);
    if (parsed.success) return parsed.data;
    paths = schemaProblems(parsed.error.issues, rest, fieldsAt).flatMap((problem) => problem.paths);
  }
  return null;
}

/** A field that is already missing takes the map with it that needs it; a wrong variant keeps its name. */
function leaveOut(data: FieldMap, path: Path): void {
  const holder = valueAt(data, path.slice(0, -1));
  const name = path.at(-1);
  if (name === undefined) return;
  if (Array.isArray(holder)) {
    holder[Number(name)] = "";
  } else if (isMap(holder)) {
    if (path[0] === "variants" && path.length === 2 && holder[name] !== null) holder[name] = null;
    else if (Object.hasOwn(holder, name)) delete holder[name];
    else leaveOut(data, path.slice(0, -1));
  }
}

function isWithinAny(path: Path, places: ReadonlySet<string>): boolean {
  return path.some((_step, index) => places.has(asKey(path.slice(0, index + 1))));
}

function asKey(path: Path): string {
  return path.join("\0");
}
