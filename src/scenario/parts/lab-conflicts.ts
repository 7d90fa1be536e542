import { hostNames } from "./lab-plan.js";
import { type LabPlan, ROLES, type ServerPlan, type Topology } from "./lab-types.js";
import { type FieldMap, isMap } from "./maps.js";
import { eitherPlace, type Path, type Problem } from "../source/problem.js";
import { didYouMean, listing } from "../source/suggest.js";

/** Fields of `lab` that are right each by itself and cannot stand together. */

const ONLY_IN: Readonly<Record<string, Topology>> = { hosts: "hosts", clients: "nat", natPorts: "nat", proxy: "proxy" };

export function labProblems(
  merged: FieldMap,
  lab: LabPlan,
  server: ServerPlan["kind"] | null,
  variant: string,
): Problem[] {
  const problems: Problem[] = [];
  const report = (at: Problem["at"], paths: readonly [Path, ...Path[]], message: string, hint: string): void => {
    problems.push({ paths: eitherPlace(variant, ...paths), at, message, hint });
  };
  const topology: Path = ["lab", "topology"];
  for (const [field, only] of Object.entries(ONLY_IN))
    if (Object.hasOwn(merged, field) && lab.topology !== only)
      report(
        "key",
        [["lab", field], topology],
        `\`${field}\` is of \`topology: ${only}\` alone`,
        `write it, or leave \`${field}\` out`,
      );
  if (lab.topology === "hosts") {
    const missing = ROLES.filter((role) => lab.hosts?.[role] === undefined);
    const hint = "such as `hosts: { client: {}, server: {}, third: {} }`";
    if (missing.length > 0)
      report("key", [["lab", "hosts"], topology], `\`hosts\` has no ${listing(missing)}, who play the roles`, hint);
  }
  if (lab.topology === "nat" && lab.addresses.client > 1)
    report(
      "value",
      [["lab", "addresses", "client"], topology],
      "behind a NAT each client has one address",
      "write `clients` for more of them",
    );
  if (server === "external" && lab.topology !== "loopback" && lab.topology !== "two-hosts")
    report("value", [topology], "a server that already runs is on this machine's loopback", "leave `topology` out");
  const names = hostNames(lab);
  for (const name of isMap(merged["sysctl"]) ? Object.keys(merged["sysctl"]) : [])
    if (!names.includes(name))
      report("key", [["lab", "sysctl", name]], `there is no host \`${name}\``, didYouMean(name, names));
  return problems;
}
