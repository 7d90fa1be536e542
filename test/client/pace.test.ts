import { beforeAll, describe, expect, test } from "vitest";
import type { LoadBooks } from "../../src/client/types.js";
import { decode, type LatencySummary, summarize } from "../../src/stats/histogram.js";
import { Pacer } from "../../src/client/pace/pacer.js";
import type { PacePlan } from "../../src/scenario/types.js";
import { BUILD_MS, builtClient } from "./go/load.js";
import { CLOSE, sum } from "./load.js";
import { constant, expectKept, PACED } from "./paced.js";
import { answerAsAsked, deadTarget, OK, type RawRequest, startServer } from "./servers.js";

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

beforeAll(builtClient, BUILD_MS);

describe.each(PACED)("the client $name with a pace", ({ name, run: runClient }) => {
  const run: typeof runClient = async (...args) => {
    const load = await runClient(...args);
    expect(load.requests.sent).toBe(load.requests.succeeded + load.requests.failed);
    expect(sum(load.connections.closed)).toBe(load.connections.opened);
    if (load.pace !== null) {
      const { uncorrectedHistogram } = load.pace;
      const count = uncorrectedHistogram === null ? 0 : decode(uncorrectedHistogram).totalCount;
      expect(count).toBe(load.requests.succeeded);
    }
    return load;
  };

  test("makes exactly as many requests as the rate calls for, and no more connections than it needs", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...constant(200, 500), connections: 4 });
    expectKept(load, 100);
    // A pool gives each request the connection that was free last.
    if (name === "go") expect(load.connections.opened).toBeLessThanOrEqual(4);
    else expect(load.connections.opened).toBe(4);
    expect(load.endedAtMs - load.startedAtMs).toBeCloseTo(500, -1);
  });

  test("makes each request of a close load over a connection of its own", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...constant(200, 300), ...CLOSE, connections: 3 });
    expectKept(load, 60);
    const { sent } = load.requests;
    expect(load.connections).toMatchObject({ opened: sent, closed: { client: 0, server: sent, reset: 0 } });
  });

  test("keeps to the arrivals of the plan's seed, and to its stages", async () => {
    const stages = [
      { durationMs: 100, fromPerSec: 0, toPerSec: 600 },
      { durationMs: 200, fromPerSec: 600, toPerSec: 200 },
    ];
    const pace: PacePlan = { arrivals: "poisson", stages, seed: 1 };
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { pace, durationMs: 300, connections: 4 });
    expect(load.requests.succeeded + (load.pace?.unsent ?? 0)).toBe(new Pacer(pace).skipTo(300));
  });

  test("ends with the number of its requests, and then nothing is unsent", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...constant(500, 10_000), requests: 25 });
    expect(load.requests.sent).toBe(25);
    expect(load.pace?.unsent).toBe(0);
  });

  test("leaves nothing unsent that was only due after the last of its requests, however late that one was", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 20));
    const load = await run(server.target, { ...constant(1000, 10_000), connections: 1, requests: 5 });
    expect(load.requests.sent).toBe(5);
    expect(load.pace?.unsent).toBe(0);
  });

  test("ends early when it is told to, and counts nothing that was not yet due", async () => {
    const stop = new AbortController();
    // From the first request on, however long the client takes to start.
    const server = await startServer((request) => {
      answerAsAsked(request);
      setTimeout(() => stop.abort(), 200);
    });
    const load = await run(server.target, constant(100, 60_000), stop.signal);
    expect(load.requests.sent).toBeGreaterThan(10);
    expect(load.requests.sent).toBeLessThan(100);
    expect(load.pace?.unsent).toBeLessThan(5);
    expect(load.connections.closed.client).toBe(load.connections.opened);
  });

  test("counts nothing as unsent that was due while the last requests were waited for", async () => {
    const stop = new AbortController();
    const server = await startServer(() => setTimeout(() => stop.abort(), 100));
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

  test("shows a stall of a second in the corrected latencies, and hides it in the uncorrected ones", async () => {
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

  test("counts each request that a rate which cannot be kept leaves unsent", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 20));
    const load = await run(server.target, { ...constant(1000, 500), connections: 2 });
    expect(load.requests.sent + (load.pace?.unsent ?? 0)).toBe(500);
    // Two connections make at most a hundred requests a second of 20 ms.
    expect(load.requests.sent).toBeLessThanOrEqual(52);
    const { corrected, uncorrected } = summaries(load);
    expect(corrected.p50).toBeGreaterThan(5 * uncorrected.p50);
  });

  test("reports no pace of a closed loop", async () => {
    const server = await startServer(answerAsAsked);
    expect((await run(server.target, { requests: 5 })).pace).toBeNull();
  });
});
