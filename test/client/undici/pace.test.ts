import { describe, expect, test } from "vitest";
import type { LoadTarget } from "../../../src/client/types.js";
import { undiciClient } from "../../../src/client/undici/client.js";
import type { LoadPlan, PacePlan } from "../../../src/scenario/types.js";
import { decode, type LatencySummary, summarize } from "../../../src/stats/histogram.js";
import { CLOSE, type Load, runLoad, sum } from "../load.js";
import { answerAsAsked, deadTarget, OK, type RawRequest, startServer } from "../servers.js";

function constant(perSec: number, durationMs: number): Pick<LoadPlan, "pace" | "durationMs"> {
  const pace: PacePlan = {
    arrivals: "constant",
    stages: [{ durationMs, fromPerSec: perSec, toPerSec: perSec }],
    seed: 1,
  };
  return { pace, durationMs };
}

async function run(target: LoadTarget, changes: Partial<LoadPlan>, signal?: AbortSignal): Promise<Load> {
  const load = await runLoad(undiciClient, target, changes, signal);
  expect(load.requests.sent).toBe(load.requests.succeeded + load.requests.failed);
  expect(sum(load.connections.closed)).toBe(load.connections.opened);
  expect(load.latencies).toBe(load.requests.succeeded);
  return load;
}

/** Every request that was due has succeeded; on a busy machine a timer may be too late for the last few. */
function expectKept({ requests, pace }: Load, due: number): void {
  expect(requests.failed).toBe(0);
  expect(requests.succeeded + (pace?.unsent ?? 0)).toBe(due);
  expect(pace?.unsent).toBeLessThanOrEqual(Math.max(1, 0.1 * due));
}

function summaries(load: Load): { corrected: LatencySummary; uncorrected: LatencySummary } {
  const of = (histogram: string | null | undefined): LatencySummary => summarize(decode(histogram ?? ""))!;
  return { corrected: of(load.latencyHistogram), uncorrected: of(load.pace?.uncorrectedHistogram) };
}

/** Answers at once, but holds back everything that comes between two times after the first request. */
function stalling(fromMs: number, untilMs: number): (request: RawRequest) => void {
  let startMs: number | null = null;
  return (request) => {
    startMs ??= performance.now();
    const atMs = performance.now() - startMs;
    if (atMs < fromMs || atMs >= untilMs) request.socket.write(OK);
    else setTimeout(() => request.socket.write(OK), untilMs - atMs);
  };
}

describe("with a pace", () => {
  test("makes exactly as many requests as the rate calls for, and no more connections than it needs", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...constant(200, 500), connections: 4 });
    expectKept(load, 100);
    expect(load.connections.opened).toBe(4);
    expect(load.endedAtMs - load.startedAtMs).toBeCloseTo(500, -1);
  });

  test("makes each request of a close load over a connection of its own", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...constant(200, 300), ...CLOSE, connections: 3 });
    expectKept(load, 60);
    const { sent } = load.requests;
    expect(load.connections).toMatchObject({ opened: sent, closed: { client: 0, server: sent, reset: 0 } });
  });

  test("ends with the number of its requests, and then nothing is unsent", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...constant(500, 10_000), requests: 25 });
    expect(load.requests.sent).toBe(25);
    expect(load.pace?.unsent).toBe(0);
  });

  test("opens a connection again that the server has closed while nothing was on it", async () => {
    const server = await startServer(({ socket }) => {
      socket.write(OK);
      setTimeout(() => socket.end(), 5);
    });
    const load = await run(server.target, { ...constant(20, 500), connections: 2 });
    expectKept(load, 10);
    const { sent } = load.requests;
    expect(load.connections).toMatchObject({ opened: sent, closed: { client: 0, server: sent, reset: 0 } });
  });

  test("has never more than one request on a slot whose idle connection the server has closed", async () => {
    let answers = 0;
    const server = await startServer(({ socket }) =>
      setTimeout(() => {
        socket.write(OK);
        if (++answers <= 4) setTimeout(() => socket.end(), 2);
      }, 30),
    );
    // First with time to close between two requests, then with more of them than one connection can take.
    const stages = [
      { durationMs: 300, fromPerSec: 20, toPerSec: 20 },
      { durationMs: 200, fromPerSec: 60, toPerSec: 60 },
    ];
    const pace: PacePlan = { arrivals: "constant", stages, seed: 1 };
    const load = await run(server.target, { pace, durationMs: 500, connections: 1 });
    // Of two requests on a slot only one would ever have an outcome.
    expect(load.errors).not.toHaveProperty("unfinished");
    expect(load.requests.sent + (load.pace?.unsent ?? 0)).toBe(18);
    expect(load.mostSockets).toBe(1);
  });

  test("leaves nothing unsent that was only due after the last of its requests, however late that one was", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 20));
    const load = await run(server.target, { ...constant(1000, 10_000), connections: 1, requests: 5 });
    expect(load.requests.sent).toBe(5);
    expect(load.pace?.unsent).toBe(0);
  });

  test("ends early when it is told to, and counts nothing that was not yet due", async () => {
    const server = await startServer(answerAsAsked);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const load = await run(server.target, constant(100, 60_000), stop.signal);
    expect(load.requests.sent).toBeGreaterThan(10);
    expect(load.requests.sent).toBeLessThan(100);
    expect(load.pace?.unsent).toBeLessThan(5);
    expect(load.connections.closed.client).toBe(load.connections.opened);
  });

  test("counts nothing as unsent that was due while the last requests were waited for", async () => {
    const server = await startServer(() => {});
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const load = await run(server.target, { ...constant(200, 60_000), connections: 2 }, stop.signal);
    expect(load.requests.sent).toBe(2);
    expect(load.pace?.unsent).toBeGreaterThan(10);
    // The wait lasts for half a second, in which another hundred would have been due.
    expect(load.pace?.unsent).toBeLessThan(80);
  });

  test("counts what a dead server leaves unsent", async () => {
    const load = await run(await deadTarget(), { ...constant(1000, 400), connections: 2 });
    expect(load.requests.succeeded).toBe(0);
    expect(load.requests.sent + (load.pace?.unsent ?? 0)).toBe(400);
    expect(load.pace?.unsent).toBeGreaterThan(300);
  });
});

describe("a server that stalls for a second", () => {
  test("shows in the corrected latencies, and hides in the uncorrected ones", async () => {
    const server = await startServer(stalling(800, 1800));
    const load = await run(server.target, { ...constant(600, 3000), connections: 1 });
    expectKept(load, 1800);
    const { corrected, uncorrected } = summaries(load);
    // 600 requests were meant to start while one was held back; the first of them has waited for nearly all of it.
    expect(corrected.p999).toBeGreaterThan(900_000);
    expect(corrected.p90).toBeGreaterThan(300_000);
    // One request alone was slow by the clock that starts when a request is sent.
    expect(uncorrected.max).toBeGreaterThan(900_000);
    expect(uncorrected.p99).toBeLessThan(300_000);
    expect(uncorrected.p999).toBeLessThan(corrected.p999 / 2);
  });
});

describe("a rate that cannot be kept", () => {
  test("leaves requests unsent, and counts each", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 20));
    const load = await run(server.target, { ...constant(1000, 500), connections: 2 });
    expect(load.requests.sent + (load.pace?.unsent ?? 0)).toBe(500);
    // Two connections make at most a hundred requests a second of 20 ms.
    expect(load.requests.sent).toBeLessThanOrEqual(52);
    const { corrected, uncorrected } = summaries(load);
    expect(corrected.p50).toBeGreaterThan(5 * uncorrected.p50);
  });
});

test("a closed loop has no pace to report", async () => {
  const server = await startServer(answerAsAsked);
  expect((await run(server.target, { requests: 5 })).pace).toBeNull();
});
