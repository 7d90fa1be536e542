import { describe, expect, test } from "vitest";
import { loopbackProbe, type TestProbe } from "./probes.js";

const FINE = { errno: "none", failed: 0 };

async function door(listen: object = {}): Promise<{ probe: TestProbe; port: number }> {
  const probe = await loopbackProbe();
  const { localPort, errno } = await probe.take({ do: "listen", socket: "door", port: 0, ...listen });
  expect(errno).toBe("none");
  return { probe, port: localPort as number };
}

describe("port 0", () => {
  test("lets the kernel choose, of listen, bind and connect, and each says which port it was", async () => {
    const { probe, port } = await door();
    expect(port).toBeGreaterThan(0);
    const bound = await probe.take({ do: "bind", socket: "bound", port: 0 });
    expect(bound).toMatchObject(FINE);
    const { localPort } = await probe.take({ do: "connect", socket: "bound", port });
    expect(localPort).toBe(bound["localPort"]);
    const second = await probe.take({ do: "connect", socket: "second", port, from: 0 });
    expect(second).toMatchObject(FINE);
    expect(second["localPort"]).not.toBe(localPort);
  });

  test("of bind() with IP_BIND_ADDRESS_NO_PORT is a port at connect() only", async () => {
    const { probe, port } = await door();
    const late = await probe.take({ do: "bind", socket: "late", port: 0, bindAddressNoPort: true });
    expect(late).toMatchObject({ ...FINE, localPort: 0 });
    const { localPort } = await probe.take({ do: "connect", socket: "late", port, bindAddressNoPort: true });
    expect(localPort).toBeGreaterThan(0);
    expect(await probe.take({ do: "info", socket: "late" })).toMatchObject({ ...FINE, localPort, remotePort: port });
  });
});

test("an address can be any, loopback, or one of the host's own; one that is not gives an errno", async () => {
  const { probe, port } = await door({ address: "any" });
  for (const [socket, address] of Object.entries({ a: "loopback", b: "127.0.0.2" }))
    expect(await probe.take({ do: "connect", socket, port, address })).toMatchObject(FINE);
  const foreign = await probe.take({ do: "connect", socket: "c", port, address: "203.0.113.1" });
  expect(foreign).toMatchObject({ errno: "EADDRNOTAVAIL", failedCall: "bind" });
  const other = await probe.take({ do: "listen", socket: "there", port, address: "127.0.0.2" });
  expect(other).toMatchObject({ errno: "EADDRINUSE", failedCall: "bind", localPort: null });
});

test("SO_REUSEPORT lets a second one listen, when both have it", async () => {
  const { probe, port } = await door({ reusePort: true });
  expect(await probe.take({ do: "listen", socket: "without", port })).toMatchObject({ errno: "EADDRINUSE" });
  expect(await probe.take({ do: "listen", socket: "with", port, reusePort: true })).toMatchObject(FINE);
});

test("IP_LOCAL_PORT_RANGE is where connect() chooses from", async () => {
  const { probe, port } = await door();
  const low = 40_000 + Math.floor(Math.random() * 10_000);
  const localPortRange = { low, high: low + 9 };
  const made = await probe.take({ do: "connect", socket: "one", port, localPortRange });
  // Linux before 6.3 has no such option.
  if (made["errno"] === "ENOPROTOOPT") return;
  expect(made).toMatchObject(FINE);
  expect(made["localPort"]).toBeGreaterThanOrEqual(low);
  expect(made["localPort"]).toBeLessThanOrEqual(low + 9);
});

test("TCP_DEFER_ACCEPT leaves a connection that has sent nothing in the queue", async () => {
  const { probe, port } = await door({ deferAcceptSec: 5 });
  await probe.take({ do: "connect", socket: "one", port });
  const early = await probe.take({ do: "accept", socket: "theirs", of: "door", timeoutMs: 50 });
  expect(early).toMatchObject({ errno: "ETIMEDOUT" });
  await probe.take({ do: "send", socket: "one", text: "now" });
  expect(await probe.take({ do: "accept", socket: "theirs", of: "door" })).toMatchObject(FINE);
});

test("TCP_LINGER2 below zero makes close() send a RST, where FIN_WAIT2 without a program would begin", async () => {
  const { probe, port } = await door();
  await probe.take({ do: "connect", socket: "one", port, linger2Sec: -1 });
  await probe.take({ do: "accept", socket: "theirs", of: "door" });
  await probe.take({ do: "shutdown", socket: "one" });
  await expect.poll(async () => (await probe.take({ do: "info", socket: "one" }))["fin_wait2"]).toBe(1);
  await probe.take({ do: "close", socket: "one" });
  // In CLOSE_WAIT a RST is EPIPE (net/ipv4/tcp_input.c, tcp_reset); without one the first send would succeed.
  expect(await probe.take({ do: "send", socket: "theirs", text: "late" })).toMatchObject({ errno: "EPIPE" });
});

describe("shutdown()", () => {
  test("of reading ends what is read, and sends nothing", async () => {
    const { probe, port } = await door();
    await probe.take({ do: "connect", socket: "one", port });
    expect(await probe.take({ do: "shutdown", socket: "one", how: "read" })).toMatchObject(FINE);
    expect(await probe.take({ do: "receive", socket: "one", until: "end" })).toMatchObject({ ...FINE, ended: 1 });
    expect(await probe.take({ do: "info", socket: "one" })).toMatchObject({ established: 1 });
  });

  test("of both ways sends a FIN", async () => {
    const { probe, port } = await door();
    await probe.take({ do: "connect", socket: "one", port });
    await probe.take({ do: "accept", socket: "theirs", of: "door" });
    expect(await probe.take({ do: "shutdown", socket: "one", how: "both" })).toMatchObject(FINE);
    expect(await probe.take({ do: "receive", socket: "theirs", until: "end" })).toMatchObject({ ended: 1 });
  });
});

test("a socket that is disconnected can be connected again, and the peer is reset", async () => {
  const { probe, port } = await door();
  await probe.take({ do: "connect", socket: "one", port });
  await probe.take({ do: "accept", socket: "theirs", of: "door" });
  expect(await probe.take({ do: "disconnect", socket: "one" })).toMatchObject(FINE);
  expect(await probe.take({ do: "info", socket: "one" })).toMatchObject({ close: 1, remotePort: null });
  expect(await probe.take({ do: "receive", socket: "theirs", until: "end" })).toMatchObject({ errno: "ECONNRESET" });
  expect(await probe.take({ do: "connect", socket: "one", port })).toMatchObject(FINE);
  expect(await probe.take({ do: "info", socket: "one" })).toMatchObject({ established: 1, remotePort: port });
});

describe("TCP_INFO", () => {
  test("counts what a connection has carried", async () => {
    const { probe, port } = await door();
    await probe.take({ do: "connect", socket: "one", port });
    await probe.take({ do: "accept", socket: "theirs", of: "door" });
    await probe.take({ do: "send", socket: "one", bytes: 1000 });
    await probe.take({ do: "receive", socket: "theirs", until: 1000 });
    await expect
      .poll(() => probe.take({ do: "info", socket: "one" }))
      .toMatchObject({
        ...FINE,
        established: 1,
        bytesSent: 1000,
        bytesAcked: 1001,
        unacked: 0,
        lost: 0,
        remotePort: port,
      });
    expect(await probe.take({ do: "info", socket: "theirs" })).toMatchObject({ bytesReceived: 1000, localPort: port });
  });

  test("tells the queue of one that listens", async () => {
    const { probe, port } = await door({ backlog: 7 });
    await probe.take({ do: "connect", socket: "all", port, count: 3 });
    expect(await probe.take({ do: "info", socket: "door" })).toMatchObject({ listen: 1, unacked: 3, sacked: 7 });
    expect(await probe.take({ do: "info", socket: "all" })).toMatchObject({ established: 3, succeeded: 3 });
  });
});
