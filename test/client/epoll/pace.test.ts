import { describe, expect, test } from "vitest";
import type { LoadBooks, LoadTarget } from "../../../src/client/types.js";
import type { LoadPlan, PacePlan } from "../../../src/scenario/types.js";
import { decode, type LatencySummary, summarize } from "../../../src/stats/histogram.js";
import { CLOSE } from "../load.js";
import { answerAsAsked, deadTarget, OK, type RawRequest, startServer } from "../servers.js";
import { type Changes, countIn, runEpoll } from "./load.js";

function constant(perSec: number, durationMs: number): Pick<LoadPlan, "pace" | "durationMs"> {
  const pace: PacePlan = {
    arrivals: "constant",
    stages: [{ durationMs, fromPerSec: perSec, toPerSec: perSec }],
    seed: 1,
  };
  return { pace, durationMs };
}

async function run(target: LoadTarget, changes: Changes, signal?: AbortSignal): Promise<LoadBooks> {
  const load = await runEpoll(target, changes, signal);
  expect(countIn(load.pace?.uncorrectedHistogram)).toBe(load.requests.succeeded);
  return load;
}

/** Every request that was due has succeeded; on a busy machine the last few may come too late. */
function expectKept({ requests, pace }: LoadBooks, due: number): void {
  expect(requests.failed).toBe(0);
  expect(requests.succeeded + (pace?.unsent ?? 0)).toBe(due);
  expect(pace?.unsent).toBeLessThanOrEqual(Math.max(1, 0.1 * due));
}

function summaries(load: LoadBooks): { corrected: LatencySummary; uncorrected: LatencySummary } {
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
  test("threads together make exactly as many requests as the rate calls for, over connections that they keep", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...constant(200, 500), connections: 4, sockets: { threads: 2 } });
    expectKept(load, 100);
    expect(load.connections.opened).toBe(4);
    expect(load.connections.closed).toEqual({ client: 4, server: 0, reset: 0 });
    expect(load.endedAtMs - load.startedAtMs).toBeCloseTo(500, -1);
  });

  test("no request begins before it was meant to", async () => {
    const timesMs: number[] = [];
    const server = await startServer((request) => {
      timesMs.push(Number(process.hrtime.bigint()) / 1e6);
      answerAsAsked(request);
    });
    const load = await run(server.target, { ...constant(400, 300), connections: 2 });
    const early = timesMs.filter((atMs, nth) => atMs < load.startedAtMs + nth * 2.5);
    expect(early).toEqual([]);
    expect(timesMs.length).toBe(load.requests.sent);
  });

  test("each request of a close load has a connection of its own", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...constant(200, 300), ...CLOSE, connections: 3 });
    expectKept(load, 60);
    const { sent } = load.requests;
    expect(load.connections).toMatchObject({ opened: sent, closed: { client: 0, server: sent, reset: 0 } });
  });

  test("ends with the number of its requests, and then nothing is unsent", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 20));
    const load = await run(server.target, { ...constant(1000, 10_000), connections: 1, requests: 5 });
    expect(load.requests.sent).toBe(5);
    expect(load.pace?.unsent).toBe(0);
  });

  test("opens a connection again that the server has closed, or reset, while nothing was on it", async () => {
    const server = await startServer(({ socket, nth }) => {
      socket.write(OK);
      setTimeout(() => (nth % 2 === 0 ? socket.end() : socket.resetAndDestroy()), 5);
    });
    const load = await run(server.target, { ...constant(20, 500), connections: 2 });
    expectKept(load, 10);
    expect(load.connections.opened).toBe(load.requests.sent);
  });

  test("resets what is left at the end when it is to reset", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...constant(100, 200), connections: 2, closer: "reset" });
    expect(load.connections.closed).toEqual({ client: 0, server: 0, reset: 2 });
  });

  test("ends early when it is told to, and counts nothing as unsent that was due afterwards", async () => {
    const stop = new AbortController();
    const server = await startServer(() => setTimeout(() => stop.abort(), 100));
    const load = await run(server.target, { ...constant(200, 60_000), connections: 2 }, stop.signal);
    expect(load.errors).toEqual({ unfinished: 2 });
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
  expect((await runEpoll(server.target, { requests: 5 })).pace).toBeNull();
});
