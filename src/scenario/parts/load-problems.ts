import { goProblems, loadProblems, socketProblems } from "./conflicts.js";
import type { LabPlan } from "./lab-types.js";
import type { LoadPlan } from "./load-types.js";
import type { FieldMap } from "./maps.js";
import { paceProblems } from "./pace.js";
import { pauseProblems } from "./pauses.js";
import { programProblems } from "./program-problems.js";
import { requestProblems } from "./request.js";
import { tlsProblems } from "./tls.js";
import type { Problem } from "../source/problem.js";

/**
 * All that can only be seen with everything that was said about a load: of a variant, or of one of its steps.
 * @param written the load's fields
 */
export function allLoadProblems(written: FieldMap, load: LoadPlan, lab: LabPlan, variant: string): Problem[] {
  return [
    ...loadProblems(load, variant),
    ...socketProblems(written, load, lab, variant),
    ...goProblems(written, load, variant),
    ...programProblems(written, load, variant),
    ...paceProblems(written, load, variant),
    ...pauseProblems(load, written, variant),
    ...tlsProblems(load, variant),
    ...requestProblems(load, written, variant),
  ];
}
