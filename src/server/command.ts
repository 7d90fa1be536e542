import { BenchError } from "../errors.js";
import type { Host, HostProcess } from "../lab/types.js";
import type { ServerPlan } from "../scenario/types.js";
import type { RunningServer } from "./types.js";
import { died, untilReady } from "./wait.js";

/** Any program, ready by what the scenario says: a TCP connect, an HTTP answer, or a line of its output. */
export async function startCommand(plan: ServerPlan & { kind: "command" }, host: Host): Promise<RunningServer> {
  const command = plan.command.replaceAll("{host}", host.listenAddress).replaceAll("{port}", String(plan.port));
  await refuseStranger(plan, host);
  const process = await host.spawn({ label: "server", program: { shell: command, ...folderOf(plan) } });
  await untilReady(process, ready(plan, host, process), plan.readyTimeoutMs);
  return {
    name: command,
    host: host.address,
    port: plan.port,
    processId: process.id,
    died: died(process, "during the run"),
    count: () => Promise.resolve(null),
  };
}

function folderOf({ folder }: ServerPlan & { kind: "command" }): { folder?: string } {
  return folder === undefined ? {} : { folder };
}

/** Without a lab somebody else's server may have the port, and would be measured in place of this one. */
async function refuseStranger({ port }: ServerPlan & { kind: "command" }, host: Host): Promise<void> {
  const answers = await host.waitUntilReady({ by: "tcp", host: host.address, port, timeoutMs: 20 }).then(
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

function ready(plan: ServerPlan & { kind: "command" }, host: Host, process: HostProcess): Promise<void> {
  const probe = { host: host.address, port: plan.port, timeoutMs: plan.readyTimeoutMs };
  switch (plan.ready.by) {
    case "tcp":
      return host.waitUntilReady({ by: "tcp", ...probe });
    case "http":
      return host.waitUntilReady({ by: "http", path: plan.ready.path, ...probe });
    case "line":
      return lineThatMatches(process, new RegExp(plan.ready.pattern));
  }
}

export function lineThatMatches(process: HostProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => process.onLine((line) => pattern.test(line) && resolve()));
}
