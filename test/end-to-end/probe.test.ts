import { describe, expect, test } from "vitest";
import type { Lab } from "../../src/lab/types.js";
import type { Topology } from "../../src/scenario/types.js";
import { startProbe } from "../../src/probe/conduct.js";
import type { Figures } from "../../src/probe/types.js";
import { asMeant, type Written } from "../probe/probes.js";
import { labForTest, seenBySs } from "./lab.js";

const PORT = 9000;
const BYTES = 100_000;
const FINE = { errno: "none", failed: 0 };

interface Probes {
  lab: Lab;
  client: (step: Written) => Promise<Figures>;
  server: (step: Written) => Promise<Figures>;
}

async function probes(serverSysctls: Record<string, string> = {}, topology: Topology = "two-hosts"): Promise<Probes> {
  const lab = await labForTest({ topology, sysctl: { client: {}, server: serverSysctls } });
  const addresses = (name: string): string => (name === "silence" ? lab.silentAddress! : lab.all.get(name)!.address);
  const on = async (name: "client" | "server"): Promise<Probes["client"]> => {
    const probe = await startProbe(lab.hosts[name]);
    return (step) => probe.take(asMeant(step, name), addresses);
  };
  return { lab, client: await on("client"), server: await on("server") };
}

/** Leaves connections that the server has closed first, watched by the client. */
async function closedByServer({ client, server }: Probes, count = 1): Promise<void> {
  await server({ do: "listen", socket: "door", port: PORT, backlog: count });
  expect(await client({ do: "connect", socket: "one", port: PORT, watch: true, count })).toMatchObject(FINE);
  await server({ do: "accept", socket: "theirs", of: "door", count });
  await client({ do: "send", socket: "one", text: "request" });
  await server({ do: "receive", socket: "theirs", until: 7 });
  await server({ do: "send", socket: "theirs", bytes: BYTES });
  await server({ do: "close", socket: "theirs" });
  expect(await client({ do: "receive", socket: "one", until: "end" })).toMatchObject({ bytes: count * BYTES });
  expect(await client({ do: "close", socket: "one" })).toMatchObject(FINE);
}

describe("a FIN that comes again after the connection has ended", () => {
  const repeatedFin: Written = { do: "segment", socket: "one", flags: ["FIN", "ACK"], sequence: "repeat" };

  test("is acknowledged in TIME_WAIT", async () => {
    const them = await probes();
    await closedByServer(them);
    expect(await seenBySs(them.lab.hosts.server, "time-wait")).toBe(1);
    const answer = await them.client({ ...repeatedFin, timestamp: 1 });
    expect(answer).toMatchObject({ ...FINE, succeeded: 1, answer: "ACK", ack: 1, rst: 0 });
    expect(answer["answerMs"]).toBeLessThan(1000);
  });

  test("is acknowledged where both sides are on one host, and every segment is seen going out and coming in", async () => {
    const them = await probes({}, "loopback");
    await closedByServer(them, 5);
    expect(await them.client(repeatedFin)).toMatchObject({ ...FINE, answer: "ACK", ack: 5, silent: 0 });
  });

  // The closed socket's own kernel answers the ACK with a RST, which is what RFC 1337 warns of.
  test.each([
    { rfc1337: "0", left: 0 },
    { rfc1337: "1", left: 1 },
  ])(
    "leaves $left in TIME_WAIT after the RST that its ACK is answered with, tcp_rfc1337 being $rfc1337",
    async (how) => {
      const them = await probes({ "net.ipv4.tcp_rfc1337": how.rfc1337 });
      await closedByServer(them);
      expect(await them.client(repeatedFin)).toMatchObject({ answer: "ACK" });
      await expect.poll(() => seenBySs(them.lab.hosts.server, "time-wait")).toBe(how.left);
    },
  );

  test("is answered with a RST where TIME_WAIT was kept away", async () => {
    const them = await probes({ "net.ipv4.tcp_max_tw_buckets": "0" });
    await closedByServer(them);
    expect(await seenBySs(them.lab.hosts.server, "time-wait")).toBe(0);
    expect(await them.client({ ...repeatedFin, timestamp: 1 })).toMatchObject({
      ...FINE,
      answer: "RST",
      ack: 0,
      rst: 1,
    });
  });

  test.each([23, 1000])("is acknowledged for each of %i connections", async (count) => {
    const them = await probes();
    await closedByServer(them, count);
    const answer = await them.client(repeatedFin);
    expect(answer).toMatchObject({ ...FINE, succeeded: count, answer: "ACK", ack: count, silent: 0 });
  });
});

describe("a SYN for a connection in TIME_WAIT", () => {
  // net/ipv4/tcp_minisocks.c, tcp_timewait_state_process: newer by its number or by its timestamp, and not older by that.
  test.each([
    { sequence: 1000, timestamp: 1000, answer: "SYN-ACK" },
    { sequence: -100_000, timestamp: 1000, answer: "SYN-ACK" },
    { sequence: 1000, timestamp: null, answer: "SYN-ACK" },
    { sequence: -100_000, timestamp: null, answer: "ACK" },
    { sequence: -100_000, timestamp: -100_000, answer: "ACK" },
    { sequence: 1000, timestamp: -100_000, answer: "ACK" },
  ])("$sequence from its last number, $timestamp from its last timestamp: $answer", async ({ answer, ...syn }) => {
    const them = await probes();
    await closedByServer(them);
    const opened = await them.client({ do: "segment", socket: "one", flags: ["SYN"], ...syn });
    expect(opened).toMatchObject({ ...FINE, answer });
  });
});

describe("a segment", () => {
  test("to a host that is cut off has no answer", async () => {
    const them = await probes();
    await closedByServer(them);
    await them.lab.hosts.server.link("down");
    const answer = await them.client({
      do: "segment",
      socket: "one",
      flags: ["FIN", "ACK"],
      sequence: "repeat",
      timeoutMs: 100,
    });
    expect(answer).toMatchObject({ answer: "none", answerMs: null, silent: 1 });
  });

  test("goes on with the numbers of its own connection, whatever else the peer's port says", async () => {
    const them = await probes({ "net.ipv4.tcp_max_tw_buckets": "0" });
    await closedByServer(them);
    await them.client({ do: "connect", socket: "other", port: PORT });
    await them.client({ do: "connect", socket: "watched-too", port: PORT, watch: true });
    await them.server({ do: "accept", socket: "others", of: "door", count: 2 });
    await them.server({ do: "send", socket: "others", bytes: 1_000_000, timeoutMs: 100 });
    const fin: Written = { do: "segment", socket: "one", flags: ["FIN", "ACK"], sequence: "repeat" };
    expect(await them.client(fin)).toMatchObject({ answer: "RST", rst: 1, ack: 0 });
    // With the number that is next, a RST ends the one connection that it is for (RFC 5961, section 3.2).
    expect(await seenBySs(them.lab.hosts.server, "established")).toBe(2);
    await them.client({ do: "segment", socket: "watched-too", flags: ["RST"], sequence: 0, timeoutMs: 50 });
    expect(await seenBySs(them.lab.hosts.server, "established")).toBe(1);
    expect(await them.server({ do: "receive", socket: "others", until: "end", timeoutMs: 50 })).toMatchObject({
      errno: "ETIMEDOUT",
      failed: 2,
    });
  });

  test("needs a connection that was watched", async () => {
    const { client } = await probes();
    const sent = client({ do: "segment", socket: "one", flags: ["RST"], sequence: 0 });
    await expect(sent).rejects.toMatchObject({ code: "bad-scenario" });
  });

  test("is not sent with numbers that may be old: more has come at once than the watch has places for", async () => {
    const { client, server } = await probes();
    await server({ do: "listen", socket: "door", port: PORT, backlog: 4000 });
    await client({ do: "connect", socket: "one", port: PORT, watch: true, count: 3000 });
    await server({ do: "accept", socket: "theirs", of: "door", count: 3000 });
    for (const text of ["a", "b", "c", "d", "e", "f"]) await server({ do: "send", socket: "theirs", text });
    const sent = await client({ do: "segment", socket: "one", flags: ["ACK"], sequence: 0, timeoutMs: 100 });
    expect(sent).toMatchObject({ errno: "ENOBUFS", failed: 3000, answer: null });
  });

  test("needs a word from the peer to know its numbers", async () => {
    const { client } = await probes();
    await client({ do: "connect", socket: "one", port: PORT, watch: true });
    expect(await client({ do: "segment", socket: "one", flags: ["RST"], sequence: 0 })).toMatchObject({
      errno: "ENODATA",
      failed: 1,
      answer: null,
    });
  });
});

describe("connects to silence", () => {
  test("stay in SYN_SENT for as long as they are pending, all of them at once", async () => {
    const { lab, client } = await probes();
    const silent = { to: "silence", port: PORT, count: 2000 };
    const begun = await client({ do: "connect", socket: "all", pending: true, ...silent });
    expect(begun).toMatchObject({ errno: "EINPROGRESS", succeeded: 0, failed: 0, pending: 2000 });
    expect(await seenBySs(lab.hosts.client, "syn-sent")).toBe(2000);
    expect(await client({ do: "outcome", socket: "all", timeoutMs: 1 })).toMatchObject({
      errno: "ETIMEDOUT",
      failed: 2000,
    });
    expect(await seenBySs(lab.hosts.client, "syn-sent")).toBe(0);
    const waited = await client({ do: "connect", socket: "all", timeoutMs: 300, ...silent });
    expect(waited).toMatchObject({ errno: "ETIMEDOUT", failed: 2000, pending: 0 });
    expect(waited["tookMs"]).toBeLessThan(5000);
  });
});

describe("a flood of SYNs", () => {
  test("leaves each half open", async () => {
    const { lab, client, server } = await probes({
      "net.ipv4.tcp_syncookies": "0",
      "net.ipv4.tcp_max_syn_backlog": "4096",
    });
    await server({ do: "listen", socket: "door", port: PORT });
    expect(await client({ do: "flood", socket: "", port: PORT, count: 300 })).toMatchObject({ ...FINE, sent: 300 });
    expect(await seenBySs(lab.hosts.server, "syn-recv")).toBe(300);
    // Longer than a search for a neighbour takes that nobody answers.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(await seenBySs(lab.hosts.server, "syn-recv")).toBe(300);
    expect((await lab.hosts.server.snapshot()).counters).toMatchObject({ "TcpExt:TCPReqQFullDrop": 0 });
  });
});
