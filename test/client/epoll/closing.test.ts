import { describe, expect, test } from "vitest";
import { CLOSE } from "../load.js";
import { answerAsAsked, asksToClose, OK, OK_AND_CLOSE, startServer } from "../servers.js";
import { runEpoll } from "./load.js";

describe("keep-alive", () => {
  test("makes exactly the requests it was asked for, over as many connections as it was given", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { connections: 4, requests: 23 });
    expect(load.requests).toEqual({ sent: 23, succeeded: 23, failed: 0 });
    expect(server.heads).toHaveLength(23);
    expect(load.connections).toMatchObject({ opened: 4, failed: 0, closed: { client: 4, server: 0, reset: 0 } });
    await expect.poll(() => server.clientClosedFirst).toBe(4);
  });

  test("sends what HTTP/1.1 demands and no more", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { connections: 1, requests: 1, path: "/a?b=%20" });
    expect(load.requests.succeeded).toBe(1);
    expect(server.heads).toEqual([`GET /a?b=%20 HTTP/1.1\r\nHost: 127.0.0.1:${server.target.port}`]);
  });

  test("takes a new connection when the server announces each tenth response as its last", async () => {
    const server = await startServer(({ socket, nth }) => {
      if (nth === 10) socket.end(OK_AND_CLOSE);
      else socket.write(OK);
    });
    const load = await runEpoll(server.target, { connections: 1, requests: 30, closer: "server" });
    expect(load.requests.succeeded).toBe(30);
    expect(load.connections).toMatchObject({ opened: 3, failed: 0, closed: { client: 0, server: 3, reset: 0 } });
  });

  test("counts what a server destroys by closing after every response without a word", async () => {
    const server = await startServer(({ socket }) => socket.end(OK));
    const load = await runEpoll(server.target, { connections: 3, requests: 60 });
    expect(load.requests.sent).toBe(60);
    expect(load.requests.succeeded).toBeGreaterThan(0);
    expect(["server-closed", "ECONNRESET", "EPIPE"]).toEqual(expect.arrayContaining(Object.keys(load.errors)));
    // Nothing was sent twice: the server saw no more than what the books say.
    expect(server.heads.length).toBeLessThanOrEqual(60);
  });
});

describe("the server closes", () => {
  test("first, though it takes its time over it", async () => {
    const server = await startServer(({ socket, head }) => {
      if (!asksToClose(head)) throw new Error("a request without Connection: close");
      socket.write(OK_AND_CLOSE);
      setTimeout(() => socket.end(), 15);
    });
    const load = await runEpoll(server.target, { ...CLOSE, connections: 5, requests: 40 });
    expect(load.requests.succeeded).toBe(40);
    expect(load.connections).toMatchObject({ opened: 40, failed: 0, closed: { client: 0, server: 40, reset: 0 } });
    expect(server.clientClosedFirst).toBe(0);
  });

  test("by itself, when its FIN comes with the response", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { ...CLOSE, connections: 5, requests: 200 });
    expect(load.connections).toMatchObject({ opened: 200, failed: 0, closed: { client: 0, server: 200, reset: 0 } });
    expect(server.clientClosedFirst).toBe(0);
  });

  test("and is asked to on the last request of each connection only", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, {
      connections: 1,
      requests: 30,
      requestsPerConnection: 10,
      closer: "server",
    });
    expect(load.connections).toMatchObject({ opened: 3, failed: 0, closed: { client: 0, server: 3, reset: 0 } });
    expect(server.heads.flatMap((head, i) => (asksToClose(head) ? [i + 1] : []))).toEqual([10, 20, 30]);
  });

  test("or we do, when it was asked to and does not", async () => {
    const server = await startServer(({ socket }) => socket.write(OK));
    const load = await runEpoll(server.target, { ...CLOSE, connections: 2, requests: 2 });
    expect(load.requests.succeeded).toBe(2);
    expect(load.connections.closed).toEqual({ client: 2, server: 0, reset: 0 });
  });

  test("by a reset after its response: the request has succeeded, the connection was reset", async () => {
    const server = await startServer(({ socket }) => {
      socket.write(OK_AND_CLOSE, () => setTimeout(() => socket.resetAndDestroy(), 5));
    });
    const load = await runEpoll(server.target, { ...CLOSE, connections: 2, requests: 8 });
    expect(load.requests).toEqual({ sent: 8, succeeded: 8, failed: 0 });
    expect(load.connections.closed).toEqual({ client: 0, server: 0, reset: 8 });
  });
});

describe("the client closes", () => {
  test("first, and then never asks the server to", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { ...CLOSE, closer: "client", connections: 5, requests: 40 });
    expect(load.connections).toMatchObject({ opened: 40, failed: 0, closed: { client: 40, server: 0, reset: 0 } });
    await expect.poll(() => server.clientClosedFirst).toBe(40);
    expect(server.heads.some(asksToClose)).toBe(false);
  });

  test("after each N requests", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, { connections: 1, requests: 30, requestsPerConnection: 10 });
    expect(load.connections.closed).toEqual({ client: 3, server: 0, reset: 0 });
    await expect.poll(() => server.clientClosedFirst).toBe(3);
  });

  test("by a RST, when it is to reset", async () => {
    let resets = 0;
    let fins = 0;
    const server = await startServer(({ socket, head, nth }) => {
      if (nth === 1) {
        socket.on("error", (error: NodeJS.ErrnoException) => (resets += error.code === "ECONNRESET" ? 1 : 0));
        socket.on("end", () => fins++);
      }
      if (asksToClose(head)) throw new Error("asked to close");
      socket.write(OK);
    });
    const load = await runEpoll(server.target, {
      connections: 1,
      requests: 24,
      requestsPerConnection: 3,
      closer: "reset",
    });
    expect(load.requests.succeeded).toBe(24);
    expect(load.connections.closed).toEqual({ client: 0, server: 0, reset: 8 });
    await expect.poll(() => resets).toBe(8);
    expect(fins).toBe(0);
  });

  test("with SO_LINGER, when the server acknowledges at once, as it does without", async () => {
    const server = await startServer(answerAsAsked);
    const load = await runEpoll(server.target, {
      ...CLOSE,
      closer: "client",
      connections: 2,
      requests: 20,
      sockets: { lingerSec: 5 },
    });
    expect(load.connections.closed).toEqual({ client: 20, server: 0, reset: 0 });
    await expect.poll(() => server.clientClosedFirst).toBe(20);
    expect(load.endedAtMs - load.startedAtMs).toBeLessThan(5000);
  });
});
