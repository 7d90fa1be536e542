import type { RunEvent } from "../events/types.js";
import { portLimit, portRange } from "../links/port-limit.js";
import type { Trial } from "../result/types.js";
import type { GaugeSample } from "../sampler/types.js";
import { type Role, ROLES, type Variant } from "../scenario/types.js";
import { finishedLinks, linkByGauge, linksIn } from "./links.js";
import { newCurve, push, type Curve, curveOf } from "./curve.js";
import { hearTable } from "./tables.js";
import type { LiveHost, LiveLoad, LiveTrial } from "./types.js";

type Heard = Extract<RunEvent, { type: "host" | "settings" | "step" | "action" | "sample" | "progress" }>;
type Of<Type extends Heard["type"]> = Extract<Heard, { type: Type }>;

export function newTrial(trial: number, order: number, beganAtMs: number): LiveTrial {
  const side = () => ({ host: null, states: {}, tables: newCurve(), shares: false });
  return {
    trial,
    order,
    beganAtMs,
    zeroAtMs: null,
    doing: null,
    hosts: [],
    sides: { client: side(), server: side() },
    loads: [],
    links: [],
    steps: [],
    figures: null,
  };
}

/** Sockets in TIME_WAIT on one side, of the load's own connections: by the host's gauge where it has no others. */
export function timeWaitOf({ hosts, sides }: Pick<LiveTrial, "hosts" | "sides">, role: Role): Curve {
  const { host: name, shares, tables } = sides[role];
  const gauge = hosts.find((host) => host.name === name)?.timeWaits;
  return shares || gauge === undefined || gauge.last === null ? tables : gauge;
}

/** @param plan of the trial's variant */
export function hearInTrial(trial: LiveTrial, event: Heard, plan: Variant): void {
  switch (event.type) {
    case "host":
      return addHost(trial, event);
    case "settings":
      return limit(trial, event, plan);
    case "step":
      return hearStep(trial, event);
    case "action":
      return hearAction(trial, event);
    case "progress":
      return hearProgress(trial, event);
    case "sample": {
      const host = trial.hosts.find(({ name }) => name === event.host);
      if (host === undefined) return;
      if (event.sample.kind === "gauge") return hearGauge(trial, host, event.sample, event.atMs);
      hearTable(trial, host, event.sample, event.atMs);
      linksIn(trial, host, event.sample, plan);
    }
  }
}

/** What was saved of it takes the place of what was seen while it went on. */
export function finishTrial(trial: LiveTrial, figures: Trial): void {
  trial.figures = figures;
  trial.doing = null;
  finishedLinks(trial, figures);
  for (const host of trial.hosts) host.timeWait = figures.hosts?.[host.name]?.timeWait.end ?? host.timeWait;
  // The saved columns are those of a load. What steps did stays as it was seen.
  if (trial.loads.length === 0 && trial.steps.length > 0) return;
  // Its clock is that of the saved columns from here on.
  trial.zeroAtMs = 0;
  const { load, others } = figures.timeline;
  for (const role of ROLES) {
    const side = trial.sides[role];
    const columns = figures.timeline[role];
    side.shares = true;
    side.tables = columns === null ? newCurve() : curveOf(columns.atMs, columns.time_wait);
  }
  for (const host of trial.hosts) {
    // A side's columns are not all that a host with several links had.
    if (host.isPartial && host.timeWaits.last === null) continue;
    const columns = others?.[host.name];
    const [role] = host.roles;
    host.timeWaits =
      columns === undefined
        ? role !== undefined && host.roles.length === 1
          ? trial.sides[role].tables
          : newCurve()
        : curveOf(columns.atMs, columns.time_wait);
  }
  const last = trial.loads.at(-1);
  if (last === undefined) return;
  const { requests, connections, durationMs } = figures;
  if (last.step === null)
    Object.assign(last, {
      succeeded: requests.succeeded,
      failed: requests.failed,
      connections: connections.opened,
      perSec: requests.perSec,
      elapsedMs: durationMs,
    });
  last.beganAtMs = 0;
  last.rate = curveOf(load.atMs, load.perSec);
  last.p50Us = curveOf(load.atMs, load.p50Us);
  last.p99Us = curveOf(load.atMs, load.p99Us);
}

function addHost(trial: LiveTrial, { host: name, addresses, roles }: Of<"host">): void {
  const limits = { ports: null, buckets: null, tracked: null };
  const figures = { timeWait: null, established: null, states: {}, tracked: null, left: 0, finWait2: 0 };
  trial.hosts.push({ name, addresses, roles, ...figures, limits, timeWaits: newCurve(), isPartial: false });
  for (const role of roles) trial.sides[role] = { ...trial.sides[role], host: name, shares: roles.length > 1 };
}

function limit(trial: LiveTrial, { host: name, sysctls, left }: Of<"settings">, { load }: Variant): void {
  const host = trial.hosts.find((one) => one.name === name);
  if (host === undefined) return;
  const chosen = host.roles.includes("client") ? load.sockets?.localPorts : undefined;
  const range = chosen ?? portRange(sysctls["net.ipv4.ip_local_port_range"]);
  const number = (key: string): number | null => (sysctls[key] === undefined ? null : Number(sysctls[key]));
  host.left = left;
  host.limits = {
    ports: portLimit(range, sysctls["net.ipv4.ip_local_reserved_ports"] ?? ""),
    buckets: number("net.ipv4.tcp_max_tw_buckets"),
    tracked: number("net.netfilter.nf_conntrack_max"),
  };
}

function hearStep(trial: LiveTrial, event: Of<"step">): void {
  const { step, does, state, atMs } = event;
  if (event.state === "begun") {
    trial.steps.push({ step, does, state, beganAtMs: atMs, tookMs: null, fault: null });
    if (does === "load" || trial.zeroAtMs === null) trial.zeroAtMs = atMs;
    return;
  }
  const begun = trial.steps.findLast((one) => one.step === step && one.state === "begun");
  if (begun !== undefined) Object.assign(begun, { state, tookMs: event.tookMs, fault: event.fault });
}

function hearAction(trial: LiveTrial, { host, what, state, atMs }: Of<"action">): void {
  if (host !== null) return;
  trial.doing = state === "begun" ? what : trial.doing === what ? null : trial.doing;
  if (what === "load" && state === "begun") trial.zeroAtMs = atMs;
}

function hearProgress(trial: LiveTrial, event: Of<"progress">): void {
  const { step, elapsedMs, durationMs, succeeded, failed, noPort, connections, perSec, rows } = event;
  const load = trial.loads.find((one) => one.step === step) ?? newLoad(trial, event);
  Object.assign(load, { elapsedMs, durationMs, succeeded, failed, noPort, connections, perSec });
  if (elapsedMs > 0 && trial.loads.at(-1) === load) {
    // The word to begin, and each progress, took some time on their way: the load did not begin later than any tells.
    const began = event.atMs - elapsedMs;
    load.beganAtMs = load.rate.last === null ? began : Math.min(load.beganAtMs, began);
    trial.zeroAtMs = load.beganAtMs;
  }
  for (const [row, atMs] of rows.atMs.entries()) {
    push(load.rate, atMs, rows.perSec[row]!);
    push(load.p50Us, atMs, rows.p50Us[row]!);
    push(load.p99Us, atMs, rows.p99Us[row]!);
  }
}

function newLoad(trial: LiveTrial, { step, atMs, elapsedMs, durationMs }: Of<"progress">): LiveLoad {
  const counts = { elapsedMs, durationMs, succeeded: 0, failed: 0, noPort: 0, connections: 0, perSec: 0 };
  const lines = { rate: newCurve(), p50Us: newCurve(), p99Us: newCurve() };
  const load = { step, beganAtMs: atMs - elapsedMs, ...counts, ...lines };
  trial.loads.push(load);
  return load;
}

function hearGauge(trial: LiveTrial, host: LiveHost, { timeWait, established }: GaugeSample, atMs: number): void {
  host.timeWait = Math.max(0, timeWait - host.left - host.finWait2);
  host.established = established ?? host.established;
  push(host.timeWaits, atMs, host.timeWait);
  linkByGauge(trial, host);
}
