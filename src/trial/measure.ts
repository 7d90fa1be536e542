import type { LoadProgress } from "../client/types.js";
import { noLoad } from "../client/books/no-load.js";
import { BenchError } from "../errors.js";
import { monotonicMs } from "../kernel/clock.js";
import { openLab } from "../lab/open.js";
import type { Lab } from "../lab/types.js";
import type { Measurement } from "../result/measurement.js";
import type { LoadPlan, Role, Variant } from "../scenario/types.js";
import type { RunningServer } from "../server/types.js";
import { unlessAborted } from "../waiting/unless-aborted.js";
import { allHosts } from "./hosts.js";
import { bounded, makeLoad, warmUp } from "./load.js";
import { onOwnPort, prepare } from "./prepare.js";
import { measurementOf, type Standing } from "./standing.js";
import { takeSteps } from "./steps.js";
import { latestTimeWait, watchHosts } from "./watch.js";

/** After Ctrl-C: what has been measured by then is kept, if it can be had so soon. */
const GRACE_MS = 900;

export interface TrialOptions {
  order: number;
  isolation: "namespace" | "none";
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
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  const lab = await openLab(asPlanned.lab, {
    isolation: options.isolation,
    onSamplerFault: (message) => samplerFaults.push(message),
    signal,
    onStopped: (error) => stopped.abort(error),
  });
  try {
    const measured = measureIn(lab, asPlanned, samplerFaults, { ...options, signal });
    return await unlessAborted(signal, measured, GRACE_MS);
  } finally {
    await lab.close();
  }
}

/** In the lab that stands. Until the load begins the signal ends it at once; then what was measured is kept. */
async function measureIn(
  lab: Lab,
  asPlanned: Variant,
  samplerFaults: string[],
  { order, signal, ...options }: TrialOptions,
): Promise<TrialOutcome> {
  const variant = await unlessAborted(signal, onOwnPort(asPlanned, lab));
  const { server, client } = await unlessAborted(signal, prepare(variant, lab));
  if (client !== null && (variant.load.warmupMs ?? 0) > 0) await unlessAborted(signal, warmUp(client, server, lab));
  const [watched, countBefore] = await unlessAborted(signal, Promise.all([watchHosts(variant, lab), server.count()]));
  const standing: Standing = { variant, order, lab, server, watched };

  const onProgress = (progress: LoadProgress, { durationMs }: LoadPlan): void =>
    options.onProgress(progress, durationMs, latestTimeWait(watched, lab));
  const beganAtMs = monotonicMs();
  const { taken, before, after } = await bounded(lab, allHosts(lab), async () =>
    client === null
      ? takeSteps(standing, { signal, onProgress })
      : {
          figures: {},
          client,
          ...(await makeLoad(client, server, signal, (progress) => onProgress(progress, variant.load))),
        },
  );

  const failed = taken.failure ?? stoppedBy(signal);
  const last = failed === null ? await lastCount(server) : { count: null, failure: failed };
  await Promise.all(watched.map(({ host }) => host.stopSampling()));
  const measurement = measurementOf(standing, {
    ...taken,
    report: taken.report ?? noLoad(beganAtMs, monotonicMs()),
    roles: lab.hosts,
    target: { host: lab.front, port: variant.server.port },
    before,
    after,
    status: last.failure !== null ? "failed" : signal.aborted ? "interrupted" : "complete",
    samplerFaults,
    serverCount: countBetween(countBefore, last.count),
  });
  return { measurement, failure: last.failure };
}

/** Why the trial ends early, unless it was the user who ended it. */
function stoppedBy({ reason }: AbortSignal): BenchError | null {
  return reason instanceof BenchError ? reason : null;
}

type Count = Awaited<ReturnType<RunningServer["count"]>>;

/** A server that cannot say it any more has failed; what the client and the kernels have counted is kept. */
async function lastCount(server: RunningServer): Promise<{ count: Count; failure: BenchError | null }> {
  try {
    return { count: await server.count(), failure: null };
  } catch (error) {
    if (error instanceof BenchError) return { count: null, failure: error };
    throw error;
  }
}

function countBetween(before: Count, after: Count): Count {
  if (before === null || after === null) return null;
  return { requests: after.requests - before.requests, connections: after.connections - before.connections };
}
