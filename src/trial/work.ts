import { noLoad } from "../client/no-load.js";
import type { WaitingClient } from "../client/conduct.js";
import type { LoadProgress, LoadReport } from "../client/types.js";
import { BenchError } from "../errors.js";
import { monotonicMs } from "../kernel/clock.js";
import type { Lab } from "../lab/types.js";
import type { Measurement } from "../result/measurement.js";
import type { SampleMessage } from "../sampler/types.js";
import type { Figures } from "../scenario/phases/types.js";
import type { LoadPlan, Role, Variant } from "../scenario/types.js";
import type { RunningServer } from "../server/types.js";
import { allHosts, SETTLE_MS } from "./hosts.js";
import { takeSteps } from "./steps.js";

/**
 * The same client and the same server, so that what is measured then is warm: compiled, cached, its connections' memory
 * there. Its TIME_WAIT would be in the populations and hold ports; in a lab it is taken away.
 */
export async function warmUp(client: WaitingClient, server: RunningServer, lab: Lab): Promise<void> {
  await Promise.race([client.warmUp(), server.died]);
  await Promise.all(allHosts(lab).map((host) => host.settle(SETTLE_MS)));
  if (lab.isolation === "namespace") await Promise.all(allHosts(lab).map((host) => host.clearTimeWait()));
}

/** What was done on the hosts that stand, and what came of it. */
export interface Done {
  report: LoadReport;
  failure: BenchError | null;
  figures: Figures;
  /** The client, of several loads the last one's; null where there was none. */
  ran: { name: string; processId: string } | null;
}

/** One load, by the client that waits for the word. */
export async function makeLoad(
  client: WaitingClient,
  server: RunningServer,
  signal: AbortSignal,
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

/** A server that cannot say it any more has failed; what the client and the kernels have counted is kept. */
export async function lastCount(
  server: RunningServer,
): Promise<{ count: Awaited<ReturnType<RunningServer["count"]>>; failure: BenchError | null }> {
  try {
    return { count: await server.count(), failure: null };
  } catch (error) {
    if (error instanceof BenchError) return { count: null, failure: error };
    throw error;
  }
}

export interface Standing {
  variant: Variant;
  lab: Lab;
  server: RunningServer;
  samples: Record<Role, SampleMessage[]>;
  sysctls: Measurement["sysctls"];
}

/** What the variant's steps say, one after the other. */
export async function makeSteps(
  { variant, lab, server, samples, sysctls }: Standing,
  { order, signal }: { order: number; signal: AbortSignal },
  onProgress: (progress: LoadProgress, load: LoadPlan) => void,
): Promise<Done> {
  const startedAtMs = monotonicMs();
  const { isolation, shared, calibration } = lab;
  const { report, client, ...outcome } = await takeSteps({
    variant,
    lab,
    port: variant.server.port,
    signal,
    serverDied: server.died,
    onProgress,
    samples,
    common: { order, isolation, shared, calibration, serverName: server.name, sysctls },
  });
  return { ...outcome, report: report ?? noLoad(startedAtMs, monotonicMs()), ran: client };
}
