import type { Socket } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import { decode, summarize } from "../../../src/stats/histogram.js";
import { BUILD_MS, builtClient, runGo } from "./load.js";
import { CLOSE } from "../load.js";
import { answerAsAsked, asksToClose, BODY, deadTarget, OK, type RawRequest, startServer } from "../servers.js";

beforeAll(builtClient, BUILD_MS);

/** More than any version of Go reads of a body that was closed unread. */
const LARGE = `HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(1_000_000)}`;
const answerLarge = ({ socket }: RawRequest): void => void socket.write(LARGE);

describe("keep-alive", () => {
  test("makes exactly the requests it was asked for, and closes its connections itself", async () => {
    const server = await startServer(answerAsAsked);
    const { requests, connections, threads } = await runGo(server.target, { connections: 4, requests: 230 });
    expect(requests).toEqual({ sent: 230, succeeded: 230, failed: 0 });
    expect(server.heads).toHaveLength(230);
    expect(server.heads.some(asksToClose)).toBe(false);
    // The pool may dial for a request that then takes another's connection, and keeps that one too.
    expect(connections.opened).toBeLessThanOrEqual(8);
    expect(connections.opened).toBe(server.connections);
    expect(connections.closed).toEqual({ client: server.connections, server: 0, reset: 0 });
    expect(threads).toBeGreaterThanOrEqual(1);
  });

  test("makes fewer requests than it has connections", async () => {
    const server = await startServer(answerAsAsked);
    const { requests } = await runGo(server.target, { connections: 10, requests: 3 });
    expect(requests).toEqual({ sent: 3, succeeded: 3, failed: 0 });
  });

  test("runs for its time when no number of requests is given, with a row for each 100 ms", async () => {
    const server = await startServer(answerAsAsked);
    const { requests, timeline, startedAtMs, endedAtMs } = await runGo(server.target, { durationMs: 350 });
    expect(requests.succeeded).toBe(server.heads.length);
    expect(endedAtMs - startedAtMs).toBeGreaterThanOrEqual(350);
    expect(timeline.atMs.slice(0, 3)).toEqual([100, 200, 300]);
    expect(timeline.perSec.slice(0, 3).every((perSec) => perSec > 0)).toBe(true);
  });

  test("asks for the plan's path", async () => {
    const server = await startServer(answerAsAsked);
    await runGo(server.target, { requests: 1, path: "/a/b?c=d" });
    expect(server.heads[0]).toMatch(/^GET \/a\/b\?c=d HTTP\/1\.1\r\n/u);
  });

  test("measures a latency from the request to the end of the body", async () => {
    const server = await startServer(({ socket }) => {
      socket.write(OK.slice(0, -5));
      setTimeout(() => socket.write(OK.slice(-5)), 30);
    });
    const { latencyHistogram } = await runGo(server.target, { connections: 1, requests: 5 });
    expect(summarize(decode(latencyHistogram!))!.min).toBeGreaterThanOrEqual(28_000);
  });
});

describe("a pool that is kept from its connections", () => {
  test("opens one for each request when bodies are not read", async () => {
    const server = await startServer(answerLarge);
    const { requests, connections } = await runGo(server.target, {
      connections: 3,
      requests: 60,
      go: { drain: false },
    });
    expect(requests).toEqual({ sent: 60, succeeded: 60, failed: 0 });
    expect(connections.opened).toBe(60);
    // A close with data unread sends a RST.
    expect(connections.closed.reset).toBeGreaterThan(30);
  });

  test("uses them again when bodies of that length are read", async () => {
    const server = await startServer(answerLarge);
    const { connections } = await runGo(server.target, { connections: 3, requests: 60 });
    expect(connections.opened).toBeLessThanOrEqual(6);
  });

  test("closes each one itself when it may keep none idle", async () => {
    const server = await startServer(answerAsAsked);
    const { connections } = await runGo(server.target, { connections: 1, requests: 20, go: { idleConnections: 0 } });
    expect(connections).toMatchObject({ opened: 20, closed: { client: 20, server: 0, reset: 0 } });
    expect(server.heads.some(asksToClose)).toBe(false);
    expect(server.clientClosedFirst).toBe(20);
  });

  test("closes those that are idle beyond the number that it may keep", async () => {
    const waiting: RawRequest[] = [];
    let closed = 0;
    // Ten at the same time, and an eleventh that keeps the load from its end until the others have become idle.
    const server = await startServer((request) => {
      if (server.heads.length === 11) return afterAWhile(request);
      waiting.push(request);
      if (waiting.length === 10) for (const { socket } of waiting) socket.write(OK);
    });
    const afterAWhile = ({ socket }: RawRequest): void =>
      void setTimeout(() => {
        closed = server.clientClosedFirst;
        socket.write(OK);
      }, 300);
    const load = { connections: 10, requests: 11 };
    await runGo(server.target, { ...load, go: { idleConnections: 2 } });
    expect(closed).toBeGreaterThanOrEqual(7);
  });

  test("keeps all of them when nothing is said", async () => {
    const server = await startServer(answerAsAsked);
    await runGo(server.target, { connections: 10, durationMs: 300 });
    expect(server.connections).toBeLessThanOrEqual(20);
  });
});

describe("connection: close", () => {
  test("asks the server to close, and leaves the first FIN to it", async () => {
    const server = await startServer(answerAsAsked);
    const { requests, connections } = await runGo(server.target, { ...CLOSE, connections: 4, requests: 80 });
    expect(requests).toEqual({ sent: 80, succeeded: 80, failed: 0 });
    expect(server.heads.every(asksToClose)).toBe(true);
    expect(connections).toMatchObject({ opened: 80, closed: { client: 0, server: 80, reset: 0 } });
    expect(server.clientClosedFirst).toBe(0);
  });

  test("waits no longer than a second for a server that was asked to close and does not", async () => {
    const server = await startServer(({ socket }) => void socket.write(OK));
    const { connections } = await runGo(server.target, { ...CLOSE, connections: 1, requests: 1 });
    expect(connections.closed).toEqual({ client: 1, server: 0, reset: 0 });
  });

  test("closes first if it is to, and then does not ask", async () => {
    const server = await startServer(answerAsAsked);
    const { connections } = await runGo(server.target, { ...CLOSE, closer: "client", connections: 4, requests: 80 });
    expect(connections).toMatchObject({ opened: 80, closed: { client: 80, server: 0, reset: 0 } });
    expect(server.heads.some(asksToClose)).toBe(false);
    expect(server.clientClosedFirst).toBe(80);
  });
});

describe("failures", () => {
  test("counts resets by their errno and call", async () => {
    const server = await startServer(({ socket }) => socket.resetAndDestroy());
    const { errors, errorsByCall, connections } = await runGo(server.target, { requests: 10 });
    expect(errors).toEqual({ ECONNRESET: 10 });
    expect(errorsByCall).toEqual({ "read ECONNRESET": 10 });
    expect(connections.closed.reset).toBe(10);
  });

  test.each([
    ["before a response", ""],
    ["in the middle of one", `HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n${BODY.slice(0, 5)}`],
  ])("counts a connection that the server closed %s", async (_when, text) => {
    const server = await startServer(({ socket }) => void socket.end(text));
    const { errors, connections } = await runGo(server.target, { connections: 1, requests: 10 });
    expect(errors).toEqual({ "server-closed": 10 });
    expect(connections.closed.server).toBe(10);
  });

  test.each([
    ["closes", "server-closed", (socket: Socket) => void socket.end()],
    ["resets", "ECONNRESET", (socket: Socket) => void socket.resetAndDestroy()],
  ])("counts what net/http repeats by itself when a server %s as the second request comes", async (_, kind, loses) => {
    const server = await startServer(({ socket, nth }) => (nth === 1 ? void socket.write(OK) : loses(socket)));
    const books = await runGo(server.target, { requests: 20 });
    expect(books.requests.succeeded).toBe(20);
    expect(books.requests.failed).toBeGreaterThan(5);
    expect(books.requests.sent).toBe(server.heads.length);
    expect(books.errors).toEqual({ [kind]: books.requests.failed });
  });

  test("counts what is not HTTP", async () => {
    const server = await startServer(({ socket }) => void socket.write("220 mail.example ready\r\n\r\n"));
    const { errors } = await runGo(server.target, { requests: 4 });
    expect(errors).toEqual({ "malformed-response": 4 });
  });

  test("counts statuses of failure by their number, and follows no redirect", async () => {
    let answers = 0;
    const server = await startServer(({ socket }) => {
      const [status, more] = answers++ % 2 === 0 ? ["503 No", ""] : ["302 There", "Location: /elsewhere\r\n"];
      socket.write(`HTTP/1.1 ${status}\r\n${more}Content-Length: 0\r\n\r\n`);
    });
    const { requests, errors } = await runGo(server.target, { connections: 1, requests: 8 });
    expect(requests).toEqual({ sent: 8, succeeded: 4, failed: 4 });
    expect(errors).toEqual({ "HTTP 503": 4 });
    expect(server.heads).toHaveLength(8);
  });

  test("gives up a request that has no whole response in time", async () => {
    const server = await startServer(({ nth, socket }) => void (nth === 1 && socket.write(OK.slice(0, -5))));
    const { errors, errorsByCall, connections } = await runGo(server.target, {
      connections: 2,
      requests: 4,
      timeoutMs: 60,
    });
    expect(errors).toEqual({ ETIMEDOUT: 4 });
    expect(errorsByCall).toEqual({});
    expect(connections.failed).toBe(0);
  });

  test("sees some dozens of attempts a dead server, not a tight loop", async () => {
    const { requests, errors, errorsByCall, connections } = await runGo(await deadTarget(), {
      connections: 3,
      durationMs: 700,
    });
    expect(errors).toEqual({ ECONNREFUSED: requests.sent });
    expect(errorsByCall).toEqual({ "connect ECONNREFUSED": requests.sent });
    expect(connections).toMatchObject({ opened: 0, failed: requests.sent });
    expect(requests.sent).toBeGreaterThan(3 * 3);
    expect(requests.sent).toBeLessThan(3 * 30);
  });
});

describe("the end", () => {
  test("lets what is in flight finish", async () => {
    const server = await startServer(({ socket }) => void setTimeout(() => socket.write(OK), 150));
    const { requests } = await runGo(server.target, { connections: 5, durationMs: 50 });
    expect(requests).toEqual({ sent: 5, succeeded: 5, failed: 0 });
  });

  test("counts as unfinished what is not answered within the drain", async () => {
    const server = await startServer(() => {});
    const { errors } = await runGo(server.target, { connections: 5, durationMs: 50 });
    expect(errors).toEqual({ unfinished: 5 });
  });

  test("comes early when it is told to stop, with what was measured until then", async () => {
    const stop = new AbortController();
    // From the first request on, however long the client takes to start.
    const server = await startServer((request) => {
      answerAsAsked(request);
      setTimeout(() => stop.abort(), 400);
    });
    const { requests, startedAtMs, endedAtMs } = await runGo(server.target, { durationMs: 60_000 }, stop.signal);
    expect(requests.succeeded).toBeGreaterThan(0);
    expect(requests.failed).toBe(0);
    expect(endedAtMs - startedAtMs).toBeLessThan(20_000);
  });

  test("sends nothing when it was stopped before it began", async () => {
    const server = await startServer(answerAsAsked);
    const { requests } = await runGo(server.target, {}, AbortSignal.abort());
    expect(requests.sent).toBe(0);
    expect(server.connections).toBe(0);
  });
});

test.each([
  ["close after a number of requests", { requestsPerConnection: 10 }],
  ["end connections by a reset", { closer: "reset" as const }],
])("does not pretend to %s", async (_, changes) => {
  const server = await startServer(answerAsAsked);
  await expect(runGo(server.target, changes)).rejects.toMatchObject({ code: "bad-scenario" });
  expect(server.connections).toBe(0);
});
