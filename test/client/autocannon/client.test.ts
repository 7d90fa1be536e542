import { describe, expect, test } from "vitest";
import { autocannonClient } from "../../../src/client/autocannon/client.js";
import type { LoadPlan } from "../../../src/scenario/types.js";
import { decode, summarize } from "../../../src/stats/histogram.js";
import { CLOSE, type Load, runLoad, sum } from "../load.js";
import { answerAsAsked, asksToClose, BODY, deadTarget, OK, startServer } from "../servers.js";

const run = (target: { host: string; port: number }, changes: Partial<LoadPlan>, signal?: AbortSignal): Promise<Load> =>
  runLoad(autocannonClient, target, { client: "autocannon", ...changes }, signal);

/** True of every load, whatever the server does. */
function expectTrueBooks(load: Load): void {
  expect(load.requests.sent).toBe(load.requests.succeeded + load.requests.failed);
  expect(sum(load.errors)).toBe(load.requests.failed);
  expect(load.latencies).toBe(load.requests.succeeded);
  expect(sum(load.connections.closed)).toBe(load.connections.opened);
  expect(sum(load.failedBy)).toBe(load.connections.failed);
}

describe("keep-alive", () => {
  test("makes exactly the requests it was asked for, over as many connections as it was given", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { connections: 4, requests: 23 });
    expectTrueBooks(load);
    expect(load.requests).toEqual({ sent: 23, succeeded: 23, failed: 0 });
    expect(server.heads).toHaveLength(23);
    expect(server.heads.some(asksToClose)).toBe(false);
    expect(load.connections).toEqual({
      opened: 4,
      failed: 0,
      closed: { client: 4, server: 0, reset: 0 },
      ports: expect.any(Number) as number,
    });
  });

  test("makes fewer requests than it has connections", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { connections: 10, requests: 3 });
    expect(load.requests).toEqual({ sent: 3, succeeded: 3, failed: 0 });
  });

  test("runs for its time when no number of requests is given", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { connections: 2, durationMs: 200 });
    expectTrueBooks(load);
    expect(load.requests.failed).toBe(0);
    expect(load.requests.succeeded).toBe(server.heads.length);
  });

  test("asks for the plan's path", async () => {
    const server = await startServer(answerAsAsked);
    await run(server.target, { requests: 1, path: "/a/b?c=d" });
    expect(server.heads[0]).toMatch(/^GET \/a\/b\?c=d HTTP\/1\.1\r\n/u);
  });
});

describe("close", () => {
  test("counts each request that autocannon writes to a connection that has just been closed", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...CLOSE, connections: 3, requests: 60 });
    expectTrueBooks(load);
    expect(load.requests.sent).toBe(60);
    // A response, and one lost request after it: the halves differ by what each slot ended with.
    expect(Math.abs(load.requests.succeeded - load.requests.failed)).toBeLessThanOrEqual(3);
    expect(["server-closed", "ECONNRESET", "EPIPE"]).toEqual(expect.arrayContaining(Object.keys(load.errors)));
    expect(load.connections.opened).toBe(load.requests.succeeded);
  });

  test("measures each latency from the request that the response belongs to", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.end(OK), 20));
    const load = await run(server.target, { ...CLOSE, connections: 1, requests: 20 });
    // Over one connection they follow each other; from the lost request on they would overlap, each twice as long.
    const { mean } = summarize(decode(load.latencyHistogram ?? ""))!;
    expect(mean * load.latencies).toBeLessThanOrEqual((load.endedAtMs - load.startedAtMs) * 1000 * 1.01);
    expect(load.requests.succeeded).toBe(10);
  });
});

describe("failures", () => {
  test("counts resets by their errno", async () => {
    const server = await startServer(({ socket }) => socket.resetAndDestroy());
    const load = await run(server.target, { connections: 2, requests: 10 });
    expectTrueBooks(load);
    expect(load.errors).toEqual({ ECONNRESET: 10 });
    expect(load.connections.closed.reset).toBe(10);
  });

  test("takes no half of a broken response for the beginning of the next", async () => {
    let answers = 0;
    const server = await startServer(({ socket }) => {
      if (++answers % 2 === 0) socket.write(OK);
      else socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n${BODY.slice(0, 5)}`);
    });
    const load = await run(server.target, { connections: 1, requests: 20 });
    expectTrueBooks(load);
    expect(load.requests).toEqual({ sent: 20, succeeded: 10, failed: 10 });
    expect(load.errors).toEqual({ "server-closed": 10 });
  });

  test("counts statuses of failure by their number", async () => {
    const server = await startServer(({ socket }) => socket.write("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
    const load = await run(server.target, { requests: 8 });
    expect(load.errors).toEqual({ "HTTP 503": 8 });
  });

  test("gives up a request that has no whole response in time, also within less than a second", async () => {
    const server = await startServer(() => {});
    const load = await run(server.target, { connections: 2, requests: 4, timeoutMs: 60 });
    expectTrueBooks(load);
    expect(load.errors).toEqual({ ETIMEDOUT: 4 });
    expect(load.connections.opened).toBe(4);
  });

  test("counts what is not HTTP as malformed, at once", async () => {
    const server = await startServer(({ socket }) => socket.write("220 mail.example ready\r\n\r\n"));
    const load = await run(server.target, { connections: 2, requests: 4 });
    expectTrueBooks(load);
    expect(load.errors).toEqual({ "malformed-response": 4 });
  });
});

describe("a dead server", () => {
  test("sees some dozens of attempts a client, not a tight loop", async () => {
    const load = await run(await deadTarget(), { connections: 3, durationMs: 700 });
    expectTrueBooks(load);
    expect(load.errors).toEqual({ ECONNREFUSED: load.requests.sent });
    expect(load.failedBy).toEqual({ ECONNREFUSED: load.requests.sent });
    expect(load.requests.sent).toBeGreaterThan(3 * 3);
    expect(load.requests.sent).toBeLessThan(3 * 30);
  });

  test("is left alone between two attempts, whatever the timeout", async () => {
    const load = await run(await deadTarget(), { connections: 1, durationMs: 700, timeoutMs: 5 });
    expectTrueBooks(load);
    expect(load.requests.sent).toBeLessThan(30);
  });
});

describe("the end", () => {
  test("lets what is in flight finish", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 350));
    const load = await run(server.target, { connections: 5, durationMs: 250 });
    expectTrueBooks(load);
    expect(load.requests).toEqual({ sent: 5, succeeded: 5, failed: 0 });
  });

  test("counts as unfinished what is not answered within the drain", async () => {
    const server = await startServer(() => {});
    const load = await run(server.target, { connections: 5, durationMs: 500 });
    expectTrueBooks(load);
    expect(load.errors).toEqual({ unfinished: 5 });
  });

  test("comes early when it is told to stop, with what was measured until then", async () => {
    const server = await startServer(answerAsAsked);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 120);
    const load = await run(server.target, { connections: 2, durationMs: 60_000 }, stop.signal);
    expectTrueBooks(load);
    expect(load.requests.succeeded).toBeGreaterThan(0);
    expect(load.requests.failed).toBe(0);
  });

  test("sends nothing when it was stopped before it began", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, {}, AbortSignal.abort());
    expect(load.requests.sent).toBe(0);
    expect(server.connections).toBe(0);
  });
});

const PACE = {
  arrivals: "constant" as const,
  stages: [{ durationMs: 1000, fromPerSec: 10, toPerSec: 10 }],
  seed: 1,
};

test.each([
  ["be the side that closes first", { ...CLOSE, closer: "client" as const }],
  ["close after a number of requests", { requestsPerConnection: 10 }],
  ["keep a rate", { pace: PACE }],
])("does not pretend to %s", async (_, changes) => {
  const server = await startServer(answerAsAsked);
  await expect(run(server.target, changes)).rejects.toMatchObject({ code: "bad-scenario" });
  expect(server.connections).toBe(0);
});
