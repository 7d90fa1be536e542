import { describe, expect, test } from "vitest";
import { BenchError } from "../../../src/errors.js";
import { decode, summarize } from "../../../src/stats/histogram.js";
import { CLOSE } from "../load.js";
import { answerAsAsked, BODY, deadTarget, OK, type RawRequest, startServer } from "../servers.js";
import { runEpoll } from "./load.js";

const HEAD = "HTTP/1.1 200 OK\r\n";

describe("what a server does wrong", () => {
  const failing: [string, string, (request: RawRequest) => void][] = [
    ["ECONNRESET", "resets instead of answering", ({ socket }) => socket.resetAndDestroy()],
    [
      "ECONNRESET",
      "resets in the middle of a body",
      ({ socket }) =>
        socket.write(`${HEAD}Content-Length: 14\r\n\r\nHello`, () => setTimeout(() => socket.resetAndDestroy(), 5)),
    ],
    ["server-closed", "closes instead of answering", ({ socket }) => socket.end()],
    [
      "truncated-response",
      "closes in the middle of a body",
      ({ socket }) => socket.end(`${HEAD}Content-Length: 14\r\n\r\nHello`),
    ],
    [
      "truncated-response",
      "closes in the middle of a body, some time after its beginning",
      ({ socket }) => socket.write(`${HEAD}Content-Length: 14\r\n\r\nHello`, () => setTimeout(() => socket.end(), 5)),
    ],
    ["truncated-response", "closes in the middle of the headers", ({ socket }) => socket.end(`${HEAD}Content-`)],
    [
      "truncated-response",
      "closes in the middle of a chunk",
      ({ socket }) => socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n9\r\nHe`),
    ],
    ["malformed-response", "does not speak HTTP", ({ socket }) => socket.end("220 mail.example ready\r\n\r\n")],
    ["malformed-response", "sends a broken length", ({ socket }) => socket.write(`${HEAD}Content-Length: x\r\n\r\n`)],
    ["malformed-response", "sends more than it said", ({ socket }) => socket.write(`${OK}surplus`)],
    [
      "malformed-response",
      "sends headers without end",
      ({ socket }) => socket.write(`${HEAD}X: ${"x".repeat(70_000)}`),
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
  test.each(failing)("counts as %s when it %s", async (kind, _, answer) => {
    const server = await startServer(answer);
    const load = await runEpoll(server.target, { connections: 2, requests: 8 });
    expect(load.errors).toEqual({ [kind]: 8 });
    expect(load.errorsByCall).toEqual(kind === "ECONNRESET" ? { "recv ECONNRESET": 8 } : {});
    expect(load.latencyHistogram).toBeNull();
    // Each was sent once.
    expect(server.heads).toHaveLength(8);
  });

  test("ends the connection by whose doing it is", async () => {
    const closedBy = async (answer: (request: RawRequest) => void): Promise<unknown> => {
      const server = await startServer(answer);
      return (await runEpoll(server.target, { connections: 2, requests: 8 })).connections.closed;
    };
    expect(await closedBy(({ socket }) => socket.resetAndDestroy())).toEqual({ client: 0, server: 0, reset: 8 });
    expect(await closedBy(({ socket }) => socket.end())).toEqual({ client: 0, server: 8, reset: 0 });
    expect(await closedBy(({ socket }) => socket.write("SSH-2.0\r\n"))).toEqual({ client: 8, server: 0, reset: 0 });
  });

  test("takes time: a request without a whole response fails when its time is over", async () => {
    const server = await startServer(({ socket }) => socket.write(`${HEAD}Content-Length: 14\r\n\r\nHello`));
    const load = await runEpoll(server.target, { connections: 3, requests: 6, timeoutMs: 60 });
    expect(load.errors).toEqual({ ETIMEDOUT: 6 });
    expect(load.errorsByCall).toEqual({});
    expect(load.connections).toMatchObject({ opened: 6, failed: 0, closed: { client: 6, server: 0, reset: 0 } });
    expect(load.endedAtMs - load.startedAtMs).toBeGreaterThanOrEqual(120);
  });

  test("does not end the load: the next request goes over a new connection", async () => {
    let answers = 0;
    const server = await startServer(({ socket }) => {
      if (++answers % 2 === 0) socket.resetAndDestroy();
      else socket.write(OK);
    });
    const load = await runEpoll(server.target, { connections: 1, requests: 20 });
    expect(load.requests).toEqual({ sent: 20, succeeded: 10, failed: 10 });
  });
});

describe("what is right, in whatever form it comes", () => {
  const answers: [string, (request: RawRequest) => void][] = [
    ["a redirection", ({ socket }) => socket.write("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")],
    [
      "an interim response before it",
      ({ socket }) => socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${OK}`),
    ],
    ["chunks", ({ socket }) => socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n`)],
    ["a body until the end of the connection", ({ socket }) => socket.end(`${HEAD}\r\n${BODY}`)],
    ["a megabyte", ({ socket }) => socket.write(`${HEAD}Content-Length: 1048576\r\n\r\n${"x".repeat(1_048_576)}`)],
    ["a megabyte until the end of the connection", ({ socket }) => socket.end(`${HEAD}\r\n${"x".repeat(1_048_576)}`)],
  ];
  test.each(answers)("succeeds as %s", async (_, answer) => {
    const server = await startServer(answer);
    const load = await runEpoll(server.target, { connections: 2, requests: 6 });
    expect(load.requests).toEqual({ sent: 6, succeeded: 6, failed: 0 });
  });

  test("succeeds byte by byte, on many connections at once", async () => {
    const server = await startServer(({ socket }) => {
      const bytes = `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n`.split("");
      const writeNext = (): void => {
        const byte = bytes.shift();
        if (byte !== undefined) socket.write(byte, () => setImmediate(writeNext));
      };
      writeNext();
    });
    const load = await runEpoll(server.target, { connections: 20, requests: 60 });
    expect(load.requests).toEqual({ sent: 60, succeeded: 60, failed: 0 });
    expect(load.connections.opened).toBe(20);
  });

  test("tells the first byte from the whole", async () => {
    const server = await startServer(({ socket }) => {
      socket.write(HEAD);
      setTimeout(() => socket.write(`Content-Length: 14\r\n\r\n${BODY}`), 50);
    });
    const load = await runEpoll(server.target, { connections: 2, requests: 6 });
    const firstByte = summarize(decode(load.firstByteHistogram!))!;
    const whole = summarize(decode(load.latencyHistogram!))!;
    expect(whole.min - firstByte.max).toBeGreaterThan(0);
    expect(whole.min).toBeGreaterThanOrEqual(49_000);
    expect(decode(load.firstByteHistogram!).totalCount).toBe(6);
  });
});

describe("a dead server", () => {
  test("sees some dozens of attempts a slot, not a tight loop", async () => {
    const load = await runEpoll(await deadTarget(), { connections: 3, durationMs: 700 });
    expect(load.errors).toEqual({ ECONNREFUSED: load.requests.sent });
    expect(load.errorsByCall).toEqual({ "connect ECONNREFUSED": load.requests.sent });
    expect(load.connections).toMatchObject({ opened: 0, failed: load.requests.sent });
    expect(load.requests.sent).toBeGreaterThan(3 * 3);
    expect(load.requests.sent).toBeLessThan(3 * 30);
    expect(load.endedAtMs - load.startedAtMs).toBeGreaterThanOrEqual(699);
  });

  test("that comes to life gets its connections", async () => {
    const dead = await deadTarget();
    const load = runEpoll(dead, { connections: 2, durationMs: 1500 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    await startServer(answerAsAsked, { port: dead.port });
    const { requests, connections } = await load;
    expect(requests.succeeded).toBeGreaterThan(0);
    expect(connections.opened).toBe(2);
  });
});

describe("a plan that this client cannot keep", () => {
  test.each([
    ["a path without a slash", { path: "no-slash" }],
    ["a path with a line break", { path: "/a\r\nX: y" }],
    ["a source that is no address", { sockets: { sourceAddresses: ["localhost"] } }],
    ["a source of another family", { sockets: { sourceAddresses: ["::1"] } }],
  ])("is refused before anything is sent: %s", async (_, changes) => {
    const server = await startServer(answerAsAsked);
    const failure = await runEpoll(server.target, { ...CLOSE, ...changes }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BenchError);
    expect((failure as BenchError).code).toBe("bad-scenario");
    expect(server.connections).toBe(0);
  });
});
