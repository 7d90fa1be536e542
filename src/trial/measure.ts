import { setTimeout as pause } from "node:timers/promises";
import type { LoadProgress } from "../client/types.js";
import { noLoad } from "../client/books/no-load.js";
import { BenchError } from "../errors.js";
import type { RunEvents } from "../events/events.js";
import { monotonicMs } from "../kernel/clock.js";
import type { openLab } from "../lab/open.js";
import type { Action, Lab } from "../lab/types.js";
import type { Measurement } from "../result/measurement.js";
import { type LoadPlan, ROLES, type Variant } from "../scenario/types.js";
import type { RunningServer, ServerCount } from "../server/types.js";
import { unlessAborted } from "../waiting/unless-aborted.js";
import { allHosts } from "./hosts.js";
import { bounded, deathOf, makeLoad, warmUp } from "./load.js";
import { onOwnPort, prepare } from "./prepare.js";
import { measurementOf, type Standing } from "./standing.js";
import { takeSteps } from "./steps.js";
import { latestTimeWait, watchHosts } from "./watch.js";

const LOOK_EVERY_MS = 200;
/** After Ctrl-C: what has been measured by then is kept, if it can be had so soon. */
const GRACE_MS = 900;

export interface TrialOptions {
  order: number;
  isolation: "namespace" | "none";
  /** Aborted by Ctrl-C: the load ends early, and what was measured is kept. */
  signal: AbortSignal;
  /** Of this trial. */
  events: RunEvents;
  openLab: typeof openLab;
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
  const { isolation, events } = options;
  const { during } = events;
  const samplerFaults: string[] = [];
  const onSamplerFault = (message: string): void => void samplerFaults.push(message);
  const lost = new AbortController();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const onLost = (error: BenchError): void => lost.abort(error);
  const lab = await during(trialAction("make lab", asPlanned.lab.topology), () =>
    options.openLab(asPlanned.lab, { isolation, onSamplerFault, signal, onLost, observe: during }),
  );
  try {
    const measured = measureIn(lab, asPlanned, samplerFaults, { ...options, signal });
    return await unlessAborted(signal, measured, GRACE_MS);
  } finally {
    await during(trialAction("close lab"), () => lab.close());
  }
}

function trialAction(what: string, command: string | null = null): Action {
  return { host: null, what, command };
}

function tellHosts(lab: Lab, events: RunEvents): void {
  for (const host of allHosts(lab)) {
    const roles = ROLES.filter((role) => lab.hosts[role] === host);
    events.tell({ type: "host", host: host.name, addresses: host.addresses, roles });
  }
}

/** In the lab that stands. Until the load begins the signal ends it at once; then what was measured is kept. */
async function measureIn(
  lab: Lab,
  asPlanned: Variant,
  samplerFaults: string[],
  { order, signal, events }: TrialOptions,
): Promise<TrialOutcome> {
  const { during } = events;
  tellHosts(lab, events);
  const variant = await unlessAborted(signal, onOwnPort(asPlanned, lab));
  const { server, client, identity } = await unlessAborted(signal, prepare(variant, lab, during));
  if (client !== null && (variant.load.warmupMs ?? 0) > 0)
    await unlessAborted(
      signal,
      during(trialAction("warm up"), () => warmUp(client, server, lab)),
    );
  const [watched, countBefore] = await unlessAborted(
    signal,
    Promise.all([watchHosts(variant, lab, events), server.count()]),
  );
  const standing: Standing = { variant, order, lab, server, identity, watched };

  const progressOf =
    (step: string | null, { durationMs }: LoadPlan) =>
    (progress: LoadProgress): void =>
      events.tell({ type: "progress", ...progress, step, durationMs, timeWait: latestTimeWait(watched, lab) });
  const beganAtMs = monotonicMs();
  const { taken, before, after } = await bounded(lab, allHosts(lab), async () => {
    if (client === null) return takeSteps(standing, { signal, events, progressOf });
    const onProgress = progressOf(null, variant.load);
    const made = await during(trialAction("load"), () => makeLoad(client, server, signal, onProgress));
    return { ...made, client, figures: {}, steps: [] };
  });

  await untilNoneIsStopped(lab, signal);
  const failed = taken.failure ?? lostBy(signal) ?? (await diedMeanwhile(server));
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
    ...(await cablesOf(lab)),
  });
  return { measurement, failure: last.failure };
}

/** What they have counted, if whoever carries frames is still there to say it. */
async function cablesOf({ cables }: Lab): Promise<Pick<Measurement, "cables">> {
  if (cables === null || cables.links.length === 0) return {};
  try {
    return { cables: { by: cables.by, directions: await cables.counts() } };
  } catch (error) {
    if (error instanceof BenchError) return {};
    throw error;
  }
}

/** A server that is stopped closes nothing. What was stopped may go on; where it does not, the lab is lost. */
async function untilNoneIsStopped(lab: Lab, signal: AbortSignal): Promise<void> {
  while (lab.isAnyStopped() && !signal.aborted) await pause(LOOK_EVERY_MS);
}

/** Its sockets were closed when it died, by nobody's wish. */
function diedMeanwhile({ died }: RunningServer): Promise<BenchError | null> {
  return Promise.race([deathOf(died), pause(0, null)]);
}

/** Why the trial ends early, unless it was the user who ended it. */
function lostBy({ reason }: AbortSignal): BenchError | null {
  return reason instanceof BenchError ? reason : null;
}

type Count = ServerCount | null;

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
  const { requests, connections, faults, ...rest } = after;
  return {
    requests: requests - before.requests,
    connections: connections - before.connections,
    ...(faults === undefined ? {} : { faults: faults - (before.faults ?? 0) }),
    // Those since it was asked before.
    ...rest,
  };
}
