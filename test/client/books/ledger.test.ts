import { connect, createServer, Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { ConnectionLedger } from "../../../src/client/books/ledger.js";
import type { LoadTarget } from "../../../src/client/types.js";
import { decode } from "../../../src/stats/histogram.js";
import { deadTarget, startServer } from "../servers.js";

/** A ledger that sees every connection of this process until the test has ended. */
function startLedger(): ConnectionLedger {
  const ledger = new ConnectionLedger();
  ledger.start();
  onTestFinished(() => ledger.stop());
  return ledger;
}

/** Resolves when the connection is closed. */
function talk({ host, port }: LoadTarget, say: (socket: Socket) => void = () => {}): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    socket.resume();
    socket.write("GET / HTTP/1.1\r\n\r\n");
    say(socket);
  });
}

describe("an ended connection counts to", () => {
  test("the server when its FIN came first", async () => {
    const server = await startServer(({ socket }) => socket.end("bye"));
    const ledger = startLedger();
    await talk(server.target);
    expect(ledger.report().connections).toEqual({
      opened: 1,
      failed: 0,
      closed: { client: 0, server: 1, reset: 0 },
      ports: 1,
    });
  });

  test("the client when it ended its side first", async () => {
    const server = await startServer(() => {});
    const ledger = startLedger();
    await talk(server.target, (socket) => socket.end());
    expect(ledger.report().connections.closed).toEqual({ client: 1, server: 0, reset: 0 });
  });

  test("the client when it destroyed the connection", async () => {
    const server = await startServer(() => {});
    const ledger = startLedger();
    await talk(server.target, (socket) => socket.once("connect", () => socket.destroy()));
    expect(ledger.report().connections.closed).toEqual({ client: 1, server: 0, reset: 0 });
  });

  test("the client when it gave up with an error of its own", async () => {
    const server = await startServer(() => {});
    const ledger = startLedger();
    await talk(server.target, (socket) => socket.once("connect", () => socket.destroy(new Error("no patience"))));
    expect(ledger.report().connections.closed).toEqual({ client: 1, server: 0, reset: 0 });
  });

  test("neither when the server reset it", async () => {
    const server = await startServer(({ socket }) => socket.resetAndDestroy());
    const ledger = startLedger();
    await talk(server.target);
    expect(ledger.report().connections.closed).toEqual({ client: 0, server: 0, reset: 1 });
  });

  test("the server when its FIN came first and a reset after it", async () => {
    const server = await startServer(({ socket }) => {
      socket.end("bye");
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    const ledger = startLedger();
    await new Promise<void>((resolve) => {
      const socket = connect({ ...server.target, allowHalfOpen: true });
      socket.on("error", () => {});
      socket.on("close", () => resolve());
      socket.resume();
      socket.write("GET / HTTP/1.1\r\n\r\n");
      socket.on("end", () => setInterval(() => socket.write("more"), 10).unref());
    });
    expect(ledger.report().connections.closed).toEqual({ client: 0, server: 1, reset: 0 });
  });
});

test("why a connection ended that nobody has made notes of cannot be told", async () => {
  const server = await startServer(({ socket }) => socket.end("bye"));
  const ledger = startLedger();
  await talk(server.target);
  expect(ledger.report().closings.causes).toEqual({ unknown: 1 });
});

describe("a connection that was never made", () => {
  test("counts as failed under its errno", async () => {
    const target = await deadTarget();
    const ledger = startLedger();
    await Promise.all([talk(target), talk(target)]);
    expect(ledger.report()).toMatchObject({
      connections: { opened: 0, failed: 2, closed: { client: 0, server: 0, reset: 0 }, ports: 0 },
      failedBy: { ECONNREFUSED: 2 },
      connectHistogram: null,
      closings: { causes: {}, stale: 0 },
    });
  });

  test("counts as given up when nobody waited for it", async () => {
    const server = await startServer(() => {});
    const ledger = startLedger();
    await talk(server.target, (socket) => socket.destroy());
    expect(ledger.report().failedBy).toEqual({ "given-up": 1 });
  });
});

test("measures connect() alone", async () => {
  const server = await startServer(({ socket }) => setTimeout(() => socket.end(), 300));
  const ledger = startLedger();
  await Promise.all([talk(server.target), talk(server.target), talk(server.target)]);
  const histogram = decode(ledger.report().connectHistogram!);
  expect(histogram.totalCount).toBe(3);
  expect(histogram.maxValue).toBeLessThan(300_000);
});

test("counts a socket once, though it is announced and handed to it", async () => {
  const server = await startServer(({ socket }) => socket.end());
  const ledger = startLedger();
  await talk(server.target, (socket) => ledger.watch(socket));
  expect(ledger.opened).toBe(1);
  expect(ledger.report().connections.closed.server).toBe(1);
});

test("counts sockets of another class when they are handed to it", async () => {
  const server = await startServer(({ socket }) => socket.end());
  const ledger = startLedger();
  const socket = new (class extends Socket {})();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  ledger.watch(socket);
  socket.connect(server.target.port, server.target.host);
  socket.resume();
  socket.write("GET / HTTP/1.1\r\n\r\n");
  await closed;
  expect(ledger.opened).toBe(1);
});

test("sees no connection after it was stopped", async () => {
  const server = await startServer(({ socket }) => socket.end());
  const ledger = startLedger();
  ledger.stop();
  await talk(server.target);
  expect(ledger.opened).toBe(0);
});

test("takes no connection of a server for one of the client", async () => {
  const ledger = startLedger();
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  await talk({ host: "127.0.0.1", port: address.port });
  expect(ledger.opened).toBe(1);
});
