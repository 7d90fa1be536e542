import { withAddresses } from "../client/addresses.js";
import { startClient } from "../client/conduct.js";
import type { LoadReport } from "../client/types.js";
import type { Host } from "../lab/types.js";
import { figuresOfLoad } from "../result/figures.js";
import { medianOf } from "../result/median.js";
import { trialOf } from "../result/trial.js";
import type { HostSnapshot, SampleMessage } from "../sampler/types.js";
import type { Figures, LoadStep } from "../scenario/phases/types.js";
import type { Role } from "../scenario/types.js";
import { SETTLE_MS } from "./hosts.js";
import type { StepsOptions } from "./steps.js";

/** What one load among other steps came to. */
export interface LoadTaken {
  figures: Figures;
  report: LoadReport;
  client: { name: string; processId: string };
}

/**
 * One load among other steps, from one host to another, with both kernels read before and after it.
 * @param running gets what ends it early, for as long as it goes on
 */
export async function takeLoad(
  { on, to, load }: LoadStep,
  { from, target }: { from: Host; target: Host },
  { port, signal, variant, onProgress, common, samples }: StepsOptions,
  running: Set<() => void>,
): Promise<LoadTaken> {
  const at = { host: target.address, port };
  const client = await startClient(withAddresses(load, from, target), at, from);
  const before = await snapshots(from, target);
  const stop = (): void => client.stop();
  running.add(stop);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const reported = client.go((progress) => onProgress(progress, load));
    // While the client came up nobody heard the signal.
    if (signal.aborted) stop();
    const report = await reported;
    await Promise.all([from.settle(SETTLE_MS), target.settle(SETTLE_MS)]);
    const after = await snapshots(from, target);
    // Samples are those of the hosts that play the roles.
    const between = (role: Role): SampleMessage[] =>
      samples[role].filter(({ atMs }) => atMs >= before[role].atMs && atMs <= after[role].atMs);
    const trial = trialOf({
      ...common,
      variant: { ...variant, load },
      status: "complete",
      clientName: client.name,
      report,
      before,
      after,
      samples: { client: on === "client" ? between("client") : [], server: to === "server" ? between("server") : [] },
      others: {},
      samplerFaults: [],
      processIds: { client: client.processId, server: null },
      serverCount: null,
      figures: {},
    });
    const figures = figuresOfLoad(medianOf([trial])!);
    return { figures, report, client: { name: client.name, processId: client.processId } };
  } finally {
    signal.removeEventListener("abort", stop);
    running.delete(stop);
  }
}

async function snapshots(from: Host, target: Host): Promise<Record<Role, HostSnapshot>> {
  const [client, server] = await Promise.all([from.snapshot(), target.snapshot()]);
  return { client, server };
}
