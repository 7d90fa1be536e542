import { fieldsAt } from "./fields.js";
import { type MergedFile, mergeVariant } from "./merge.js";
import { goProblems, loadProblems, socketProblems, sysctlProblems } from "./parts/conflicts.js";
import { externalTarget } from "./parts/external.js";
import { labProblems } from "./parts/lab-conflicts.js";
import { frontHost, hostNames, labPlan } from "./parts/lab-plan.js";
import { paceProblems } from "./parts/pace.js";
import { loadPlan, samplePlan, serverPlan } from "./parts/plans.js";
import { schemaProblems } from "./parts/problems.js";
import { ServerFile } from "./parts/server-schema.js";
import { resolvePhases } from "./phases/resolve.js";
import type { ScenarioFile, VariantFile } from "./schema.js";
import { eitherPlace, type Problem } from "./source/problem.js";
import type { ClientKind, ServerPlan, Variant } from "./types.js";

export interface Resolution {
  /** In the order of the file; without those that have a problem. */
  variants: Variant[];
  problems: Problem[];
}

/** A scenario as written → as meant. Only the variants in `only` are resolved, unless it is null. Pure. */
export function resolveVariants(
  file: ScenarioFile,
  only: readonly string[] | null,
  autoClient: ClientKind,
): Resolution {
  const problems: Problem[] = [];
  const variants = Object.entries(file.variants)
    .filter(([name]) => only === null || only.includes(name))
    .map(([name, variant]) => resolveVariant({ file, name, own: variant, autoClient }, problems))
    .filter((variant) => variant !== null);
  return { variants, problems };
}

interface Unresolved {
  file: ScenarioFile;
  name: string;
  own: VariantFile;
  autoClient: ClientKind;
}

function resolveVariant({ file, name, own, autoClient }: Unresolved, problems: Problem[]): Variant | null {
  const merged = mergeVariant(file, own);
  const before = problems.length;
  const server = resolveServer(merged, name, problems);
  const load = loadPlan(merged.load, autoClient);
  const lab = labPlan(merged.lab, server, Object.keys(merged.phases).length > 0);
  problems.push(...loadProblems(load, name), ...socketProblems(merged.load, load, lab, name));
  problems.push(...goProblems(merged.load, load, name));
  problems.push(...paceProblems(merged.load, load, name));
  problems.push(...labProblems(merged.lab, lab, server?.kind ?? null, name));
  problems.push(...sysctlProblems(merged.lab, lab.topology, name));
  const around = { variant: name, load: merged.load, lab, autoClient, hosts: hostNames(lab), front: frontHost(lab) };
  const phases = resolvePhases(merged.phases, around, problems);
  if (server === null || problems.length > before) return null;
  return { name, lab, server, load, sample: samplePlan(merged.sample), phases };
}

/** Each field was checked where it stands; whether they make a server together can only be seen here. */
function resolveServer({ server }: MergedFile, variant: string, problems: Problem[]): ServerPlan | null {
  const checked = ServerFile.safeParse(server);
  if (!checked.success) {
    const found = schemaProblems(checked.error.issues, { server }, fieldsAt, ["server"]);
    for (const problem of found) {
      problems.push({ ...problem, paths: eitherPlace(variant, ...problem.paths, ["server", "kind"]) });
    }
    return null;
  }
  if (checked.data.kind !== "external") return serverPlan(checked.data, null);
  const target = externalTarget(checked.data.url);
  if (target.ok) return serverPlan(checked.data, target);
  const { ok: _ok, ...said } = target;
  problems.push({ paths: eitherPlace(variant, ["server", "url"]), at: "value", ...said });
  return null;
}
