import { fieldsAt } from "./fields.js";
import { type MergedFile, mergeVariant } from "./merge.js";
import type { CwdOf } from "./parts/command-line.js";
import { sysctlProblems } from "./parts/conflicts.js";
import { DEFAULTS } from "./parts/defaults.js";
import { externalTarget } from "./parts/external.js";
import { labProblems } from "./parts/lab-conflicts.js";
import { frontHost, hostNames, labPlan } from "./parts/lab-plan.js";
import { allLoadProblems } from "./parts/load-problems.js";
import { loadPlan, samplePlan, serverPlan } from "./parts/plans.js";
import { schemaProblems } from "./parts/problems.js";
import { tlsServerProblems } from "./parts/tls.js";
import { loadsOf } from "./loads.js";
import { ServerFile } from "./parts/server-schema.js";
import { resolvePhases } from "./phases/resolve.js";
import { allPhases, type Phase } from "./phases/types.js";
import type { ScenarioFile, VariantFile } from "./schema.js";
import { eitherPlace, type Problem } from "./source/problem.js";
import type { ClientKind, LabPlan, ServerPlan, Variant } from "./types.js";

export interface Resolution {
  /** In the order of the file; without those that have a problem. */
  variants: Variant[];
  problems: Problem[];
}

/** What a scenario is resolved with. */
export interface Around {
  /** Only these variants are resolved; null: all. */
  only: readonly string[] | null;
  /** What `client: auto` stands for on this machine. */
  autoClient: ClientKind;
  cwdOf: CwdOf;
}

/** A scenario as written → as meant. Pure. */
export function resolveVariants(file: ScenarioFile, { only, ...around }: Around): Resolution {
  const problems: Problem[] = [];
  const variants = Object.entries(file.variants ?? {})
    .filter(([name]) => only === null || only.includes(name))
    .map(([name, variant]) => resolveVariant({ ...around, file, name, own: variant }, problems))
    .filter((variant) => variant !== null);
  return { variants, problems };
}

interface Unresolved extends Omit<Around, "only"> {
  file: ScenarioFile;
  name: string;
  own: VariantFile;
}

function resolveVariant({ file, name, own, autoClient, ...paths }: Unresolved, problems: Problem[]): Variant | null {
  // What a variant says of a command stands in the variant, or above.
  const cwdOf: CwdOf = (place, cwd, field) => paths.cwdOf(["variants", name, ...place], cwd, field);
  const merged = mergeVariant(file, own);
  const before = problems.length;
  const server = resolveServer(merged, name, cwdOf, problems);
  const load = loadPlan(merged.load, autoClient, cwdOf);
  const lab = labPlan(merged.lab, server, Object.keys(merged.phases).length > 0, cwdOf);
  problems.push(...allLoadProblems(merged.load, load, lab, name));
  problems.push(...labProblems(merged.lab, lab, server, name));
  problems.push(...sysctlProblems(merged.lab, lab.topology, name));
  const hosts = { hosts: hostNames(lab), front: frontHost(lab) };
  const around = { variant: name, load: merged.load, lab, autoClient, ...hosts, cwdOf };
  const phases = resolvePhases(merged.phases, around, problems);
  if (server === null || problems.length > before) return null;
  const sampled = samplePlan(merged.sample);
  const variant: Variant = { name, lab: withCables(lab, phases), server, load, sample: sampled, phases };
  const secure = tlsServerProblems(loadsOf(variant), server, lab.topology, name);
  problems.push(...secure);
  return secure.length > 0 ? null : variant;
}

/** Cables that a step changes have to be such as can be changed. */
function withCables(lab: LabPlan, phases: readonly Phase[]): LabPlan {
  const changes = allPhases(phases).some((step) => step.do === "link" && step.changes.length > 0);
  return changes && lab.links === undefined ? { ...lab, links: [], linksBy: lab.linksBy ?? DEFAULTS.lab.linksBy } : lab;
}

/** Each field was checked where it stands; whether they make a server together can only be seen here. */
function resolveServer({ server }: MergedFile, variant: string, cwdOf: CwdOf, problems: Problem[]): ServerPlan | null {
  const checked = ServerFile.safeParse(server);
  if (!checked.success) {
    const found = schemaProblems(checked.error.issues, { server }, fieldsAt, ["server"]);
    for (const problem of found) {
      problems.push({ ...problem, paths: eitherPlace(variant, ...problem.paths, ["server", "kind"]) });
    }
    return null;
  }
  if (checked.data.kind !== "external") return serverPlan(checked.data, null, cwdOf);
  const target = externalTarget(checked.data.url);
  if (target.ok) return serverPlan(checked.data, target, cwdOf);
  const { ok: _ok, ...said } = target;
  problems.push({ paths: eitherPlace(variant, ["server", "url"]), at: "value", ...said });
  return null;
}
