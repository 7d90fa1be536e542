import type { LoadReport } from "../client/types.js";
import type { Host, Lab } from "../lab/types.js";
import type { HostMeasurement, Measurement } from "../result/measurement.js";
import type { Role, Variant } from "../scenario/types.js";
import { countedByKernel } from "../result/program.js";
import type { Identity, RunningServer } from "../server/types.js";
import type { Snapshots, WatchedHost } from "./watch.js";

/** What stands while a trial is measured. */
export interface Standing {
  variant: Variant;
  /** Position in the run. */
  order: number;
  lab: Lab;
  server: RunningServer;
  /** What its servers show over TLS; null where no load speaks it. */
  identity: Identity | null;
  watched: readonly WatchedHost[];
}

/** What was done on it, and by whom. */
export interface Episode extends Pick<
  Measurement,
  "status" | "samplerFaults" | "serverCount" | "figures" | "steps" | "cables"
> {
  report: LoadReport;
  /** null where no load was made. */
  client: { name: string; processId: string } | null;
  /** Those that play the roles. */
  roles: Record<Role, Host>;
  /** Whom the load's own connections go to. */
  target: { host: Host; port: number };
  before: Snapshots;
  after: Snapshots;
}

/** @param sampled from when to when samples count; absent for all of them */
export function measurementOf(
  { variant, order, lab, server, watched }: Standing,
  { client, roles, target, before, after, ...episode }: Episode,
  sampled?: { fromMs: number; toMs: number },
): Measurement {
  const hosts = watched.map(({ host: { name, addresses }, samples, sampling, sysctls }): [string, HostMeasurement] => [
    name,
    {
      addresses,
      before: before[name]!,
      after: after[name]!,
      samples:
        sampled === undefined ? samples : samples.filter(({ atMs }) => atMs >= sampled.fromMs && atMs <= sampled.toMs),
      sampling,
      sysctls,
      calibration: lab.calibration?.[name] ?? null,
    },
  ]);
  return countedByKernel({
    ...episode,
    variant,
    order,
    isolation: lab.isolation,
    hosts: Object.fromEntries(hosts),
    roles: { client: roles.client.name, server: roles.server.name },
    target: { host: target.host.name, port: target.port },
    shared: roles.client === roles.server,
    clientName: client?.name ?? "none",
    serverName: server.name,
    processIds: {
      client: client?.processId ?? null,
      server: roles.server === lab.hosts.server ? server.processId : null,
    },
  });
}
