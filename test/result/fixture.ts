import type { LoadReport } from "../../src/client/types.js";
import type { Measurement } from "../../src/result/measurement.js";
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

/** A trial of 100 connections that the server closed, everything in balance; tests change what they are about. */
export function measurementOf(changes: Partial<Measurement> = {}): Measurement {
  return {
    variant: variantOf(),
    order: 0,
    status: "complete",
    isolation: "namespace",
    shared: false,
    calibration: { client: { known: 1, counted: 1, left: 0 }, server: { known: 1, counted: 1, left: 0 } },
    clientName: "undici 7.0.0",
    serverName: "node v20.19.0",
    report: reportOf(),
    before: { client: snapshotOf({}), server: snapshotOf({}) },
    after: {
      client: snapshotOf({ "Tcp:ActiveOpens": 100 }, 0, 500, 2_000),
      server: snapshotOf({ "Tcp:PassiveOpens": 100, "TcpExt:TW": 100 }, 100, 400, 2_000),
    },
    samples: {
      client: [gaugeAt(1_000, 0), gaugeAt(1_050, 0)],
      server: [gaugeAt(1_000, 0), gaugeAt(1_050, 60), gaugeAt(1_100, 100)],
    },
    others: {},
    samplerFaults: [],
    processIds: { client: "client-0", server: "server-0" },
    serverCount: { requests: 100, connections: 100 },
    sysctls: { client: { "net.ipv4.tcp_tw_reuse": "0" }, server: {} },
    figures: {},
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
  const cpu = { userMs: cpuMs, systemMs: 0 };
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
export function sharedMeasurement(samples: SampleMessage[], changes: Partial<Measurement> = {}): Measurement {
  const before = snapshotOf({});
  const after = snapshotOf({ "Tcp:ActiveOpens": 100, "Tcp:PassiveOpens": 100, "TcpExt:TW": 100 }, 100, 0, 2_000);
  return measurementOf({
    shared: true,
    before: { client: before, server: before },
    after: { client: after, server: after },
    samples: { client: samples, server: samples },
    ...changes,
  });
}
