import { BenchError } from "../errors.js";
import { filledCommand, isTold } from "../lab/placeholders.js";
import type { Host, HostProcess } from "../lab/types.js";
import type { ServerPlan, ServingProgram } from "../scenario/types.js";
import type { Identity, RunningServer } from "./types.js";
import { died, listenersOn, untilReady } from "./wait.js";

const LOOPBACK = "127.0.0.1";

/** The lab's hosts by name, as commands speak of them. */
export type Neighbours = ReadonlyMap<string, Pick<Host, "address">>;

/** Any program, ready by what the scenario says: a TCP connect, an HTTP answer, or a line of its output. */
export async function startCommand(
  plan: ServerPlan & { kind: "command" },
  host: Host,
  neighbours: Neighbours,
  identity: Identity | null,
): Promise<RunningServer> {
  await refuseStranger(plan, host);
  const { command, process } = await startProgram(plan, host, { neighbours, identity, who: "server" });
  return {
    name: command,
    host: host.address,
    port: plan.port,
    processId: process.id,
    died: died(process, "during the run"),
    count: () => Promise.resolve(null),
  };
}

export interface Around {
  neighbours: Neighbours;
  /** Of a variant whose loads speak TLS: {certificate} and {key} are its files. */
  identity: Identity | null;
  /** What it is, for errors. */
  who: string;
  /** It may listen on loopback alone. */
  isSidecar?: boolean;
}

/** @throws BenchError `server-not-ready`, `server-died` */
export async function startProgram(
  plan: ServingProgram,
  host: Host,
  { neighbours, identity, who, isSidecar = false }: Around,
): Promise<{ command: string; process: HostProcess }> {
  const places: Partial<Record<string, string>> = { host: host.listenAddress, port: String(plan.port) };
  for (const part of ["certificate", "key"] as const)
    if (identity !== null && isTold(plan, part)) places[part] = await host.holdText(identity[part]);
  const user = plan.user === undefined ? {} : { user: plan.user };
  const { command, cwd, env } = filledCommand(plan, (name) => places[name] ?? neighbours.get(name)?.address);
  // Of other programs on this host nothing is to be said where this one fails.
  const already = await listenersOn(host);
  const process = await host.spawn({ label: who, program: { shell: command, cwd, env, ...user } });
  // Its port speaks TLS where it was told what it takes.
  const speaks = places["certificate"] === undefined ? {} : ({ tls: true } as const);
  const where = isSidecar ? { ...speaks, orAt: LOOPBACK } : speaks;
  await untilReady(process, ready(plan, host, process, where), {
    timeoutMs: plan.readyTimeoutMs,
    who,
    where: { host, port: plan.port, already },
  });
  return { command, process };
}

/** Without a lab somebody else's server may have the port, and would be measured in place of this one. */
async function refuseStranger({ port }: ServerPlan & { kind: "command" }, host: Host): Promise<void> {
  // A host of a lab's own has no strangers.
  if (!host.address.startsWith("127.") && host.address !== "::1") return;
  const answers = await host.waitUntilReady({ by: "tcp", host: host.address, port, timeoutMs: 250 }).then(
    () => true,
    () => false,
  );
  if (!answers) return;
  throw new BenchError(
    "server-not-ready",
    `something already answers on port ${port}`,
    "Choose another port (--set server.port=18080), or measure it where it is: server.kind external.",
  );
}

function ready(
  plan: ServingProgram,
  host: Host,
  process: HostProcess,
  where: { tls?: true; orAt?: string },
): Promise<void> {
  const { tls: _spoken, ...orAt } = where;
  const probe = { host: host.address, ...orAt, port: plan.port, timeoutMs: plan.readyTimeoutMs };
  switch (plan.ready.by) {
    case "tcp":
      return host.waitUntilReady({ by: "tcp", ...probe });
    case "http":
      return host.waitUntilReady({ by: "http", path: plan.ready.path, ...where, ...probe });
    case "line":
      return lineThatMatches(process, new RegExp(plan.ready.pattern));
  }
}

export function lineThatMatches(process: HostProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => process.onLine((line) => pattern.test(line) && resolve()));
}
