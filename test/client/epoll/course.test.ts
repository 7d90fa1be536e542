import { describe, expect, test } from "vitest";
import { epollClient } from "../../../src/client/epoll/client.js";
import { CLOSE, PLAN } from "../load.js";
import { answerAsAsked, OK, startServer } from "../servers.js";
import { countIn, runEpoll } from "./load.js";

describe("threads", () => {
  test("share connections and requests, and nothing is lost between them", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { connections: 7, requests: 100, sockets: { threads: 3 } });
    expect(load.requests).toEqual({ sent: 100, succeeded: 100, failed: 0 });
    expect(server.heads).toHaveLength(100);
    expect(load.connections.opened).toBe(7);
  });

  test("are no more than there are connections", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { ...CLOSE, connections: 2, requests: 10, sockets: { threads: 5 } });
    expect(load.requests.succeeded).toBe(10);
  });

  test("make one timeline, which holds every success in its 100 ms", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 10));
    const { timeline, requests } = await runEpoll(server.target, {
      connections: 6,
      durationMs: 1450,
      sockets: { threads: 2 },
    });
    expect(timeline.atMs.slice(0, 14)).toEqual(Array.from({ length: 14 }, (_, i) => (i + 1) * 100));
    const counted = timeline.perSec.reduce(
      (sum, perSec, i) => sum + (perSec * (timeline.atMs[i]! - (timeline.atMs[i - 1] ?? 0))) / 1000,
      0,
    );
    // Of what completes after the last whole interval only half an interval is looked at.
    expect(counted).toBeGreaterThan(requests.succeeded * 0.9);
    expect(counted).toBeLessThan(requests.succeeded + 1);
    expect(timeline.p50Us.every((p50) => p50 !== null && p50 >= 9_000)).toBe(true);
    expect(timeline.p99Us.every((p99, i) => p99! >= timeline.p50Us[i]!)).toBe(true);
  });
});

describe("a stall", () => {
  test("is intervals without a success, not missing intervals", async () => {
    const server = await startServer(({ socket, nth }) => {
      if (nth === 5) setTimeout(() => socket.write(OK), 450);
      else socket.write(OK);
    });
    const { timeline } = await runEpoll(server.target, { connections: 1, durationMs: 800 });
    expect(timeline.atMs.length).toBeGreaterThanOrEqual(8);
    expect(timeline.perSec.filter((perSec) => perSec === 0).length).toBeGreaterThanOrEqual(3);
    expect(timeline.p50Us.filter((p50) => p50 === null).length).toBeGreaterThanOrEqual(3);
  });
});

describe("the end", () => {
  test("lets what is in flight finish", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 150));
    const load = await runEpoll(server.target, { connections: 5, durationMs: 50 });
    expect(load.requests).toEqual({ sent: 5, succeeded: 5, failed: 0 });
  });

  test("counts as unfinished what is not answered within the drain", async () => {
    const server = await startServer(() => {});
    const load = await runEpoll(server.target, { connections: 5, durationMs: 50 });
    expect(load.errors).toEqual({ unfinished: 5 });
    expect(load.errorsByCall).toEqual({});
    expect(load.connections.closed).toEqual({ client: 5, server: 0, reset: 0 });
    // The wait for them is no part of the load.
    expect(load.endedAtMs - load.startedAtMs).toBeCloseTo(50);
  });

  test("starts no request after the time is over", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 80));
    const load = await runEpoll(server.target, { connections: 2, durationMs: 200 });
    // Each takes at least 80 ms, so that a third one may begin before the 200th ms and a fourth may not.
    expect(load.requests.sent).toBeLessThanOrEqual(6);
    expect(load.requests.failed).toBe(0);
  });

  test("comes early when it is told to stop, with what was measured until then", async () => {
    const stop = new AbortController();
    const server = await startServer((request) => {
      answerAsAsked(request);
      if (request.nth === 10) setTimeout(() => stop.abort(), 20);
    });
    const load = await runEpoll(server.target, { connections: 2, durationMs: 60_000 }, stop.signal);
    expect(load.requests.succeeded).toBeGreaterThan(0);
    expect(load.requests.failed).toBe(0);
    expect(load.connections.closed.client).toBe(2);
    expect(load.endedAtMs - load.startedAtMs).toBeLessThan(30_000);
  });

  test("comes before the beginning: then nothing is sent", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, {}, AbortSignal.abort());
    expect(load.requests).toEqual({ sent: 0, succeeded: 0, failed: 0 });
    expect(load.latencyHistogram).toBeNull();
    expect(load.timeline.atMs).toEqual([]);
    expect(server.connections).toBe(0);
  });

  test("of counted requests is the last outcome, not the planned time", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { connections: 2, requests: 2, durationMs: 60_000 });
    expect(load.endedAtMs - load.startedAtMs).toBeLessThan(30_000);
  });
});

describe("a prepared load", () => {
  test("has sent nothing, and opened nothing", async () => {
    const server = await startServer(answerAsAsked);
    const load = await epollClient.prepare({ ...PLAN, client: "epoll", requests: 1 }, server.target);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.connections).toBe(0);
    const rows = { atMs: [], perSec: [], p50Us: [], p99Us: [] };
    const nothing = { elapsedMs: 0, succeeded: 0, failed: 0, connections: 0, perSec: 0, noPort: 0, rows };
    expect(load.progress()).toEqual(nothing);
    const books = await load.run(new AbortController().signal);
    expect(countIn(books.latencyHistogram)).toBe(1);
  });
});

test("holds more connections than are worked off at once", async () => {
  const server = await startServer(answerAsAsked);
  const load = await runEpoll(server.target, { connections: 1500, requests: 4000 });
  expect(load.requests).toEqual({ sent: 4000, succeeded: 4000, failed: 0 });
  expect(load.connections.opened).toBe(1500);
});
