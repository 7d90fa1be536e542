import { withAddresses } from "./client/addresses.js";
import { startClient, type WaitingClient } from "./client/conduct.js";
import { noLoad } from "./client/no-load.js";
import type { LoadProgress, LoadReport } from "./client/types.js";
import { BenchError } from "./errors.js";
import { unlessAborted } from "./interrupted.js";
import { monotonicMs } from "./kernel/clock.js";
import { openLab } from "./lab/open.js";
import type { Lab } from "./lab/types.js";
import { RELEVANT_SYSCTLS } from "./result/environment.js";
import type { Measurement } from "./result/measurement.js";
import type { HostSnapshot, SampleMessage } from "./sampler/types.js";
import type { Figures } from "./scenario/phases/types.js";
import { type LoadPlan, ROLES, type Role, type Variant } from "./scenario/types.js";
import { startBeside } from "./server/beside.js";
import { startServer } from "./server/start.js";
import type { RunningServer } from "./server/types.js";
import { takeSteps } from "./steps.js";

/** After the load, connections get so long to finish closing before the last reading. */
const SETTLE_MS = 1_000;
/** On a shared host only tables tell the sides apart: they are read this often, as far as their cost allows. */
const SHARED_TABLE_MS = 100;

export interface TrialOptions {
  order: number;
  isolation: "namespace" | "none";
  cacheFolder: string;
  /** Aborted by Ctrl-C: the load ends early, and what was measured is kept. */
  signal: AbortSignal;
  /** @param durationMs how long that load is meant to last */
  onProgress(progress: LoadProgress, durationMs: number, timeWait: Record<Role, number>): void;
}

/** A trial that could not be completed, with what it measured until then. */
export interface TrialOutcome {
  measurement: Measurement;
  failure: BenchError | null;
}

/**
 * The story of one trial: a fresh lab, the server, the client, the samplers; then load; then the last readings; and
 * nothing left. @throws BenchError when it could not begin; the signal's reason when it was interrupted before the load
 */
export async function measure(asPlanned: Variant, options: TrialOptions): Promise<TrialOutcome> {
  const samplerFaults: string[] = [];
  const lab = await openLab(asPlanned.lab, {
    isolation: options.isolation,
    onSamplerFault: (message) => samplerFaults.push(message),
  });
  try {
    const variant = await onOwnPort(asPlanned, lab);
    const { server, client, sysctls } = await unlessAborted(options.signal, prepare(variant, lab, options));
    if (client !== null && (variant.load.warmupMs ?? 0) > 0)
      await unlessAborted(options.signal, warmUp(client, server, lab));
    const samples = await startSampling(variant, lab);
    const before = await snapshots(lab);
    const countBefore = await server.count();

    const onProgress = (progress: LoadProgress, { durationMs }: LoadPlan): void =>
      options.onProgress(progress, durationMs, latestTimeWait(samples, lab.shared));
    const { report, failure, figures, ran } =
      client === null
        ? await steps({ variant, lab, server, samples, sysctls }, options, onProgress)
        : await load(client, server, options, (progress) => onProgress(progress, variant.load));

    await Promise.all(hostsOf(lab).map((host) => host.settle(SETTLE_MS)));
    const after = await snapshots(lab);
    const countAfter = failure === null ? await server.count() : null;
    await Promise.all(hostsOf(lab).map((host) => host.stopSampling()));
    return {
      failure,
      measurement: {
        variant,
        order: options.order,
        status: failure !== null ? "failed" : options.signal.aborted ? "interrupted" : "complete",
        isolation: lab.isolation,
        shared: lab.shared,
        calibration: lab.calibration,
        clientName: ran?.name ?? "none",
        serverName: server.name,
        report,
        before,
        after,
        samples,
        samplerFaults,
        processIds: { client: ran?.processId ?? null, server: server.processId },
        serverCount: countBetween(countBefore, countAfter),
        sysctls,
        figures,
      },
    };
  } finally {
    await lab.close();
  }
}

/**
 * Without a lab the TIME_WAIT of earlier trials and runs stays for its 60 s, and the port may be somebody else's: the
 * run takes one that nobody has.
 */
async function onOwnPort(variant: Variant, { hosts, isolation }: Lab): Promise<Variant> {
  const { server } = variant;
  // A command that is not told its port has one of its own.
  const fixed = server.kind === "external" || (server.kind === "command" && !server.command.includes("{port}"));
  if (isolation === "namespace" || fixed) return variant;
  return { ...variant, server: { ...server, port: await hosts.server.quietPort(server.port) } };
}

interface Prepared {
  server: RunningServer;
  /** null for a variant of steps: each load has a client of its own. */
  client: WaitingClient | null;
  sysctls: Record<Role, Record<string, string>>;
}

/** Server and client start side by side: each is a process that takes its time to load. */
async function prepare(variant: Variant, lab: Lab, options: TrialOptions): Promise<Prepared> {
  const target = {
    host: variant.server.kind === "external" ? variant.server.host : lab.front.address,
    port: variant.server.port,
  };
  const keys = (role: Role): string[] => [...new Set([...RELEVANT_SYSCTLS, ...Object.keys(variant.lab.sysctl[role])])];
  const [server, client, ofClient, ofServer] = await Promise.all([
    startServing(variant, lab, options.cacheFolder),
    variant.phases.length > 0
      ? null
      : startClient(
          withAddresses(variant.load, lab.hosts.client, lab.front),
          target,
          lab.hosts.client,
          options.cacheFolder,
        ),
    lab.hosts.client.readSysctls(keys("client")),
    lab.hosts.server.readSysctls(keys("server")),
  ]);
  return { server, client, sysctls: { client: ofClient, server: ofServer } };
}

/** The server, then what runs beside it. */
async function startServing(
  { server: plan, lab: labPlan }: Variant,
  lab: Lab,
  cacheFolder: string,
): Promise<RunningServer> {
  const server = await startServer(plan, lab.hosts.server, cacheFolder, lab.all);
  const beside = await startBeside(labPlan, lab);
  const died = Promise.race([server.died, beside.died]);
  died.catch(() => {});
  return { ...server, died };
}

/**
 * The same client and the same server, so that what is measured then is warm: compiled, cached, its connections' memory
 * there. Its TIME_WAIT would be in the populations and hold ports; in a lab it is taken away.
 */
async function warmUp(client: WaitingClient, server: RunningServer, lab: Lab): Promise<void> {
  await Promise.race([client.warmUp(), server.died]);
  await Promise.all(hostsOf(lab).map((host) => host.settle(SETTLE_MS)));
  if (lab.isolation === "namespace") await Promise.all(hostsOf(lab).map((host) => host.clearTimeWait()));
}

/** What was done on the hosts that stand, and what came of it. */
interface Done {
  report: LoadReport;
  failure: BenchError | null;
  figures: Figures;
  /** The client, of several loads the last one's; null where there was none. */
  ran: { name: string; processId: string } | null;
}

async function load(
  client: WaitingClient,
  server: RunningServer,
  { signal }: TrialOptions,
  onProgress: (progress: LoadProgress) => void,
): Promise<Done> {
  const rest = { figures: {}, ran: client };
  const stop = (): void => client.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const reported = client.go(onProgress);
    if (signal.aborted) stop();
    const death = server.died.catch((error: unknown) => error as BenchError);
    const first = await Promise.race([reported, death]);
    if (!(first instanceof BenchError)) return { report: first, failure: null, ...rest };
    // Without a server there is nothing to wait for; what the client has counted until now is kept.
    stop();
    return { report: await reported, failure: first, ...rest };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

interface Standing {
  variant: Variant;
  lab: Lab;
  server: RunningServer;
  samples: Record<Role, SampleMessage[]>;
  sysctls: Measurement["sysctls"];
}

async function steps(
  { variant, lab, server, samples, sysctls }: Standing,
  { order, cacheFolder, signal }: TrialOptions,
  onProgress: (progress: LoadProgress, load: LoadPlan) => void,
): Promise<Done> {
  const startedAtMs = monotonicMs();
  const { isolation, shared, calibration } = lab;
  const { report, client, ...outcome } = await takeSteps({
    variant,
    lab,
    port: variant.server.port,
    cacheFolder,
    signal,
    serverDied: server.died,
    onProgress,
    samples,
    common: { order, isolation, shared, calibration, serverName: server.name, sysctls },
  });
  return { ...outcome, report: report ?? noLoad(startedAtMs, monotonicMs()), ran: client };
}

async function startSampling(variant: Variant, lab: Lab): Promise<Record<Role, SampleMessage[]>> {
  const client: SampleMessage[] = [];
  const samples = { client, server: lab.shared ? client : [] };
  const { everyMs, tableEveryMs } = variant.sample;
  const request = {
    everyMs,
    tableEveryMs: lab.shared ? Math.min(tableEveryMs, SHARED_TABLE_MS) : tableEveryMs,
    serverPort: variant.server.port,
    shared: lab.shared,
  };
  const roles = lab.shared ? (["client"] as const) : ROLES;
  await Promise.all(
    roles.map((role) => lab.hosts[role].startSampling(request, (sample) => samples[role].push(sample))),
  );
  return samples;
}

async function snapshots(lab: Lab): Promise<Record<Role, HostSnapshot>> {
  if (lab.shared) {
    const snapshot = await lab.hosts.client.snapshot();
    return { client: snapshot, server: snapshot };
  }
  const [client, server] = await Promise.all([lab.hosts.client.snapshot(), lab.hosts.server.snapshot()]);
  return { client, server };
}

function hostsOf(lab: Lab): Lab["hosts"][Role][] {
  return lab.shared ? [lab.hosts.client] : [lab.hosts.client, lab.hosts.server];
}

function latestTimeWait(samples: Record<Role, SampleMessage[]>, shared: boolean): Record<Role, number> {
  const latest = (role: Role): number => {
    const last = samples[role].findLast((sample) => sample.kind === (shared ? "table" : "gauge"));
    return last === undefined ? 0 : last.kind === "gauge" ? last.timeWait : last.sides[role].time_wait;
  };
  return { client: latest("client"), server: latest("server") };
}

function countBetween(
  before: { requests: number; connections: number } | null,
  after: { requests: number; connections: number } | null,
): { requests: number; connections: number } | null {
  if (before === null || after === null) return null;
  return { requests: after.requests - before.requests, connections: after.connections - before.connections };
}
