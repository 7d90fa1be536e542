import type { LoadReport } from "../../src/client/types.js";
import type { HostMeasurement, Measurement } from "../../src/result/measurement.js";
import type {
  Counters,
  GaugeSample,
  LinkEnd,
  HostSnapshot,
  SampleMessage,
  TableSample,
} from "../../src/sampler/types.js";
import { noSockets } from "../../src/sampler/socket-counts.js";
import type { LoadPlan, PacePlan, Variant } from "../../src/scenario/types.js";
import { encode, newHistogram, recordMs } from "../../src/stats/histogram.js";

/** Whoever plays the roles is there. */
type TwoHosts = Measurement & { hosts: Record<"client" | "server", HostMeasurement> };

/** A trial of 100 connections that the server closed, everything in balance; tests change what they are about. */
export function measurementOf(changes: Partial<Measurement> = {}): TwoHosts {
  return {
    variant: variantOf(),
    order: 0,
    status: "complete",
    isolation: "namespace",
    target: { host: "server", port: 8080 },
    roles: { client: "client", server: "server" },
    shared: false,
    clientName: "undici 7.0.0",
    serverName: "node v20.19.0",
    report: reportOf(),
    samplerFaults: [],
    processIds: { client: "client-0", server: "server-0" },
    serverCount: { requests: 100, connections: 100 },
    figures: {},
    ...changes,
    hosts: { ...twoHosts(), ...changes.hosts },
  };
}

function twoHosts(): TwoHosts["hosts"] {
  return {
    client: hostOf({
      after: snapshotOf({ "Tcp:ActiveOpens": 100 }, 0, 500, 2_000),
      samples: [gaugeAt(1_000, 0), gaugeAt(1_050, 0)],
      sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    }),
    server: hostOf({
      after: snapshotOf({ "Tcp:PassiveOpens": 100, "TcpExt:TW": 100 }, 100, 400, 2_000),
      samples: [gaugeAt(1_000, 0), gaugeAt(1_050, 60), gaugeAt(1_100, 100)],
    }),
  };
}

/** A host on which nothing happened. */
export function hostOf(changes: Partial<HostMeasurement> = {}): HostMeasurement {
  return {
    addresses: ["198.18.0.1"],
    before: snapshotOf({}),
    after: snapshotOf({}),
    samples: [],
    sampling: { everyMs: 50, tableEveryMs: 1_000 },
    sysctls: {},
    calibration: { known: 1, counted: 1, left: 0 },
    ...changes,
  };
}

export function variantOf(load: Partial<LoadPlan> = {}): Variant {
  return {
    name: "close",
    lab: {
      topology: "two-hosts",
      addresses: { client: 1, server: 1 },
      memoryBytes: null,
      sysctl: { client: {}, server: {} },
    },
    server: { kind: "node", port: 8080, readyTimeoutMs: 1_000 },
    load: {
      client: "undici",
      connections: 10,
      durationMs: 1_000,
      requests: null,
      connection: "close",
      requestsPerConnection: 1,
      closer: "server",
      path: "/",
      timeoutMs: 1_000,
      pace: null,
      ...load,
    },
    sample: { everyMs: 50, tableEveryMs: 1_000 },
    phases: [],
  };
}

/** A constant rate for the second that the load lasts. */
export function paceOf(perSec: number): PacePlan {
  return { arrivals: "constant", stages: [{ durationMs: 1_000, fromPerSec: perSec, toPerSec: perSec }], seed: 1 };
}

export function reportOf(changes: Partial<LoadReport> = {}): LoadReport {
  const histogram = newHistogram();
  for (let request = 1; request <= 100; request++) recordMs(histogram, request / 10);
  return {
    clientName: "undici 7.0.0",
    startedAtMs: 1_000,
    endedAtMs: 2_000,
    requests: { sent: 100, succeeded: 100, failed: 0 },
    errors: {},
    connections: { opened: 100, failed: 0, closed: { client: 0, server: 100, reset: 0 }, ports: 100 },
    pace: null,
    latencyHistogram: encode(histogram),
    connectHistogram: null,
    timeline: { atMs: [100], perSec: [100], p50Us: [5_000], p99Us: [9_900] },
    ...changes,
  };
}

export function snapshotOf(
  counters: Counters | null,
  timeWait: number | null = 0,
  cpuMs = 0,
  atMs = 1_000,
): HostSnapshot {
  const cpu = { userMs: cpuMs, systemMs: 0, waitMs: cpuMs / 10 };
  return {
    atMs,
    counters,
    timeWait,
    ends: null,
    cpu: { "client-0": cpu, "server-0": cpu },
    localPorts: { low: 32_768, high: 60_999 },
  };
}

export function gaugeAt(atMs: number, timeWait: number): GaugeSample {
  return { kind: "gauge", atMs, costUs: 50, lateMs: 0, timeWait, established: 10, timeWaitCreated: timeWait };
}

export function tableAt(atMs: number, client: number, server: number): TableSample {
  const sides = { client: noSockets(), server: noSockets() };
  sides.client.time_wait = client;
  sides.server.time_wait = server;
  return { kind: "table", atMs, costUs: 900, source: "netlink", sides, ends: [] };
}

/** Some of a host's sockets, all between the same two addresses. */
export function endOf(
  end: LinkEnd["end"],
  port: number,
  states: LinkEnd["states"],
  [local, remote] = ["198.18.0.1", "198.19.0.1"],
): LinkEnd {
  const timeWaitBorn = states.time_wait ?? 0;
  return { end, port, local, remote, states, timeWaitLeftMs: null, timeWaitBorn };
}

/** One host for both sides, with these tables. */
export function sharedMeasurement(samples: SampleMessage[], changes: Partial<Measurement> = {}): TwoHosts {
  const after = snapshotOf({ "Tcp:ActiveOpens": 100, "Tcp:PassiveOpens": 100, "TcpExt:TW": 100 }, 100, 0, 2_000);
  const calibration = changes.isolation === "none" ? null : { known: 1, counted: 1, left: 0 };
  const host = hostOf({ after, samples, calibration });
  return measurementOf({ shared: true, hosts: { client: host, server: host }, ...changes });
}
