import { buildGo, goName } from "../go-toolchain.js";
import type { Host } from "../lab/types.js";
import type { GoProgram, ServerPlan } from "../scenario/types.js";
import { lineThatMatches } from "./command.js";
import { placeOf } from "./listeners.js";
import type { Identity, RunningServer } from "./types.js";
import { died, untilReady } from "./wait.js";
import { ownFile } from "../places.js";

const SOURCE = ownFile("src/server/go");

/** The Go server, which the run has built, ready when it says that it listens. */
export async function startGo(
  plan: ServerPlan & { kind: "go" },
  host: Host,
  tls: Identity | null,
): Promise<RunningServer> {
  if (plan.program === undefined) throw new Error("the Go server was not built before the trial");
  const { binary, version } = plan.program;
  const address = placeOf({ address: host.listenAddress, port: plan.port });
  const secure = tls === null ? [] : [await host.holdText(tls.certificate), await host.holdText(tls.key)];
  const args = [address, plan.bodyBytes === null ? "" : String(plan.bodyBytes), ...secure];
  const server = await host.spawn({ label: "server", program: { file: binary, args } });
  await untilReady(server, lineThatMatches(server, /^listening on /u), { timeoutMs: plan.readyTimeoutMs });
  return {
    name: goName(version),
    host: host.address,
    port: plan.port,
    processId: server.id,
    died: died(server, "during the run"),
    count: () => Promise.resolve(null),
  };
}

/** @throws BenchError `tool-missing` */
export function buildGoServer(cacheFolder: string, onBuild?: (title: string) => void): Promise<GoProgram> {
  const source = { folder: SOURCE, name: "hello", title: "the Go server", instead: "use --server node" };
  return buildGo(source, cacheFolder, onBuild);
}
