import { onTestFinished } from "vitest";
import { startClient } from "../../src/client/conduct.js";
import type { LoadReport } from "../../src/client/types.js";
import { openLab } from "../../src/lab/open.js";
import type { Host, Lab } from "../../src/lab/types.js";
import type { LabPlan, LoadPlan } from "../../src/scenario/types.js";
import { startServer } from "../../src/server/start.js";
import type { RunningServer } from "../../src/server/types.js";

const PORT = 8080;

/**
 * To the socket: on a busy machine a FIN may be sent again, the ACK of that finds nobody, and without this its RST takes a
 * TIME_WAIT away (RFC 1337).
 */
export const KEPT = { "net.ipv4.tcp_rfc1337": "1" };

/** A lab for the running test, closed when it has ended. */
export async function labForTest(plan: Partial<LabPlan> = {}): Promise<Lab> {
  const lab = await openLab(
    {
      topology: "two-hosts",
      addresses: { client: 1, server: 1 },
      memoryBytes: null,
      sysctl: { client: KEPT, server: KEPT },
      ...plan,
    },
    { isolation: "namespace", onSamplerFault: () => {} },
  );
  onTestFinished(() => lab.close());
  return lab;
}

export function helloServer(lab: Lab): Promise<RunningServer> {
  return startServer({ kind: "node", port: PORT, readyTimeoutMs: 10_000 }, lab.hosts.server);
}

export function loadPlan(plan: Partial<LoadPlan>): LoadPlan {
  return {
    client: "undici",
    connections: 3,
    durationMs: 10_000,
    requests: null,
    connection: "close",
    requestsPerConnection: 1,
    closer: "server",
    path: "/",
    timeoutMs: 5_000,
    pace: null,
    ...plan,
  };
}

/** Makes the load and waits until its connections have settled. */
export async function makeLoad(
  lab: Lab,
  server: Pick<RunningServer, "host" | "port">,
  plan: Partial<LoadPlan>,
): Promise<LoadReport> {
  const client = await startClient(loadPlan(plan), { host: server.host, port: server.port }, lab.hosts.client);
  const report = await client.go(() => {});
  await Promise.all([lab.hosts.client.settle(1_000), lab.hosts.server.settle(1_000)]);
  return report;
}

/** An observer that is not ours: how many sockets `ss`, inside the host, sees in a state. */
export async function seenBySs(host: Host, state: string): Promise<number> {
  const ss = await host.spawn({
    label: "ss",
    program: { file: "ss", args: ["--tcp", "--all", "--numeric", "--no-header", "state", state] },
  });
  let lines = 0;
  ss.onLine((line) => (lines += line.trim() === "" ? 0 : 1));
  const { code, lastLines } = await ss.exited;
  if (code !== 0) throw new Error(`ss ended with ${code}: ${lastLines.join("\n")}`);
  return lines;
}
