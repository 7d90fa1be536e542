import type { Host } from "../lab/types.js";
import type { ServerPlan } from "../scenario/types.js";
import { type Neighbours, startCommand } from "./command.js";
import { startEmbedded } from "./embedded.js";
import { startExternal } from "./external.js";
import { startGo } from "./go.js";
import { noServer } from "./none.js";
import type { Identity, RunningServer } from "./types.js";

/**
 * Starts the server under test on a host and waits until it is ready. It ends with its host.
 * @param identity what it shows over TLS; null: it speaks plain HTTP
 * @param neighbours whom its command may speak of
 * @throws BenchError `server-not-ready`, `server-died`
 */
export function startServer(
  plan: ServerPlan,
  host: Host,
  neighbours: Neighbours = new Map(),
  identity: Identity | null = null,
): Promise<RunningServer> {
  switch (plan.kind) {
    case "node":
    case "epoll":
    case "misbehaving":
      return startEmbedded(plan, host, identity);
    case "none":
      return Promise.resolve(noServer(plan.port, host));
    case "go":
      return startGo(plan, host, identity);
    case "command":
      return startCommand(plan, host, neighbours, identity);
    case "external":
      return startExternal(plan, host);
  }
}
