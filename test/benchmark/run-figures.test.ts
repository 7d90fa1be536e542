import { describe, expect, test } from "vitest";
import type { HostSnapshot } from "../../src/sampler/types.js";
import { type Reading, runOf } from "./run-figures.js";

const IDS = { client: "client-0", server: "server-0" };
const CLAIM = { requests: 1, failed: 0, seconds: 1 };

function host(atMs: number, counters: Record<string, number>, cpu: HostSnapshot["cpu"]): HostSnapshot {
  return { atMs, counters, cpu, timeWait: 0, ends: null, localPorts: null };
}

function reading(
  atMs: number,
  figures: {
    opened: number;
    accepted: number;
    failed?: number;
    resets?: number;
    requests: number | null;
    cpuMs: number;
  },
): Reading {
  const { opened, accepted, failed = 0, resets = 0, requests, cpuMs } = figures;
  return {
    client: host(
      atMs,
      { "Tcp:ActiveOpens": opened, "Tcp:AttemptFails": failed, "Tcp:OutRsts": resets },
      { "client-0": { userMs: cpuMs, systemMs: cpuMs * 9, waitMs: 0 } },
    ),
    server: host(
      atMs + 1,
      { "Tcp:PassiveOpens": accepted },
      { "server-0": { userMs: cpuMs, systemMs: cpuMs, waitMs: 0 } },
    ),
    requests: requests === null ? null : { atMs: atMs + 2, count: requests },
  };
}

const READINGS = {
  before: reading(0, { opened: 1, accepted: 1, requests: 0, cpuMs: 0 }),
  from: reading(1_000, { opened: 1_001, accepted: 1_001, requests: 900, cpuMs: 500 }),
  to: reading(3_000, { opened: 5_001, accepted: 5_001, resets: 40, requests: 4_800, cpuMs: 600 }),
  after: reading(4_000, { opened: 6_003, accepted: 6_001, failed: 2, resets: 40, requests: 6_000, cpuMs: 900 }),
};

describe("the figures of a run", () => {
  const run = runOf("wrk", READINGS, IDS, CLAIM);

  test("are rates in its window, each over its own time", () => {
    expect(run.windowMs).toBe(2_000);
    expect(run.connectionsPerSec).toBe(2_000);
    expect(run.requestsPerSec).toBe(1_950);
    expect(run.resets).toBe(0.01);
  });

  test("hold the CPU time of the window alone", () => {
    expect(run.cpu).toEqual({ userMs: 100, systemMs: 900 });
    expect(run.serverCpu).toEqual({ userMs: 100, systemMs: 100 });
  });

  test("hold what was counted from beginning to end, failed attempts taken off, beside the claim", () => {
    expect(run.total).toEqual({ opened: 6_000, accepted: 6_000, requests: 6_000 });
    expect(run.claim).toEqual(CLAIM);
  });

  test("say nothing of requests where the server does not count", () => {
    const uncounted = { ...READINGS, from: { ...READINGS.from, requests: null } };
    expect(runOf("wrk", uncounted, IDS, CLAIM).requestsPerSec).toBeNull();
  });
});

describe("a run without figures is an error", () => {
  test("because nothing happened in its window", () => {
    const { requests } = READINGS.from;
    const still = { ...READINGS, to: { ...READINGS.to, server: READINGS.from.server, requests } };
    expect(() => runOf("wrk", still, IDS, CLAIM)).toThrow(/nothing happened/u);
  });

  test("because the client had ended by the end of its window", () => {
    const ended = { ...READINGS, to: { ...READINGS.to, client: { ...READINGS.to.client, cpu: {} } } };
    expect(() => runOf("wrk", ended, IDS, CLAIM)).toThrow(/CPU time/u);
  });
});
