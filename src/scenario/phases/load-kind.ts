import { isNumericMetric, METRIC_NAMES, NAME_METRIC } from "../../metrics/names.js";
import { allLoadProblems } from "../parts/load-problems.js";
import { LoadFile } from "../parts/load-schema.js";
import type { LoadPlan } from "../parts/load-types.js";
import { type FieldMap, mergeMaps } from "../parts/maps.js";
import { loadPlan } from "../parts/plans.js";
import { field, variantName } from "../parts/rules.js";
import type { Path } from "../source/problem.js";
import { on } from "./host-kinds.js";
import { kind, type StepPlace } from "./kind.js";

/** A load among other steps. */
export const LOAD_KIND = {
  load: kind({
    does: "Makes a load: the one of the variant, with what `load` changes.",
    fields: {
      on,
      to: field(variantName(), "The host that serves. By default the proxy where there is one, else `server`."),
      load: field(LoadFile, "What is different in this load."),
    },
    figures: Object.fromEntries(
      [...METRIC_NAMES, NAME_METRIC].map((metric) => [metric, "as of a variant without steps"]),
    ),
    free: {
      has: isNumericMetric,
      help: "`errors.<name>`: failed requests by errno or kind; `statuses.<status>`: answers; `closeCauses.<name>`: why connections ended",
    },
    meant: (file, place) => ({
      on: file.on,
      to: file.to ?? place.around.front,
      load: stepLoad(file.load ?? {}, place),
    }),
  }),
};

function stepLoad(own: FieldMap, { path, around, report, add }: StepPlace): LoadPlan {
  const { variant, lab, autoClient, cwdOf } = around;
  const merged = mergeMaps(around.load, own);
  const plan = loadPlan(merged, autoClient, cwdOf);
  for (const problem of allLoadProblems(merged, plan, lab, variant)) {
    const inStep = problem.paths.map((below): Path => [...path, ...below]);
    add({ ...problem, paths: [...inStep, ...problem.paths] as [Path, ...Path[]] });
  }
  if ((plan.warmupMs ?? 0) > 0)
    report(["load", "warmup"], "a load among steps has no warm-up", "let a load go before it");
  return plan;
}
