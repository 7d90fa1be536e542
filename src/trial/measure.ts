import type { LoadProgress } from "../client/types.js";
import type { BenchError } from "../errors.js";
import { unlessAborted } from "../interrupted.js";
import { openLab } from "../lab/open.js";
import type { Measurement } from "../result/measurement.js";
import type { LoadPlan, Role, Variant } from "../scenario/types.js";
import { allHosts, hostsOf, SETTLE_MS } from "./hosts.js";
import { onOwnPort, prepare } from "./prepare.js";
import { latestTimeWait, snapshots, startSampling, watchOthers } from "./watch.js";
import { lastCount, makeLoad, makeSteps, warmUp } from "./work.js";

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
  const lab = await openLab(asPlanned.lab, {
    isolation: options.isolation,
    onSamplerFault: (message) => samplerFaults.push(message),
  });
  try {
    const variant = await onOwnPort(asPlanned, lab);
    const { server, client, sysctls } = await unlessAborted(options.signal, prepare(variant, lab));
    if (client !== null && (variant.load.warmupMs ?? 0) > 0)
      await unlessAborted(options.signal, warmUp(client, server, lab));
    const [samples, others] = await Promise.all([startSampling(variant, lab), watchOthers(variant, lab)]);
    const before = await snapshots(lab);
    const countBefore = await server.count();

    const onProgress = (progress: LoadProgress, { durationMs }: LoadPlan): void =>
      options.onProgress(progress, durationMs, latestTimeWait(samples, lab.shared));
    const { report, figures, ran, ...done } =
      client === null
        ? await makeSteps({ variant, lab, server, samples, sysctls }, options, onProgress)
        : await makeLoad(client, server, options.signal, (progress) => onProgress(progress, variant.load));

    await Promise.all(allHosts(lab).map((host) => host.settle(SETTLE_MS)));
    const after = await snapshots(lab);
    const { count: countAfter, failure } = done.failure === null ? await lastCount(server) : { ...done, count: null };
    const [seenOfOthers] = await Promise.all([others.stop(), ...hostsOf(lab).map((host) => host.stopSampling())]);
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
        others: seenOfOthers,
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

function countBetween(
  before: { requests: number; connections: number } | null,
  after: { requests: number; connections: number } | null,
): { requests: number; connections: number } | null {
  if (before === null || after === null) return null;
  return { requests: after.requests - before.requests, connections: after.connections - before.connections };
}
