import { METRICS } from "../../metrics/table.js";
import { type FieldMap, isMap } from "../parts/maps.js";
import { schemaProblems } from "../parts/problems.js";
import { eitherPlace, type Path, type Problem } from "../source/problem.js";
import { didYouMean } from "../source/suggest.js";
import type { Surroundings } from "./kind.js";
import { fieldsOf, isStepKind, kindOf, type StepKind } from "./kinds.js";
import { inPlace } from "./order.js";
import { portProblems } from "./port-names.js";
import { socketProblems } from "./socket-names.js";
import type { Phase, Step } from "./types.js";
import { z } from "zod/mini";

interface Context {
  around: Surroundings;
  problems: Problem[];
  names: Set<string>;
}

/** Steps as written → as meant, in order; a step that is null in a variant is left out. Adds to `problems`. */
export function resolvePhases(written: FieldMap, around: Surroundings, problems: Problem[]): Phase[] {
  const before = problems.length;
  const places = new Map<string, Path>();
  const phases = resolveBlock(written, ["phases"], { around, problems, names: new Set() }, places);
  // Where a step is missing, so are the sockets that it would have made.
  if (problems.length === before)
    problems.push(...socketProblems(phases, places, around.variant), ...portProblems(phases, places, around.variant));
  return phases;
}

function resolveBlock(written: FieldMap, place: Path, context: Context, places: Map<string, Path>): Phase[] {
  const report = reporter(context);
  return inPlace(written, (name, field, message, hint) => report([...place, name, field], message, hint)).flatMap(
    ([name, step]) => {
      if (!isMap(step)) return [];
      const path = [...place, name];
      if (context.names.has(name)) {
        report(path, `there are two steps called \`${name}\``, "their figures would go by the same name");
        return [];
      }
      context.names.add(name);
      places.set(name, path);
      if (METRIC_GROUPS.has(name))
        report(path, `a step cannot be called \`${name}\``, "figures of the whole trial go by that name");
      const meant = resolveStep(step, path, context, places);
      return meant === null ? [] : [{ name, ...meant }];
    },
  );
}

const METRIC_GROUPS: ReadonlySet<string> = new Set(Object.keys(METRICS));

function resolveStep(
  { do: kind, before: _before, after: _after, ...fields }: FieldMap,
  path: Path,
  context: Context,
  places: Map<string, Path>,
): Step | null {
  const report = reporter(context);
  if (!isStepKind(kind)) {
    report([...path, "do"], `the step \`${path.at(-1)}\` does not say what it does`, "`do: read`, `do: connect`, …");
    return null;
  }
  for (const field of ["on", "to"] as const) checkHost(fields[field], [...path, field], kind, context);
  const checked = z.strictObject(kindOf(kind).fields).safeParse(fields);
  if (!checked.success) {
    const data = path.reduceRight<unknown>((value, step) => ({ [step]: value }), fields);
    for (const problem of schemaProblems(checked.error.issues, data, () => fieldsOf(kind), path))
      context.problems.push({ ...problem, paths: eitherPlace(context.around.variant, ...problem.paths) });
    return null;
  }
  const meant = kindOf(kind).meant(checked.data, {
    path,
    around: context.around,
    report: (below, message, hint) => report([...path, ...below], message, hint),
    add: (problem) => context.problems.push(problem),
    block: (inner) => resolveBlock(inner, [...path, "phases"], context, places),
  });
  return meant === null ? null : ({ do: kind, ...meant } as Step);
}

function checkHost(name: unknown, path: Path, kind: StepKind, context: Context): void {
  const { hosts } = context.around;
  if (typeof name !== "string" || hosts.includes(name)) return;
  if (path.at(-1) === "to" && kindOf(kind).toElsewhere?.includes(name)) return;
  reporter(context)(path, `the lab has no host \`${name}\``, didYouMean(name, hosts));
}

type Report = (path: Path, message: string, hint: string) => void;

function reporter({ around, problems }: Context): Report {
  return (path, message, hint) =>
    problems.push({ paths: eitherPlace(around.variant, path), at: "value", message, hint });
}
