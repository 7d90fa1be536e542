import type { LoadReport } from "../client/types.js";
import type { ProcessTimes } from "../sampler/types.js";
import { loadsOf } from "../scenario/loads.js";
import { hiddenIn, secretsOf } from "../scenario/secrets.js";
import { type PacePlan, ROLES, type Role } from "../scenario/types.js";
import { difference } from "../stats/difference.js";
import { decode, type LatencySummary, summarize } from "../stats/histogram.js";
import { booksOf } from "./books.js";
import { hopsOf } from "./links.js";
import { hostOf, type Measurement, otherHosts } from "./measurement.js";
import { requestsIn } from "./requests-in.js";
import { closedFirst, countedOn, timeWaitFigures } from "./time-wait.js";
import { timelineOf } from "./timeline.js";
import type { CpuTimes, KernelReading, Metrics, Sampling, Trial } from "./types.js";

/** The figures of one trial, from what was measured. Pure. */
export function trialOf(measurement: Measurement): Trial {
  const { report } = measurement;
  const hops = hopsOf(measurement);
  const seconds = Math.max(1e-9, (report.endedAtMs - report.startedAtMs) / 1000);
  const requests = requestsIn(report);
  const answered = requests?.succeeded ?? null;
  const carried = answered ?? measurement.serverCount?.requests ?? null;
  const byRole = <T>(figure: (role: Role) => T): Record<Role, T> =>
    Object.fromEntries(ROLES.map((role) => [role, figure(role)])) as Record<Role, T>;
  return {
    status: measurement.status,
    order: measurement.order,
    durationMs: round(report.endedAtMs - report.startedAtMs, 1),
    addressPairs: addressPairs(measurement),
    clientName: measurement.clientName,
    serverName: measurement.serverName,
    requests: {
      sent: requests?.sent ?? null,
      succeeded: answered,
      failed: requests?.failed ?? null,
      perSec: answered === null ? null : round(answered / seconds, 1),
      served: measurement.serverCount?.requests ?? null,
    },
    latencyUs: summaryOf(report.latencyHistogram),
    uncorrectedLatencyUs: summaryOf(report.pace?.uncorrectedHistogram ?? null),
    pace: paceOf(report, measurement.variant.load.pace, seconds),
    connectUs: summaryOf(report.connectHistogram),
    handshakeUs: summaryOf(report.handshakeHistogram ?? null),
    firstByteUs: summaryOf(report.firstByteHistogram ?? null),
    connections: {
      opened: report.connections.opened,
      // What the kernel counts as failed attempts is not all that fails: EADDRNOTAVAIL is no attempt.
      failed: requests === null ? null : report.connections.failed,
      perSec: round(report.connections.opened / seconds, 1),
      requestsPer: carried === null ? null : carriedBy(report.connections.opened, carried),
    },
    timeWait: timeWaitFigures(measurement),
    closedFirst: closedFirst(measurement),
    errors: report.errors,
    statuses: report.statuses ?? null,
    errorsByCall: report.errorsByCall ?? null,
    ...closingsOf(report),
    cpu: byRole((role) => cpuOf(measurement, role)),
    links: hops.links,
    hosts: hops.hosts,
    histograms: {
      latencyUs: report.latencyHistogram,
      uncorrectedLatencyUs: report.pace?.uncorrectedHistogram ?? null,
      connectUs: report.connectHistogram,
      ...(typeof report.handshakeHistogram === "string" ? { handshakeUs: report.handshakeHistogram } : {}),
      firstByteUs: report.firstByteHistogram ?? null,
    },
    sampling: samplingOf(measurement),
    timeline: timelineOf(measurement),
    kernel: byRole((role) => kernelOf(measurement, role)),
    ...otherKernels(measurement),
    figures: measurement.figures,
    ...programOf(measurement),
    ...atServer(measurement),
    ...stepsOf(measurement),
    ...(measurement.cables === undefined ? {} : { cables: measurement.cables }),
    books: booksOf(measurement),
  };
}

function programOf({ report: { program }, variant }: Measurement): Pick<Trial, "claims" | "program"> {
  if (program === undefined) return {};
  const { claims, ...run } = program;
  const secrets = loadsOf(variant).flatMap(secretsOf);
  const [command, output] = [hiddenIn(run.command, secrets), hiddenIn(run.output, secrets)];
  return { claims, program: { ...run, command, output } };
}

function atServer({ serverCount, report }: Measurement): Pick<Trial, "atServer"> {
  if (serverCount === null) return {};
  const { connections, faults, requestedAtMs } = serverCount;
  const since = (atMs: number): number => round(atMs - report.startedAtMs, 1);
  const requestedMs = requestedAtMs && { first: since(requestedAtMs.first), last: since(requestedAtMs.last) };
  return {
    atServer: {
      connections,
      ...(faults === undefined ? {} : { faults }),
      ...(requestedMs === undefined ? {} : { requestedMs }),
    },
  };
}

function closingsOf({ closings }: LoadReport): Pick<Metrics, "closeCauses" | "closedAfter" | "stale" | "repeated"> {
  if (closings === undefined) return { closeCauses: null, closedAfter: null, stale: null, repeated: null };
  const { causes, after, stale, repeated } = closings;
  return { closeCauses: causes, closedAfter: after, stale, repeated };
}

function paceOf({ requests, pace }: LoadReport, plan: PacePlan | null, seconds: number): Metrics["pace"] {
  if (pace === null || plan === null) return null;
  return {
    wantedPerSec: round(wantedPerSec(plan), 1),
    // What was sent was sent within the planned time; answers may have come later.
    sentPerSec: round(requests.sent / Math.min(seconds, lengthMs(plan) / 1000), 1),
    unsent: pace.unsent,
  };
}

function lengthMs({ stages }: PacePlan): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** The mean over all stages; each changes evenly from one rate to the other. */
function wantedPerSec(plan: PacePlan): number {
  const wanted = plan.stages.reduce((sum, stage) => sum + stage.durationMs * (stage.fromPerSec + stage.toPerSec), 0);
  return wanted / 2 / lengthMs(plan);
}

function summaryOf(histogram: string | null): LatencySummary | null {
  return histogram === null ? null : summarize(decode(histogram));
}

function cpuOf(measurement: Measurement, role: Role): CpuTimes | null {
  const processId = measurement.processIds[role];
  if (processId === null) return null;
  const { before, after } = hostOf(measurement, role);
  const from = before.cpu[processId];
  const to = after.cpu[processId];
  if (from === undefined || to === undefined) return null;
  return {
    userMs: to.userMs - from.userMs,
    systemMs: to.systemMs - from.systemMs,
    waitMs: role === "client" ? (measurement.report.waitMs ?? null) : waited(from, to),
  };
}

/** A thread that has ended takes its wait out of the sum. */
function waited(from: ProcessTimes, to: ProcessTimes): number | null {
  return from.waitMs === null || to.waitMs === null ? null : Math.max(0, to.waitMs - from.waitMs);
}

/** Only a client that is told addresses goes through more than one of each. */
function addressPairs({ variant, isolation }: Measurement): number {
  if (variant.load.sockets === undefined || isolation === "none") return 1;
  return variant.lab.addresses.client * variant.lab.addresses.server;
}

function kernelOf(measurement: Measurement, role: Role): KernelReading | null {
  const counters = countedOn(measurement, role);
  if (counters === null) return null;
  const asked = role === "client" ? (measurement.variant.load.sockets?.localPorts ?? null) : null;
  const { sysctls, before } = hostOf(measurement, role);
  return { counters, sysctls, localPorts: asked ?? before.localPorts };
}

function stepsOf({ steps = [], report }: Measurement): Pick<Trial, "steps"> {
  if (steps.length === 0) return {};
  const since = (atMs: number): number => round(atMs - report.startedAtMs, 1);
  return {
    steps: steps.map(({ step, does, beganAtMs, endedAtMs, fault }) => ({
      step,
      does,
      beganMs: since(beganAtMs),
      endedMs: endedAtMs === null ? null : since(endedAtMs),
      fault,
    })),
  };
}

/** By role, and by name for hosts that play none. */
function samplingOf(measurement: Measurement): Record<string, Sampling> {
  const roles = ROLES.map((role) => [role, hostOf(measurement, role).sampling] as const);
  const others = otherHosts(measurement).map(([name, { sampling }]) => [name, sampling] as const);
  return Object.fromEntries([...roles, ...others]);
}

function otherKernels(measurement: Measurement): Pick<Trial, "otherKernels"> {
  const readings = otherHosts(measurement).flatMap(([name, { before, after, sysctls }]) =>
    before.counters === null || after.counters === null
      ? []
      : [[name, { counters: difference(before.counters, after.counters), sysctls, localPorts: before.localPorts }]],
  );
  return readings.length === 0 ? {} : { otherKernels: Object.fromEntries(readings) as Record<string, KernelReading> };
}

/** Requests for each connection. */
function carriedBy(opened: number, requests: number): number {
  return opened === 0 ? 0 : round(requests / opened, 4);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
