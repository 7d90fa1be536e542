import { commandLine, type CwdOf } from "./command-line.js";
import { DEFAULTS } from "./defaults.js";
import { milliseconds } from "./duration.js";
import { LabFile } from "./lab-schema.js";
import {
  type HostPlan,
  type HostProgram,
  type HostSysctls,
  type LabPlan,
  type NatPlan,
  type ProxyPlan,
  type ReadyPlan,
  ROLES,
  type ServerPlan,
  type Sysctls,
  type Topology,
} from "./lab-types.js";
import { linkPlans } from "./links.js";
import type { FieldMap } from "./maps.js";
import { parseMemory, parsePortRange } from "./rules.js";
import type { Path } from "../source/problem.js";

/** `lab` as written → as meant. @param inSteps whether sockets are opened and closed step by step in it */
export function labPlan(
  merged: FieldMap,
  server: Pick<ServerPlan, "kind" | "port"> | null,
  inSteps: boolean,
  cwdOf: CwdOf,
): LabPlan {
  const file = LabFile.parse(merged);
  const topology = file.topology ?? (server?.kind === "external" ? "loopback" : DEFAULTS.lab.topology);
  const port = server?.port ?? DEFAULTS.server.port;
  const plan = {
    topology,
    ...(file.family === "ipv6" ? { family: file.family } : {}),
    addresses: {
      client: file.addresses?.client ?? DEFAULTS.lab.addresses,
      server: file.addresses?.server ?? DEFAULTS.lab.addresses,
    },
    memoryBytes: file.memory === undefined ? null : parseMemory(file.memory),
    ...(topology === "hosts" ? { hosts: hostPlans(file.hosts, cwdOf) } : {}),
    ...(topology === "nat" ? { nat: natPlan(file) } : {}),
    ...(topology === "proxy" ? { proxy: proxyPlan(file.proxy, port) } : {}),
  };
  const names = hostNames(plan);
  const links = linkPlans(file.links ?? {}, names);
  return {
    ...plan,
    sysctl: sysctlsOf(file.sysctl, topology, names, inSteps),
    ...(links.length > 0 ? { links } : {}),
    ...(links.length > 0 || file.linksBy !== undefined ? { linksBy: file.linksBy ?? DEFAULTS.lab.linksBy } : {}),
  };
}

/** The hosts that steps and sysctls speak of; on loopback both names mean the same one. */
export function hostNames({ topology, hosts, nat }: Pick<LabPlan, "topology" | "hosts" | "nat">): string[] {
  switch (topology) {
    case "loopback":
    case "two-hosts":
      return [...ROLES];
    case "hosts":
      return [...new Set([...ROLES, ...Object.keys(hosts ?? {})])];
    case "nat":
      return [...(nat?.clients ?? []), "nat", "server"];
    case "proxy":
      return ["client", "proxy", "server"];
  }
}

/** Whom a load goes to that does not say otherwise. */
export function frontHost({ topology }: Pick<LabPlan, "topology">): string {
  return topology === "proxy" ? "proxy" : "server";
}

function sysctlsOf(
  written: LabFile["sysctl"],
  topology: Topology,
  names: readonly string[],
  inSteps: boolean,
): HostSysctls {
  const own = (name: string): Sysctls => asText(written?.[name]);
  // On loopback one host plays both roles, so that both lists have to say the same.
  const shared = topology === "loopback" ? { ...own("client"), ...own("server") } : {};
  const of = (name: string): Sysctls => ({
    ...DEFAULTS.lab.sysctl,
    ...(inSteps ? DEFAULTS.lab.sysctlOfSteps : {}),
    ...shared,
    ...(topology === "nat" && name.startsWith("client") ? own("client") : {}),
    ...own(name),
    ...(topology === "loopback" ? own("server") : {}),
  });
  const others = names.filter((name) => name !== "client" && name !== "server");
  return { client: of("client"), server: of("server"), ...Object.fromEntries(others.map((name) => [name, of(name)])) };
}

function hostPlans(hosts: LabFile["hosts"] = {}, cwdOf: CwdOf): Record<string, HostPlan> {
  const plans: Record<string, HostPlan> = {};
  for (const [name, host] of Object.entries(hosts)) {
    const { command, programs, ...around } = host ?? {};
    const place = ["lab", "hosts", name];
    const single = command === undefined ? [] : [programOf({ command, ...around }, place, cwdOf)];
    const listed = programs?.map((program, at) => programOf(program, [...place, "programs", at], cwdOf));
    plans[name] = { programs: listed ?? single };
  }
  return plans;
}

type HostFile = NonNullable<NonNullable<LabFile["hosts"]>[string]>;

function programOf(file: NonNullable<HostFile["programs"]>[number], place: Path, cwdOf: CwdOf): HostProgram {
  const { port, ready, readyTimeout, starts, user, ...line } = file;
  return {
    ...commandLine(line, place, cwdOf),
    ...(user === undefined ? {} : { user }),
    port: port ?? DEFAULTS.server.port,
    ready: readyPlan(ready ?? DEFAULTS.server.ready),
    readyTimeoutMs: milliseconds(readyTimeout ?? DEFAULTS.server.readyTimeout),
    starts: starts ?? DEFAULTS.lab.starts,
  };
}

function natPlan({ clients = DEFAULTS.lab.clients, natPorts = DEFAULTS.lab.natPorts }: LabFile): NatPlan {
  return {
    clients: Array.from({ length: clients }, (_, at) => (at === 0 ? "client" : `client-${at + 1}`)),
    ports: natPorts === null ? null : parsePortRange(natPorts),
  };
}

function proxyPlan(file: LabFile["proxy"], port: number): ProxyPlan {
  const defaults = DEFAULTS.lab.proxy;
  return {
    kind: file?.kind ?? defaults.kind,
    upstream: file?.upstream ?? defaults.upstream,
    connections: file?.connections ?? defaults.connections,
    port,
    readyTimeoutMs: milliseconds(DEFAULTS.server.readyTimeout),
  };
}

export function readyPlan(ready: LabReady): ReadyPlan {
  if (ready === "tcp") return { by: "tcp" };
  return "http" in ready ? { by: "http", path: ready.http } : { by: "line", pattern: ready.line };
}

type LabReady = NonNullable<HostFile["ready"]>;

function asText(sysctls: Record<string, string | number> = {}): Sysctls {
  return Object.fromEntries(Object.entries(sysctls).map(([key, value]) => [key, String(value)]));
}
