import { describe, expect, test } from "vitest";
import { undiciClient } from "../../../src/client/undici/client.js";
import type { LoadPlan } from "../../../src/scenario/types.js";
import { CLOSE, type Load, runLoad, sum } from "../load.js";
import {
  answerAsAsked,
  asksToClose,
  BODY,
  deadTarget,
  OK,
  OK_AND_CLOSE,
  startServer,
  type RawRequest,
} from "../servers.js";

const run = (target: { host: string; port: number }, changes: Partial<LoadPlan>, signal?: AbortSignal): Promise<Load> =>
  runLoad(undiciClient, target, changes, signal);

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
    expect(load.connections).toEqual({
      opened: 4,
      failed: 0,
      closed: { client: 4, server: 0, reset: 0 },
      ports: expect.any(Number) as number,
    });
    await expect.poll(() => server.clientClosedFirst).toBe(4);
  });

  test("opens no second connection for a server that says Keep-Alive: timeout=1", async () => {
    const server = await startServer(({ socket }) =>
      socket.write(`HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 14\r\n\r\n${BODY}`),
    );
    const load = await run(server.target, { connections: 1, requests: 10 });
    expect(load.connections.opened).toBe(1);
  });

  test("takes a new connection when the server announces each tenth response as its last", async () => {
    const server = await startServer(({ socket, nth }) => {
      if (nth === 10) socket.end(OK_AND_CLOSE);
      else socket.write(OK);
    });
    const load = await run(server.target, { connections: 1, requests: 30, closer: "server" });
    expectTrueBooks(load);
    expect(load.requests.succeeded).toBe(30);
    expect(load.connections).toEqual({
      opened: 3,
      failed: 0,
      closed: { client: 0, server: 3, reset: 0 },
      ports: expect.any(Number) as number,
    });
  });

  test("counts what a server destroys by closing after every response without a word", async () => {
    const server = await startServer(({ socket }) => socket.end(OK));
    const load = await run(server.target, { connections: 3, requests: 60 });
    expectTrueBooks(load);
    expect(load.requests.sent).toBe(60);
    expect(load.requests.succeeded).toBeGreaterThan(0);
    expect(["server-closed", "ECONNRESET", "EPIPE"]).toEqual(expect.arrayContaining(Object.keys(load.errors)));
    // Nothing was sent twice: the server saw no more than what the books say.
    expect(server.heads.length).toBeLessThanOrEqual(60);
  });
});

describe("who closes", () => {
  test("leaves the first FIN to a server that takes its time over it", async () => {
    const server = await startServer(({ socket, head }) => {
      if (!asksToClose(head)) throw new Error("a request without Connection: close");
      socket.write(OK_AND_CLOSE);
      setTimeout(() => socket.end(), 15);
    });
    const load = await run(server.target, { ...CLOSE, connections: 5, requests: 40 });
    expectTrueBooks(load);
    expect(load.requests.succeeded).toBe(40);
    expect(load.connections).toEqual({
      opened: 40,
      failed: 0,
      closed: { client: 0, server: 40, reset: 0 },
      ports: expect.any(Number) as number,
    });
    expect(server.clientClosedFirst).toBe(0);
  });

  test("has no more than one connection a slot open while it waits for the server", async () => {
    const server = await startServer(({ socket }) => {
      socket.write(OK_AND_CLOSE);
      setTimeout(() => socket.end(), 15);
    });
    const load = await run(server.target, { ...CLOSE, connections: 3, requests: 30 });
    expect(load.mostSockets).toBe(3);
  });

  test("says Connection: close on the last request of each connection only", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, {
      connections: 1,
      requests: 30,
      requestsPerConnection: 10,
      closer: "server",
    });
    expectTrueBooks(load);
    expect(load.connections).toEqual({
      opened: 3,
      failed: 0,
      closed: { client: 0, server: 3, reset: 0 },
      ports: expect.any(Number) as number,
    });
    expect(server.heads.flatMap((head, i) => (asksToClose(head) ? [i + 1] : []))).toEqual([10, 20, 30]);
  });

  test("closes first when it is the closer, and then never asks the server to", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { ...CLOSE, closer: "client", connections: 5, requests: 40 });
    expectTrueBooks(load);
    expect(load.connections).toEqual({
      opened: 40,
      failed: 0,
      closed: { client: 40, server: 0, reset: 0 },
      ports: expect.any(Number) as number,
    });
    await expect.poll(() => server.clientClosedFirst).toBe(40);
    expect(server.heads.some(asksToClose)).toBe(false);
  });

  test("closes first after each N requests", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, { connections: 1, requests: 30, requestsPerConnection: 10 });
    expect(load.connections.closed).toEqual({ client: 3, server: 0, reset: 0 });
    await expect.poll(() => server.clientClosedFirst).toBe(3);
  });

  test("closes by itself when a server that was asked to close does not", async () => {
    const server = await startServer(({ socket }) => socket.write(OK));
    const load = await run(server.target, { ...CLOSE, connections: 2, requests: 2 });
    expectTrueBooks(load);
    expect(load.requests.succeeded).toBe(2);
    expect(load.connections.closed).toEqual({ client: 2, server: 0, reset: 0 });
  });
});

describe("failures", () => {
  const failing: [string, string, (request: RawRequest) => void][] = [
    ["ECONNRESET", "resets instead of answering", ({ socket }) => socket.resetAndDestroy()],
    [
      "ECONNRESET",
      "resets in the middle of a body",
      ({ socket }) => halfAnAnswer(socket, () => socket.resetAndDestroy()),
    ],
    ["server-closed", "closes instead of answering", ({ socket }) => socket.end()],
    ["server-closed", "closes in the middle of a body", ({ socket }) => halfAnAnswer(socket, () => socket.end())],
    ["server-closed", "closes in the middle of the headers", ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nContent-")],
    [
      "server-closed",
      "announces that it closes and cuts the body short",
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 14\r\n\r\nHello"),
    ],
    [
      "server-closed",
      "closes in the middle of a chunk",
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nHe"),
    ],
    ["malformed-response", "does not speak HTTP", ({ socket }) => socket.end("220 mail.example ready\r\n\r\n")],
    [
      "malformed-response",
      "sends a broken length",
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
    ],
    [
      "malformed-response",
      "sends headers without end",
      ({ socket }) => socket.write(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}`),
    ],
    [
      "malformed-response",
      "switches protocols unasked",
      ({ socket }) => socket.write("HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
    ],
    ["HTTP 503", "is overloaded", ({ socket }) => socket.write("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")],
    [
      "HTTP 404",
      "does not know the path",
      ({ socket }) => socket.write("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
    ],
  ];
  test.each(failing)("counts as %s what a server does that %s", async (kind, _, answer) => {
    const server = await startServer(answer);
    const load = await run(server.target, { connections: 2, requests: 8 });
    expectTrueBooks(load);
    expect(load.errors).toEqual({ [kind]: 8 });
    expect(load.latencyHistogram).toBeNull();
    // Each was sent once.
    expect(server.heads).toHaveLength(8);
  });

  test("counts a redirection as a success", async () => {
    const server = await startServer(({ socket }) =>
      socket.write("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"),
    );
    const load = await run(server.target, { requests: 4 });
    expect(load.requests).toEqual({ sent: 4, succeeded: 4, failed: 0 });
  });

  test("tells a reset apart in the ledger", async () => {
    const server = await startServer(({ socket }) => socket.resetAndDestroy());
    const load = await run(server.target, { connections: 2, requests: 8 });
    expect(load.connections.closed).toEqual({ client: 0, server: 0, reset: 8 });
  });

  test("gives up a request that has no whole response in time", async () => {
    const server = await startServer(({ socket }) =>
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nHello"),
    );
    const load = await run(server.target, { connections: 3, requests: 6, timeoutMs: 60 });
    expectTrueBooks(load);
    expect(load.errors).toEqual({ ETIMEDOUT: 6 });
    expect(load.connections.opened).toBe(6);
  });

  test("names each failure by its own cause", async () => {
    let asked = 0;
    const server = await startServer(({ socket }) => {
      if (++asked % 2 === 0) socket.resetAndDestroy();
    });
    const load = await run(server.target, { connections: 1, requests: 4, timeoutMs: 300 });
    expectTrueBooks(load);
    expect(load.errors).toEqual({ ETIMEDOUT: 2, ECONNRESET: 2 });
  });

  test("goes on with the next request after a failure", async () => {
    let answers = 0;
    const server = await startServer(({ socket }) => {
      if (++answers % 2 === 0) socket.resetAndDestroy();
      else socket.write(OK);
    });
    const load = await run(server.target, { connections: 1, requests: 20 });
    expectTrueBooks(load);
    expect(load.requests).toEqual({ sent: 20, succeeded: 10, failed: 10 });
  });

  test("refuses a path that cannot be sent instead of failing at full speed", async () => {
    const server = await startServer(answerAsAsked);
    await expect(run(server.target, { path: "no-slash" })).rejects.toThrow(/path/u);
  });
});

describe("a dead server", () => {
  test("sees some dozens of attempts a slot, not a tight loop", async () => {
    const load = await run(await deadTarget(), { connections: 3, durationMs: 700 });
    expectTrueBooks(load);
    expect(Object.keys(load.errors)).toEqual(["ECONNREFUSED"]);
    expect(load.failedBy).toEqual({ ECONNREFUSED: load.requests.sent });
    expect(load.connections.opened).toBe(0);
    expect(load.requests.sent).toBeGreaterThan(3 * 3);
    expect(load.requests.sent).toBeLessThan(3 * 30);
  });

  test("does not end the load before its time", async () => {
    const target = await deadTarget();
    const beganAtMs = performance.now();
    await run(target, { connections: 1, durationMs: 300 });
    expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(299);
  });
});

describe("the end", () => {
  test("lets what is in flight finish", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 150));
    const load = await run(server.target, { connections: 5, durationMs: 50 });
    expectTrueBooks(load);
    expect(load.requests).toEqual({ sent: 5, succeeded: 5, failed: 0 });
  });

  test("counts as unfinished what is not answered within the drain", async () => {
    const server = await startServer(() => {});
    const load = await run(server.target, { connections: 5, durationMs: 50 });
    expectTrueBooks(load);
    expect(load.errors).toEqual({ unfinished: 5 });
    expect(load.connections.closed).toEqual({ client: 5, server: 0, reset: 0 });
    // The wait for them is no part of the load.
    expect(load.endedAtMs - load.startedAtMs).toBeCloseTo(50);
  });

  test("starts no request after the time is over", async () => {
    const server = await startServer(({ socket }) => setTimeout(() => socket.write(OK), 80));
    const load = await run(server.target, { connections: 2, durationMs: 200 });
    // Each takes at least 80 ms, so that a third one may begin before the 200th ms and a fourth may not.
    expect(load.requests.sent).toBeLessThanOrEqual(6);
    expect(load.requests.failed).toBe(0);
  });

  test("comes early when it is told to stop, with what was measured until then", async () => {
    const server = await startServer(answerAsAsked);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 120);
    const load = await run(server.target, { connections: 2, durationMs: 60_000 }, stop.signal);
    expectTrueBooks(load);
    expect(load.requests.succeeded).toBeGreaterThan(0);
    expect(load.requests.failed).toBe(0);
    expect(load.connections.closed.client).toBe(2);
  });

  test("sends nothing when it was stopped before it began", async () => {
    const server = await startServer(answerAsAsked);
    const load = await run(server.target, {}, AbortSignal.abort());
    expect(load.requests.sent).toBe(0);
    expect(server.connections).toBe(0);
  });
});

function halfAnAnswer(socket: RawRequest["socket"], then: () => void): void {
  // libuv tells a RST that it finds together with data as an end of file. The client is in this process: after a whole
  // turn of the event loop, however late on a busy machine, it has read what was written.
  socket.write("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nHello", () => setTimeout(() => setImmediate(then), 5));
}
