import { withAddresses } from "../client/addresses.js";
import { startClient } from "../client/conduct.js";
import type { LoadProgress, LoadReport } from "../client/types.js";
import type { Host } from "../lab/types.js";
import { figuresOfLoad } from "../result/figures.js";
import { medianOf } from "../result/median.js";
import { trialOf } from "../result/trial.js";
import type { Figures, LoadStep } from "../scenario/phases/types.js";
import type { Role, Variant } from "../scenario/types.js";
import { bounded, makeLoad } from "./load.js";
import { measurementOf, type Standing } from "./standing.js";
import { targetOf } from "./tls.js";

export interface LoadStepTaken {
  report: LoadReport;
  /** What it was, and what names its CPU times. */
  client: { name: string; processId: string };
  figures: Figures;
}

/** A load that is a step among others, from one host to another, with every kernel read before and after it. */
export async function takeLoad(
  { load, to }: LoadStep,
  roles: Record<Role, Host>,
  standing: Standing,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadStepTaken> {
  const { lab, variant, server, identity } = standing;
  const address = { host: roles.server.address, port: portOf(variant, to) };
  const target = targetOf(load, address, identity);
  const client = await startClient(withAddresses(load, roles.client, roles.server), target, roles.client);
  const { taken, before, after } = await bounded(lab, [roles.client, roles.server], () =>
    makeLoad(client, server, signal, onProgress),
  );
  const { report } = taken;
  const measured = measurementOf(
    { ...standing, variant: { ...variant, load } },
    {
      report,
      client,
      roles,
      target: { host: roles.server, port: target.port },
      before,
      after,
      status: "complete",
      samplerFaults: [],
      serverCount: null,
      figures: {},
    },
    { fromMs: before[roles.client.name]!.atMs, toMs: after[roles.client.name]!.atMs },
  );
  const { name, processId } = client;
  return { report, client: { name, processId }, figures: figuresOfLoad(medianOf([trialOf(measured)])!) };
}

/** A host with programs of its own is reached at the first one's port, any other, and the server's own, at the server's. */
function portOf({ lab, server }: Variant, name: string): number {
  if (name === "server" && server.kind !== "none") return server.port;
  return lab.hosts?.[name]?.programs[0]?.port ?? server.port;
}
