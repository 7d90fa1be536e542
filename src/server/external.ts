import type { Host } from "../lab/types.js";
import type { ServerPlan } from "../scenario/types.js";
import { BenchError } from "../errors.js";
import type { RunningServer } from "./types.js";

/** A server that already runs on this machine's loopback. The scenario has made sure of the address. */
export async function startExternal(plan: ServerPlan & { kind: "external" }, host: Host): Promise<RunningServer> {
  try {
    await host.waitUntilReady({ by: "tcp", host: plan.host, port: plan.port, timeoutMs: plan.readyTimeoutMs });
  } catch (error) {
    throw new BenchError(
      "server-not-ready",
      `no server answers at ${plan.host}:${plan.port} (${(error as Error).message})`,
      "Start it first, or let the scenario start it: server.kind command.",
    );
  }
  return {
    name: `external ${plan.host}:${plan.port}`,
    host: plan.host,
    port: plan.port,
    processId: null,
    died: new Promise(() => {}),
    count: () => Promise.resolve(null),
  };
}
