import { describe, expect, test } from "vitest";
import type { Counters, HostSnapshot, LinkEnd } from "../../src/sampler/types.js";
import type { Measurement } from "../../src/result/measurement.js";
import { isNumericMetric } from "../../src/metrics/names.js";
import { trialOf } from "../../src/result/trial.js";
import type { BookLine } from "../../src/result/types.js";
import { encode, newHistogram, recordMs } from "../../src/stats/histogram.js";
import {
  gaugeAt,
  measurementOf,
  paceOf,
  reportOf,
  endOf,
  hostOf,
  sharedMeasurement,
  snapshotOf,
  tableAt,
  variantOf,
} from "./fixture.js";

describe("with a pace", () => {
  test("latencies are told by both clocks, and the rate as wanted and as sent", () => {
    const { latencyHistogram } = reportOf();
    const uncorrected = newHistogram();
    recordMs(uncorrected, 2);
    const uncorrectedHistogram = encode(uncorrected);
    const trial = trialOf(
      measurementOf({
        variant: variantOf({ pace: paceOf(123) }),
        report: reportOf({ pace: { unsent: 23, uncorrectedHistogram } }),
      }),
    );
    expect(trial.latencyUs?.max).toBeGreaterThan(9_900);
    expect(trial.uncorrectedLatencyUs).toMatchObject({ min: 2_000, max: 2_000 });
    expect(trial.pace).toEqual({ wantedPerSec: 123, sentPerSec: 100, unsent: 23 });
    expect(trial.histograms).toMatchObject({
      latencyUs: latencyHistogram,
      uncorrectedLatencyUs: uncorrectedHistogram,
    });
  });

  test("and without one there is none of it", () => {
    const { pace, uncorrectedLatencyUs, histograms } = trialOf(measurementOf());
    expect([pace, uncorrectedLatencyUs, histograms.uncorrectedLatencyUs]).toEqual([null, null, null]);
  });
});

describe("with a host for each side", () => {
  test("created is the kernel's count, peak and end are populations", () => {
    const { timeWait } = trialOf(measurementOf());
    expect(timeWait).toEqual({
      client: { created: 0, peak: 0, end: 0 },
      server: { created: 100, peak: 100, end: 100 },
    });
  });

  test("the peak may lie before the end", () => {
    const measurement = measurementOf();
    measurement.hosts.server.samples.splice(1, 0, gaugeAt(1_020, 130));
    expect(trialOf(measurement).timeWait?.server).toEqual({ created: 100, peak: 130, end: 100 });
  });

  test("what was counted before the load is not the load's", () => {
    const measurement = measurementOf();
    measurement.hosts.server.before = snapshotOf({ "TcpExt:TW": 40, "Tcp:PassiveOpens": 3 });
    const trial = trialOf(measurement);
    expect(trial.timeWait?.server?.created).toBe(60);
    expect(trial.kernel.server?.counters["Tcp:PassiveOpens"]).toBe(97);
  });

  test("shares of who closed first come from the kernels", () => {
    const measurement = measurementOf({
      report: reportOf({
        connections: { opened: 100, failed: 0, closed: { client: 100, server: 0, reset: 0 }, ports: 100 },
      }),
    });
    expect(trialOf(measurement).closedFirst).toEqual({ client: 0, server: 1, reset: 0 });
  });

  test("a reset that both ends counted is one connection", () => {
    const measurement = measurementOf();
    measurement.hosts.client.after = snapshotOf({ "Tcp:ActiveOpens": 100, "Tcp:EstabResets": 100 });
    measurement.hosts.server.after = snapshotOf({ "Tcp:PassiveOpens": 100, "Tcp:EstabResets": 100 });
    expect(trialOf(measurement).closedFirst).toEqual({ client: 0, server: 0, reset: 1 });
  });

  test("resets of which each end counted its own are as many connections", () => {
    const measurement = measurementOf();
    measurement.hosts.client.after = snapshotOf({ "Tcp:ActiveOpens": 100, "Tcp:EstabResets": 40 });
    measurement.hosts.server.after = snapshotOf({ "Tcp:PassiveOpens": 100, "Tcp:EstabResets": 60 });
    expect(trialOf(measurement).closedFirst).toEqual({ client: 0, server: 0, reset: 1 });
  });
});

test("sockets that a reset ended in FIN_WAIT2 were counted, and never came to TIME_WAIT", () => {
  const measurement = measurementOf();
  measurement.hosts.client.after = snapshotOf({ "Tcp:ActiveOpens": 100, "Tcp:EstabResets": 100 });
  measurement.hosts.server.samples = [gaugeAt(1_000, 0), gaugeAt(1_050, 60), tableAt(1_100, 0, 0)];
  const trial = trialOf(measurement);
  expect(trial.timeWait?.server).toEqual({ created: 0, peak: 0, end: 0 });
  expect(trial.closedFirst).toEqual({ client: 0, server: 0, reset: 1 });
});

test("FINs that crossed leave a TIME_WAIT at each side, and both count", () => {
  const measurement = measurementOf();
  measurement.hosts.client.after = snapshotOf({ "Tcp:ActiveOpens": 100, "TcpExt:TW": 30 }, 30);
  const { timeWait } = trialOf(measurement);
  expect([timeWait?.client.created, timeWait?.server?.created]).toEqual([30, 100]);
});

test("why connections ended is what the client tells, and each connection has one cause", () => {
  const once = { min: 1, median: 1, max: 1 };
  const answer = { requests: once, idleMs: once };
  const after = { answer, idle: null, "client-idle": null, stale: null };
  const trial = trialOf(
    measurementOf({
      report: reportOf({ closings: { causes: { answer: 98, reset: 1 }, after, stale: 1, repeated: 3 } }),
    }),
  );
  expect(trial).toMatchObject({ closeCauses: { answer: 98, reset: 1 }, closedAfter: after, stale: 1, repeated: 3 });
  expect(trial.books.find(({ name }) => name === "connections by the cause of their end")).toMatchObject({
    difference: 1,
    balanced: false,
  });
  expect(trialOf(measurementOf())).toMatchObject({ closeCauses: null, closedAfter: null, stale: null, repeated: null });
});

describe("on a shared host", () => {
  const own = (timeWait: { client: number; server: number }): LinkEnd[] => [
    endOf("from", 8080, { time_wait: timeWait.client }, ["127.0.0.1", "127.0.0.1"]),
    endOf("to", 8080, { time_wait: timeWait.server }, ["127.0.0.1", "127.0.0.1"]),
  ];

  test("TIME_WAIT is what the table of states tells of either end, whatever the client saw", () => {
    const report = reportOf({
      connections: { opened: 100, failed: 0, closed: { client: 100, server: 0, reset: 0 }, ports: 100 },
    });
    const measurement = sharedMeasurement([], { report });
    const { client } = measurement.hosts;
    client.before.ends = [];
    client.after.ends = own({ client: 25, server: 75 });
    const { timeWait, closedFirst } = trialOf(measurement);
    expect(timeWait).toMatchObject({ client: { created: 25, end: 25 }, server: { created: 75, end: 75 } });
    expect(closedFirst).toEqual({ client: 0.25, server: 0.75, reset: 0 });
  });

  test("what connect() took over from TIME_WAIT is in no table, and counts for whoever holds the others", () => {
    const measurement = sharedMeasurement([], { isolation: "none" });
    const { client } = measurement.hosts;
    client.before.ends = [];
    client.after.ends = own({ client: 0, server: 40 });
    expect(trialOf(measurement)).toMatchObject({
      timeWait: { client: { created: 0 }, server: { created: 100 } },
      closedFirst: { client: 0, server: 1, reset: 0 },
    });
  });

  test("without a table, events are what the client saw of its own: the counter holds strangers", () => {
    const measurement = sharedMeasurement([tableAt(1_000, 0, 100)], { isolation: "none" });
    measurement.hosts.client.after.counters!["TcpExt:TW"] = 5_000;
    expect(trialOf(measurement).timeWait?.server?.created).toBe(100);
    expect(trialOf(measurement).books.map(({ name }) => name)).toEqual(["requests sent", "responses"]);
  });

  test("the timeline of a side is the table's", () => {
    const measurement = sharedMeasurement([gaugeAt(1_000, 99), tableAt(1_100, 3, 4)]);
    const { timeline } = trialOf(measurement);
    expect(timeline.client?.time_wait).toEqual([3]);
    expect(timeline.server?.time_wait).toEqual([4]);
  });
});

test("the clock of every timeline starts with the load", () => {
  const { timeline } = trialOf(measurementOf());
  expect(timeline.server?.atMs).toEqual([0, 50, 100]);
});

test("the sampling that ran is recorded, by role and by name", () => {
  const nat = hostOf({ sampling: { everyMs: 100, tableEveryMs: 1_000 } });
  const { sampling } = trialOf(measurementOf({ hosts: { nat } }));
  const ofRoles = { everyMs: 50, tableEveryMs: 1_000 };
  expect(sampling).toEqual({ client: ofRoles, server: ofRoles, nat: nat.sampling });
});

test("without /proc/net there is no TIME_WAIT figure, not a zero", () => {
  const none = hostOf({ before: snapshotOf(null, null), after: snapshotOf(null, null) });
  const trial = trialOf(measurementOf({ hosts: { client: none, server: none } }));
  expect(trial.timeWait).toBeNull();
  expect(trial.timeline.server).toBeNull();
  expect(trial.kernel).toEqual({ client: null, server: null });
});

test("rates are per second of the load; a server that is not ours has no CPU time", () => {
  const trial = trialOf(measurementOf({ processIds: { client: "client-0", server: null } }));
  expect(trial.requests.perSec).toBe(100);
  expect(trial.connections).toEqual({ opened: 100, failed: 0, perSec: 100, requestsPer: 1 });
  expect(trial.cpu).toEqual({ client: { userMs: 500, systemMs: 0, waitMs: null }, server: null });
});

test("the client says how long its own threads waited for a processor, the server's host how long the server's did", () => {
  const { cpu } = trialOf(measurementOf({ report: reportOf({ waitMs: 125 }) }));
  expect([cpu.client!.waitMs, cpu.server!.waitMs]).toEqual([125, 40]);
  const measurement = measurementOf();
  const { before } = measurement.hosts.server;
  for (const times of Object.values(before.cpu)) times.waitMs = 9_000;
  expect(trialOf(measurement).cpu.server!.waitMs).toBe(0);
});

test("connections that could not be opened are a figure, which a gate can name", () => {
  const report = reportOf();
  report.connections.failed = 3;
  expect(trialOf(measurementOf({ report })).connections).toMatchObject({ opened: 100, failed: 3 });
  expect(isNumericMetric("connections.failed")).toBe(true);
});

describe("books", () => {
  const bookOf = (measurement: Measurement, name: string): BookLine | undefined =>
    trialOf(measurement).books.find((line) => line.name === name);

  test("balance when client, both kernels and the server agree", () => {
    const { books } = trialOf(measurementOf());
    expect(books.filter(({ balanced, reason }) => !balanced || reason !== null)).toEqual([]);
    expect(books.map(({ name }) => name)).toEqual([
      "TcpExt:TW calibrated on the client",
      "TcpExt:TW calibrated on the server",
      "connections opened",
      "connections accepted",
      "requests sent",
      "responses",
      "connections ended",
      "TIME_WAIT present at the client",
      "TIME_WAIT present at the server",
    ]);
  });

  test("that do not balance say both figures, their difference and a likely reason", () => {
    const measurement = measurementOf();
    measurement.hosts.server.after = snapshotOf({
      "Tcp:PassiveOpens": 97,
      "TcpExt:TW": 97,
      "TcpExt:ListenOverflows": 3,
    });
    const line = bookOf(measurement, "connections accepted");
    expect(line).toMatchObject({ left: { count: 100 }, right: { count: 97 }, difference: 3, balanced: false });
    expect(line?.reason).toContain("overflow");
  });

  test("name one cause for all lines where other figures show it, and else say what is possible as possible", () => {
    const reasonsOf = (counters: Record<string, number>): (string | null)[] => {
      const measurement = measurementOf({ serverCount: { requests: 97, connections: 97 } });
      measurement.hosts.server.after = snapshotOf({ "Tcp:PassiveOpens": 97, "TcpExt:TW": 97, ...counters });
      const unbalanced = trialOf(measurement).books.filter(({ balanced }) => !balanced);
      expect(unbalanced.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["connections accepted", "requests sent", "responses", "connections ended"]),
      );
      return unbalanced.map(({ reason }) => reason);
    };
    const overflowing = reasonsOf({ "TcpExt:ListenOverflows": 3 });
    expect(overflowing.every((reason) => reason?.includes("listen queue overflowed 3 times"))).toBe(true);
    expect(reasonsOf({}).every((reason) => reason?.startsWith("possibly "))).toBe(true);
  });

  test("show by themselves that a client's close ends in resets", () => {
    const measurement = measurementOf({ report: reportOf({ requests: { sent: 198, succeeded: 100, failed: 98 } }) });
    measurement.hosts.client.after = snapshotOf({ "Tcp:ActiveOpens": 100, "Tcp:EstabResets": 98 });
    measurement.hosts.server.after = snapshotOf({ "Tcp:PassiveOpens": 100, "TcpExt:TW": 2 }, 2);
    expect(bookOf(measurement, "connections ended")?.balanced).toBe(true);
    expect(bookOf(measurement, "responses")?.balanced).toBe(true);
    expect(bookOf(measurement, "requests sent")).toMatchObject({ difference: 98, balanced: false });
  });

  test("take what tcp_max_tw_buckets refused for an ending like any other", () => {
    const measurement = measurementOf();
    measurement.hosts.server.after = snapshotOf(
      { "Tcp:PassiveOpens": 100, "TcpExt:TW": 30, "TcpExt:TCPTimeWaitOverflow": 70 },
      30,
    );
    expect(trialOf(measurement).books.filter(({ balanced }) => !balanced)).toEqual([]);
  });

  test("tell a side that closed first and was refused TIME_WAIT from a reset", () => {
    const measurement = measurementOf();
    measurement.hosts.client.after = snapshotOf({ "Tcp:ActiveOpens": 100, "Tcp:EstabResets": 10 });
    measurement.hosts.server.after = snapshotOf({
      "Tcp:PassiveOpens": 100,
      "Tcp:EstabResets": 10,
      "TcpExt:TCPTimeWaitOverflow": 90,
    });
    const { closedFirst, timeWait, books } = trialOf(measurement);
    expect(timeWait?.server?.created).toBe(0);
    expect(closedFirst).toEqual({ client: 0, server: 0.9, reset: 0.1 });
    expect(books.find(({ name }) => name === "connections ended")?.balanced).toBe(true);
  });

  test("let a RST that answers a late ACK take a TIME_WAIT away, but no more than RSTs were sent", () => {
    const measurement = measurementOf();
    measurement.report.connections.closed = { client: 100, server: 0, reset: 0 };
    measurement.hosts.client.after = snapshotOf({ "Tcp:ActiveOpens": 100, "TcpExt:TW": 100 }, 97);
    measurement.hosts.server.after = snapshotOf({ "Tcp:PassiveOpens": 100, "Tcp:OutRsts": 3 });
    const present = (): BookLine | undefined => bookOf(measurement, "TIME_WAIT present at the client");
    expect(present()).toMatchObject({ left: { count: 97 }, right: { count: 97 }, balanced: true });
    measurement.hosts.client.after.timeWait = 96;
    expect(present()).toMatchObject({ difference: 1, balanced: false });
    measurement.hosts.client.after.timeWait = 101;
    expect(present()).toMatchObject({ difference: -1, balanced: false });
  });

  test("balance where a client closes with responses unread, which ends in resets, some of them after a FIN", () => {
    const go = { drain: false, idleConnections: null };
    const variant = variantOf({ client: "go", connection: "keep-alive", requestsPerConnection: null, go });
    const measurement = measurementOf({ variant, serverCount: null });
    measurement.report.connections.closed = { client: 6, server: 0, reset: 94 };
    measurement.hosts.client.after = snapshotOf({ "Tcp:ActiveOpens": 100, "Tcp:EstabResets": 94, "TcpExt:TW": 6 });
    measurement.hosts.server.after = snapshotOf({ "Tcp:PassiveOpens": 100, "Tcp:EstabResets": 100 });
    const { books, timeWait } = trialOf(measurement);
    expect(books.filter(({ balanced }) => !balanced)).toEqual([]);
    expect(timeWait?.client.created).toBe(0);
  });

  test("take what a new connection from the same port reopened as many as the ports came round", () => {
    const measurement = measurementOf();
    measurement.report.connections.ports = 60;
    measurement.hosts.server.after = snapshotOf({ "Tcp:PassiveOpens": 100, "TcpExt:TW": 100 }, 60);
    expect(bookOf(measurement, "TIME_WAIT present at the server")).toMatchObject({
      left: { count: 60 },
      right: { count: 60 },
      balanced: true,
    });
    measurement.hosts.server.after.timeWait = 55;
    expect(bookOf(measurement, "TIME_WAIT present at the server")).toMatchObject({ difference: 5, balanced: false });
  });

  test("leave recycled sockets out of the client's population", () => {
    const measurement = measurementOf();
    measurement.hosts.client.after = snapshotOf(
      { "Tcp:ActiveOpens": 100, "TcpExt:TW": 100, "TcpExt:TWRecycled": 80 },
      20,
    );
    measurement.hosts.server.after = snapshotOf({ "Tcp:PassiveOpens": 100 });
    expect(trialOf(measurement).books.filter(({ balanced }) => !balanced)).toEqual([]);
  });

  test("rest on a calibrated counter, and say so when it is not one", () => {
    const late = { known: 1, counted: 0, left: 0 };
    const measurement = measurementOf();
    measurement.hosts.client.calibration = late;
    measurement.hosts.server.calibration = late;
    const trial = trialOf(measurement);
    expect(trial.books.filter(({ balanced }) => !balanced).map(({ name }) => name)).toEqual([
      "TcpExt:TW calibrated on the client",
      "TcpExt:TW calibrated on the server",
    ]);
    // What the client saw of its own, then.
    expect(trial.timeWait?.server?.created).toBe(100);
  });
});

describe("behind a proxy", () => {
  const lab = variantOf().lab;
  const proxy = { kind: "nginx", upstream: "close", connections: 16, port: 8080, readyTimeoutMs: 1 } as const;
  const there = ["198.18.0.1", "198.18.0.2", "198.18.0.3"] as const;
  const [client, between, server] = there;
  const after = (counters: Counters, timeWait: number, ends: LinkEnd[]): HostSnapshot => ({
    ...snapshotOf(counters, timeWait, 400, 2_000),
    ends,
  });
  const nothing = { ...snapshotOf({}), ends: [] };
  const measurement = measurementOf({
    variant: { ...variantOf(), lab: { ...lab, topology: "proxy", proxy } },
    target: { host: "proxy", port: 8080 },
    hosts: {
      client: hostOf({ addresses: [client], before: nothing, after: after({ "Tcp:ActiveOpens": 100 }, 0, []) }),
      proxy: hostOf({
        addresses: [between],
        before: nothing,
        after: after({ "Tcp:ActiveOpens": 7, "Tcp:PassiveOpens": 100, "TcpExt:TW": 105 }, 105, [
          endOf("to", 8080, { time_wait: 100 }, [between, client]),
          endOf("from", 8080, { time_wait: 5 }, [between, server]),
        ]),
      }),
      server: hostOf({
        addresses: [server],
        before: nothing,
        after: after({ "Tcp:PassiveOpens": 7, "TcpExt:TW": 2 }, 2, [
          endOf("to", 8080, { time_wait: 2 }, [server, between]),
        ]),
      }),
    },
  });

  test("the books are of each host over all of its links", () => {
    const { books } = trialOf(measurement);
    expect(books.filter(({ balanced }) => !balanced)).toEqual([]);
    expect(books.map(({ name }) => name)).toContain("TIME_WAIT of all links of proxy");
    expect(books.map(({ name }) => name)).not.toContain("connections accepted");
  });

  test("TIME_WAIT and who closed first are of the load's own connections, which end at the proxy; the others are a link", () => {
    const { closedFirst, timeWait, links } = trialOf(measurement);
    expect(closedFirst).toEqual({ client: 0, server: 1, reset: 0 });
    expect(timeWait).toMatchObject({ client: { created: 0 }, server: { created: 100 } });
    expect(Object.keys(links!)).toEqual(["client", "proxy"]);
    expect(links!["proxy"]!["server"]).toMatchObject({
      opened: 7,
      timeWait: { from: { created: 5 }, to: { created: 2 } },
      exact: true,
    });
  });
});
