import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort, loopbackProbe, type TestProbe } from "./probes.js";

const FINE = { errno: "none", failed: 0 };

interface Pair {
  client: TestProbe;
  server: TestProbe;
  port: number;
}

/** A listener `door`. */
async function pair(listen: object = {}): Promise<Pair> {
  const port = freePort();
  const [client, server] = await Promise.all([loopbackProbe("client"), loopbackProbe("server")]);
  expect(await server.take({ do: "listen", socket: "door", port, ...listen })).toMatchObject({ ...FINE, succeeded: 1 });
  return { client, server, port };
}

/** With a connection: `one` at the client, `theirs` at the server. */
async function connected(connect: object = {}, accept: object = {}): Promise<Pair> {
  const made = await pair();
  const { client, server, port } = made;
  expect(await client.take({ do: "connect", socket: "one", port, ...connect })).toMatchObject(FINE);
  expect(await server.take({ do: "accept", socket: "theirs", of: "door", ...accept })).toMatchObject(FINE);
  return made;
}

/**
 * The states of the sockets with that local port, as /proc/net/tcp has them; with a remote port of those alone: another
 * program's TIME_WAIT may have the same local one.
 */
function statesOf(localPort: number, remotePort?: number): string[] {
  const hex = (port: number): string => `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = readFileSync("/proc/net/tcp", "latin1").split("\n").slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/u))
    .filter(([, local]) => local?.endsWith(hex(localPort)))
    .filter(([, , remote]) => remotePort === undefined || remote?.endsWith(hex(remotePort)))
    .map((fields) => fields[3]!);
}
const SYN_SENT = "02";
const FIN_WAIT2 = "05";
const TIME_WAIT = "06";
const CLOSE_WAIT = "08";

describe("a connection", () => {
  test("is made, carries bytes both ways, and ends where it was closed first", async () => {
    const { client, server, port } = await connected();
    const local = (await client.take({ do: "connect", socket: "two", port }))["localPort"] as number;
    expect(statesOf(local, port)).toEqual(["01"]);
    await server.take({ do: "accept", socket: "their-two", of: "door" });
    expect(await client.take({ do: "send", socket: "two", text: "request" })).toMatchObject({ ...FINE, bytes: 7 });
    expect(await server.take({ do: "receive", socket: "their-two", until: 7 })).toMatchObject({
      ...FINE,
      bytes: 7,
      ended: 0,
      status: null,
    });
    expect(await client.take({ do: "close", socket: "two" })).toMatchObject({ ...FINE, succeeded: 1 });
    // The peer may wait a little with its ACK.
    await expect.poll(() => statesOf(local, port)).toEqual([FIN_WAIT2]);
    expect(await server.take({ do: "receive", socket: "their-two", until: "end" })).toMatchObject({
      ...FINE,
      bytes: 0,
      ended: 1,
    });
    await server.take({ do: "close", socket: "their-two" });
    expect(statesOf(local, port)).toEqual([TIME_WAIT]);
  });

  test("is half closed by shutdown: the other side still sends", async () => {
    const { client, server } = await connected();
    expect(await client.take({ do: "shutdown", socket: "one" })).toMatchObject(FINE);
    expect(await server.take({ do: "receive", socket: "theirs", until: "end" })).toMatchObject({ bytes: 0, ended: 1 });
    await server.take({ do: "send", socket: "theirs", bytes: 300_000 });
    await server.take({ do: "close", socket: "theirs" });
    expect(await client.take({ do: "receive", socket: "one", until: "end" })).toMatchObject({
      bytes: 300_000,
      ended: 1,
    });
  });

  test("stays in CLOSE_WAIT until the one that was closed second closes", async () => {
    const { client, server, port } = await pair();
    await client.take({ do: "connect", socket: "one", port });
    await server.take({ do: "accept", socket: "theirs", of: "door" });
    await client.take({ do: "close", socket: "one" });
    expect(statesOf(port)).toContain(CLOSE_WAIT);
    await server.take({ do: "close", socket: "theirs" });
    expect(statesOf(port)).not.toContain(CLOSE_WAIT);
  });

  test("that is reset says so in the errno of what comes next", async () => {
    const { client, server } = await connected({ lingerSec: 0 });
    await client.take({ do: "close", socket: "one" });
    expect(await server.take({ do: "receive", socket: "theirs", until: "end" })).toMatchObject({
      errno: "ECONNRESET",
      failed: 1,
      succeeded: 0,
      ended: 0,
    });
    expect(await server.take({ do: "send", socket: "theirs", text: "late" })).toMatchObject({
      errno: "EPIPE",
      bytes: 0,
    });
  });

  test("takes options later, too", async () => {
    const { client, server } = await connected();
    expect(await client.take({ do: "options", socket: "one", lingerSec: 0, keepAlive: true })).toMatchObject(FINE);
    await client.take({ do: "close", socket: "one" });
    expect(await server.take({ do: "receive", socket: "theirs", until: "end" })).toMatchObject({ errno: "ECONNRESET" });
  });
});

describe("many", () => {
  test("connects are made at once, from following ports", async () => {
    const { client, server, port } = await pair();
    const from = freePort();
    const made = await client.take({ do: "connect", socket: "all", port, from, count: 50, reuseAddress: true });
    expect(made).toMatchObject({ ...FINE, succeeded: 50, localPort: from, failedCall: null, pending: 0 });
    expect(made["slowestMs"]).toBeGreaterThan(0);
    expect(made["tookMs"]).toBeGreaterThanOrEqual(made["slowestMs"] as number);
    expect(statesOf(from + 49)).toEqual(["01"]);
    expect(await server.take({ do: "accept", socket: "theirs", of: "door", count: 50 })).toMatchObject({
      succeeded: 50,
    });
    expect(await client.take({ do: "send", socket: "all", text: "hi" })).toMatchObject({ succeeded: 50, bytes: 100 });
    expect(await server.take({ do: "receive", socket: "theirs", until: 2 })).toMatchObject({
      succeeded: 50,
      bytes: 100,
    });
    expect(await client.take({ do: "close", socket: "all" })).toMatchObject({ ...FINE, succeeded: 50 });
    expect(await server.take({ do: "receive", socket: "theirs", until: "end" })).toMatchObject({ ended: 50 });
  });

  test("connects that nobody answers take the time of one", async () => {
    const { client, server, port } = await pair({ backlog: 1 });
    // The accept queue holds one more than its backlog; after that SYNs are dropped (net/ipv4/tcp_input.c).
    const full = await client.take({ do: "connect", socket: "all", port, count: 300, timeoutMs: 500 });
    expect(full).toMatchObject({ errno: "ETIMEDOUT", failedCall: "connect" });
    expect(full["failed"]).toBeGreaterThan(290);
    expect((full["failed"] as number) + (full["succeeded"] as number)).toBe(300);
    expect(full["tookMs"]).toBeLessThan(3000);
    const some = await server.take({ do: "accept", socket: "theirs", of: "door", count: 20, timeoutMs: 100 });
    expect(some).toMatchObject({ errno: "ETIMEDOUT" });
    expect(some["tookMs"]).toBeLessThan(1000);
    // Those that failed are closed: only the others are there to be.
    expect(await client.take({ do: "close", socket: "all" })).toMatchObject({ succeeded: full["succeeded"] });
  });
});

describe("a pending connect", () => {
  test("leaves SYN_SENT to be looked at, and has its outcome later", async () => {
    const { client, server, port } = await pair({ backlog: 0 });
    const held = await client.take({ do: "connect", socket: "held", port });
    expect(held).toMatchObject(FINE);
    const begun = await client.take({ do: "connect", socket: "one", port, pending: true });
    expect(begun).toMatchObject({ errno: "EINPROGRESS", succeeded: 0, failed: 0, pending: 1 });
    expect(statesOf(begun["localPort"] as number)).toEqual([SYN_SENT]);
    // The queue has room again for the SYN that is sent a second later.
    await server.take({ do: "accept", socket: "theirs", of: "door" });
    const outcome = await client.take({ do: "outcome", socket: "one", timeoutMs: 5000 });
    expect(outcome).toMatchObject({ ...FINE, succeeded: 1 });
    expect(outcome["slowestMs"]).toBeGreaterThan(500);
    expect(await client.take({ do: "send", socket: "one", text: "x" })).toMatchObject(FINE);
  });

  test("that nobody answers times out and is closed", async () => {
    const { client, port } = await pair({ backlog: 0 });
    await client.take({ do: "connect", socket: "held", port });
    const { localPort } = await client.take({ do: "connect", socket: "one", port, pending: true });
    const outcome = await client.take({ do: "outcome", socket: "one", timeoutMs: 50 });
    expect(outcome).toMatchObject({ errno: "ETIMEDOUT", failed: 1 });
    expect(statesOf(localPort as number)).toEqual([]);
    expect(await client.take({ do: "outcome", socket: "one" })).toMatchObject({ errno: "EBADF", succeeded: 0 });
  });
});

describe("what the kernel refuses is an errno", () => {
  test("ECONNREFUSED, where nobody listens", async () => {
    const client = await loopbackProbe();
    const port = freePort();
    expect(await client.take({ do: "connect", socket: "one", port })).toMatchObject({
      errno: "ECONNREFUSED",
      failed: 1,
      failedCall: "connect",
    });
    // It is closed, and its name free.
    expect(await client.take({ do: "send", socket: "one", text: "x" })).toMatchObject({ errno: "EBADF", bytes: 0 });
    expect(await client.take({ do: "connect", socket: "one", port })).toMatchObject({ errno: "ECONNREFUSED" });
  });

  // net/ipv4/inet_connection_sock.c, inet_bind_conflict: both have to have it, the one in TIME_WAIT too.
  test.each([
    { first: false, second: true, errno: "EADDRINUSE" },
    { first: true, second: false, errno: "EADDRINUSE" },
    { first: true, second: true, errno: "none" },
  ])("for the port of a socket in TIME_WAIT, with SO_REUSEADDR or not: %j", async ({ first, second, errno }) => {
    const { client, server, port } = await pair();
    const from = freePort();
    await client.take({ do: "connect", socket: "one", port, from, reuseAddress: first });
    await server.take({ do: "accept", socket: "theirs", of: "door" });
    await client.take({ do: "close", socket: "one" });
    await server.take({ do: "close", socket: "theirs" });
    expect(statesOf(from)).toEqual([TIME_WAIT]);
    const bound = { reuseAddress: second };
    expect(await client.take({ do: "bind", socket: "two", port: from, ...bound })).toMatchObject({ errno });
    if (errno === "none") return;
    const failed = { errno, failed: 1, failedCall: "bind" };
    expect(await client.take({ do: "connect", socket: "three", port, from, ...bound })).toMatchObject(failed);
    expect(await client.take({ do: "listen", socket: "four", port: from, ...bound })).toMatchObject(failed);
  });

  test("EADDRNOTAVAIL, for a connection that there is already", async () => {
    const { client, server, port } = await pair();
    const from = freePort();
    await client.take({ do: "connect", socket: "one", port, from, reuseAddress: true });
    await server.take({ do: "accept", socket: "theirs", of: "door" });
    expect(await client.take({ do: "connect", socket: "two", port, from, reuseAddress: true })).toMatchObject({
      errno: "EADDRNOTAVAIL",
      failedCall: "connect",
    });
  });

  test("ENOTCONN and EINVAL, for what a socket is not", async () => {
    const { client, server, port } = await connected();
    expect(await server.take({ do: "shutdown", socket: "theirs" })).toMatchObject(FINE);
    expect(await client.take({ do: "accept", socket: "two", of: "one", timeoutMs: 50 })).toMatchObject({ failed: 1 });
    await client.take({ do: "bind", socket: "three", port: freePort() });
    expect(await client.take({ do: "shutdown", socket: "three" })).toMatchObject({ errno: "ENOTCONN" });
    expect(await client.take({ do: "connect", socket: "three", port, from: 1234 })).toMatchObject({
      errno: "EINVAL",
      failedCall: "bind",
    });
  });
});

test("a watch needs CAP_NET_RAW: without it nothing is connected, and the errno says why", async () => {
  const CAP_NET_RAW = 13;
  const capabilities = /^CapEff:\s*(?<bits>\w+)$/mu.exec(readFileSync("/proc/self/status", "latin1"))!.groups!["bits"]!;
  const may = (BigInt(`0x${capabilities}`) >> BigInt(CAP_NET_RAW)) % 2n === 1n;
  const { client, port } = await pair();
  const connect = await client.take({ do: "connect", socket: "one", port, count: 3, watch: true });
  const segment = await client.take({ do: "segment", socket: "one", flags: ["ACK"], sequence: 0, timeoutMs: 10 });
  if (may) {
    expect(connect).toMatchObject({ ...FINE, succeeded: 3 });
    expect(segment).toMatchObject({ ...FINE, succeeded: 3 });
  } else {
    expect(connect).toMatchObject({ errno: "EPERM", succeeded: 0, failed: 3, failedCall: "watch" });
    expect(segment).toMatchObject({ errno: "EPERM", answer: null });
  }
});

describe("a bound socket", () => {
  test("goes on with connect, and with listen", async () => {
    const { client, server, port } = await pair();
    const [from, other] = [freePort(), freePort()];
    await client.take({ do: "bind", socket: "one", port: from });
    expect(await client.take({ do: "connect", socket: "one", port })).toMatchObject({ ...FINE, localPort: from });
    await server.take({ do: "bind", socket: "second", port: other });
    expect(await server.take({ do: "listen", socket: "second", port: other })).toMatchObject(FINE);
    expect(await client.take({ do: "connect", socket: "two", port: other })).toMatchObject(FINE);
  });
});

describe("a receive", () => {
  const HEAD = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\n";

  test("until the head's end gives the status, and keeps what comes after it", async () => {
    const { client, server } = await connected();
    await server.take({ do: "send", socket: "theirs", text: `${HEAD}later` });
    expect(await client.take({ do: "receive", socket: "one", until: "head" })).toMatchObject({
      ...FINE,
      bytes: HEAD.length,
      status: 503,
      ended: 0,
    });
    expect(await client.take({ do: "receive", socket: "one", until: 3 })).toMatchObject({ bytes: 3, status: null });
    await server.take({ do: "close", socket: "theirs" });
    expect(await client.take({ do: "receive", socket: "one", until: "end" })).toMatchObject({ bytes: 2, ended: 1 });
  });

  test("of a head in pieces waits for all of them", async () => {
    const port = freePort();
    let theirs!: Socket;
    const listener = createServer({ noDelay: true }, (socket) => (theirs = socket));
    await new Promise<void>((resolve) => listener.listen(port, "127.0.0.1", resolve));
    onTestFinished(() => void listener.close());
    const client = await loopbackProbe();
    await client.take({ do: "connect", socket: "one", port });
    const head = client.take({ do: "receive", socket: "one", until: "head" });
    for (let at = 0; at < HEAD.length; at += 20) {
      theirs.write(HEAD.slice(at, at + 20));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(await head).toMatchObject({ bytes: HEAD.length, status: 503 });
    theirs.destroy();
  });

  test("of something else than HTTP has no status", async () => {
    const { client, server } = await connected();
    await server.take({ do: "send", socket: "theirs", text: "SSH-2.0\r\n\r\n" });
    expect(await client.take({ do: "receive", socket: "one", until: "head" })).toMatchObject({ ...FINE, status: null });
  });

  test("of what does not come fails with ETIMEDOUT when the time is over", async () => {
    const { client, server } = await connected();
    await server.take({ do: "send", socket: "theirs", text: "abc" });
    const short = await client.take({ do: "receive", socket: "one", until: 5, timeoutMs: 60 });
    expect(short).toMatchObject({ errno: "ETIMEDOUT", failed: 1, bytes: 3, ended: 0 });
    expect(short["tookMs"]).toBeGreaterThanOrEqual(60);
  });
});

describe("a send that nobody reads", () => {
  test("stops when the time is over, and says how much the kernel took", async () => {
    const { client } = await connected();
    const sent = await client.take({ do: "send", socket: "one", bytes: 100_000_000, timeoutMs: 200 });
    expect(sent).toMatchObject({ errno: "ETIMEDOUT", failed: 1 });
    expect(sent["bytes"]).toBeGreaterThan(10_000);
    expect(sent["bytes"]).toBeLessThan(100_000_000);
    expect(sent["tookMs"]).toBeGreaterThanOrEqual(190);
  });

  test("stops at once on a socket that does not block", async () => {
    const { client } = await connected({ nonBlocking: true });
    const sent = await client.take({ do: "send", socket: "one", bytes: 100_000_000, timeoutMs: 5000 });
    expect(sent).toMatchObject({ errno: "EAGAIN", failed: 1 });
    expect(sent["bytes"]).toBeGreaterThan(10_000);
    expect(sent["tookMs"]).toBeLessThan(4000);
  });
});

describe("close() with SO_LINGER", () => {
  // net/ipv4/tcp.c, __tcp_close: it waits whatever O_NONBLOCK says, and tells nobody that it was in vain.
  test.each([{ nonBlocking: false }, { nonBlocking: true }])("waits for a peer that reads nothing, %j", async (how) => {
    const { client } = await connected({ lingerSec: 1, ...how });
    await client.take({ do: "send", socket: "one", bytes: 100_000_000, timeoutMs: 100 });
    const closed = await client.take({ do: "close", socket: "one", timeoutMs: 10 });
    expect(closed).toMatchObject({ ...FINE, succeeded: 1 });
    expect(closed["tookMs"]).toBeGreaterThanOrEqual(900);
    expect(closed["slowestMs"]).toBeLessThanOrEqual(closed["tookMs"] as number);
  });

  test("does not wait when everything has been acknowledged", async () => {
    const { client } = await connected({ lingerSec: 5 });
    const closed = await client.take({ do: "close", socket: "one" });
    expect(closed["tookMs"]).toBeLessThan(1000);
  });
});

describe("a step on a name", () => {
  test.each(["send", "close", "outcome", "shutdown", "options", "receive"] as const)(
    "that there never was is the scenario's fault: %s",
    async (step) => {
      const client = await loopbackProbe();
      const fault = client.take({ do: step, socket: "nobody", text: "x", until: "end" });
      await expect(fault).rejects.toMatchObject({ name: "BenchError", code: "bad-scenario" });
      await expect(fault).rejects.toThrow('"nobody"');
    },
  );

  test("that is taken is the scenario's fault, until it is closed", async () => {
    const { client, port } = await connected();
    await expect(client.take({ do: "connect", socket: "one", port })).rejects.toMatchObject({ code: "bad-scenario" });
    await client.take({ do: "close", socket: "one" });
    expect(await client.take({ do: "connect", socket: "one", port })).toMatchObject(FINE);
  });
});

describe("the process", () => {
  test("ends when its channel is closed", async () => {
    const { child, exited } = await loopbackProbe();
    child.disconnect();
    expect(await exited).toMatchObject({ code: 0 });
  });

  test("that is killed in the middle of a step is an error that says so", async () => {
    const { client } = await connected();
    const waiting = client.take({ do: "receive", socket: "one", until: "end", timeoutMs: 10_000 });
    client.child.kill("SIGKILL");
    await expect(waiting).rejects.toMatchObject({ code: "probe-died" });
    await expect(waiting).rejects.toThrow("its last line");
    await expect(client.take({ do: "close", socket: "one" })).rejects.toMatchObject({ code: "probe-died" });
  });
});

test("a step that runs out of open files ends the run, and is no finding about sockets", async () => {
  const probe = await loopbackProbe();
  const port = freePort();
  await probe.take({ do: "listen", socket: "door", port });
  execFileSync("prlimit", ["--pid", String(probe.child.pid), "--nofile=60"]);
  await expect(probe.take({ do: "connect", socket: "many", port, count: 100 })).rejects.toMatchObject({
    code: "open-files-limit",
    message: expect.stringContaining("EMFILE") as string,
  });
});
