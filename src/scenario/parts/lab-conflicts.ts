import { hostNames } from "./lab-plan.js";
import { type LabPlan, type LinkPlan, ROLES, type ServerPlan, type Topology } from "./lab-types.js";
import { directionsOf } from "./links.js";
import { type FieldMap, isMap } from "./maps.js";
import { eitherPlace, type Path, type Problem } from "../source/problem.js";
import { didYouMean, listing } from "../source/suggest.js";

/** Fields of `lab` that are right each by itself and cannot stand together. */

const ONLY_IN: Readonly<Record<string, Topology>> = { hosts: "hosts", clients: "nat", natPorts: "nat", proxy: "proxy" };

export function labProblems(merged: FieldMap, lab: LabPlan, server: ServerPlan | null, variant: string): Problem[] {
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
  for (const name of Object.keys(lab.hosts ?? {}))
    for (const [message, hint, ...paths] of programMistakes(name, merged, lab, server))
      report("key", paths, message, hint);
  if (lab.topology === "nat" && lab.addresses.client > 1)
    report(
      "value",
      [["lab", "addresses", "client"], topology],
      "behind a NAT each client has one address",
      "write `clients` for more of them",
    );
  if (server?.kind === "external")
    for (const [path, message] of externalMistakes(lab))
      report("value", [path], message, `leave \`${String(path[1])}\` out`);
  else problems.push(...linkProblems(merged, lab, variant));
  if (lab.family === "ipv6" && lab.topology === "nat")
    report("value", [["lab", "family"], topology], "the NAT is one of IPv4", "leave `family` out");
  if (lab.family === "ipv6" && lab.topology === "loopback" && Math.max(lab.addresses.client, lab.addresses.server) > 1)
    report("value", [["lab", "family"], topology], "over IPv6 loopback has one address alone", "leave `addresses` out");
  const names = hostNames(lab);
  for (const name of isMap(merged["sysctl"]) ? Object.keys(merged["sysctl"]) : [])
    if (!names.includes(name))
      report("key", [["lab", "sysctl", name]], `there is no host \`${name}\``, didYouMean(name, names));
  return problems;
}

/** What cannot be had of a server that already runs. */
function externalMistakes({ topology, family, addresses, links }: LabPlan): [Path, string][] {
  const isHere = "a server that already runs is on this machine's loopback";
  const hasItsOwn = "a server that already runs has the address that it has";
  const mistakes: [Path, string][] = [];
  if (topology !== "loopback" && topology !== "two-hosts") mistakes.push([["lab", "topology"], isHere]);
  if (links !== undefined) mistakes.push([["lab", "links"], `${isHere}, which has no cables`]);
  if (family !== undefined) mistakes.push([["lab", "family"], hasItsOwn]);
  for (const role of ROLES) if (addresses[role] > 1) mistakes.push([["lab", "addresses", role], hasItsOwn]);
  return mistakes;
}

/** Where hosts have a cable each, all to one switch, or to each other. */
export const CABLED: readonly Topology[] = ["two-hosts", "hosts", "proxy"];

function linkProblems(merged: FieldMap, lab: LabPlan, variant: string): Problem[] {
  const written = merged["links"];
  if (!isMap(written) || Object.keys(written).length === 0) return [];
  const problem = (below: Path, at: Problem["at"], message: string, hint: string): Problem => ({
    paths: eitherPlace(variant, ["lab", "links", ...below], ["lab", "topology"]),
    at,
    message,
    hint,
  });
  if (!CABLED.includes(lab.topology))
    return [
      problem(
        [],
        "key",
        `\`topology: ${lab.topology}\` has no cables that could do anything`,
        `write \`topology: ${CABLED[0]}\`, ${listing(CABLED.slice(1), "or")}`,
      ),
    ];
  const hosts = hostNames(lab);
  const unknown = Object.keys(written).flatMap((name) => {
    const directions = directionsOf(name, hosts);
    return Array.isArray(directions) ? [] : [problem([name], "key", directions.message, directions.hint)];
  });
  const wrong = (lab.links ?? []).flatMap((link) => {
    const name = [`${link.from}>${link.to}`, `${link.from}-${link.to}`, `${link.to}-${link.from}`].find((one) =>
      Object.hasOwn(written, one),
    );
    const lack = lackOf(link);
    return lack === null || name === undefined ? [] : [{ ...problem([name], "value", lack.message, lack.hint) }];
  });
  return [...unknown, ...wrong.filter(({ message }, at) => wrong.findIndex((one) => one.message === message) === at)];
}

/** What a link cannot do together; null where it can. */
export function lackOf({ delayMs, jitterMs, reorder }: LinkPlan): { message: string; hint: string } | null {
  if (jitterMs > delayMs)
    return {
      message: "a frame cannot arrive before it was sent: `jitter` is more than `delay`",
      hint: "write a longer `delay`",
    };
  if (reorder > 0 && delayMs === 0)
    return {
      message: "without a delay no frame can overtake another",
      hint: "write a `delay`, or leave `reorder` out",
    };
  return null;
}

type ProgramMistake = [message: string, hint: string, ...paths: [Path, ...Path[]]];

/** Of the programs of one host. */
function programMistakes(name: string, merged: FieldMap, lab: LabPlan, server: ServerPlan | null): ProgramMistake[] {
  const host = isMap(merged["hosts"]) ? merged["hosts"][name] : undefined;
  const place: Path = ["lab", "hosts", name];
  const isList = isMap(host) && Object.hasOwn(host, "programs");
  const beside = isList ? Object.keys(host).filter((field) => field !== "programs") : [];
  const mistakes = beside.map((field): ProgramMistake => [
    `\`${field}\` cannot stand beside \`programs\``,
    "write it for each program of the list",
    [...place, field],
  ]);
  const taken = new Set(name === "server" && server !== null ? [server.port] : []);
  for (const [at, { port }] of (lab.hosts?.[name]?.programs ?? []).entries()) {
    const program = isList ? [...place, "programs", at] : place;
    const message = `two programs of ${name} would listen on port ${port}`;
    if (taken.has(port))
      mistakes.push([message, "write another `port` for one of them", [...program, "port"], program]);
    taken.add(port);
  }
  return mistakes;
}
