import { expect, test } from "vitest";
import { decode } from "../../src/stats/histogram.js";
import type { Counters } from "../../src/sampler/types.js";
import type { Lab } from "../../src/lab/types.js";
import { ROLES, type Role } from "../../src/scenario/types.js";
import { startServer } from "../../src/server/start.js";
import { helloServer, labForTest, makeLoad, seenBySs } from "./lab.js";

/** A prime, so that no multiple of anything comes out the same by accident; more than are worked off at once. */
const CLOSES = 1021;
const LOAD = { client: "epoll", connections: 20 } as const;

async function counters(lab: Lab): Promise<Record<Role, Counters>> {
  const [client, server] = await Promise.all(ROLES.map((role) => lab.hosts[role].snapshot()));
  return { client: client!.counters!, server: server!.counters! };
}

test.each([
  { closer: "server", timeWait: { client: 0, server: CLOSES }, resets: 0 },
  { closer: "client", timeWait: { client: CLOSES, server: 0 }, resets: 0 },
  { closer: "reset", timeWait: { client: 0, server: 0 }, resets: CLOSES },
] as const)("connections that end by $closer: both kernels count them as the client does", async (known) => {
  const lab = await labForTest();
  const server = await helloServer(lab);
  const before = await counters(lab);

  const report = await makeLoad(lab, server, { ...LOAD, requests: CLOSES, closer: known.closer });

  const after = await counters(lab);
  const grown = (role: Role, counter: string): number => (after[role][counter] ?? 0) - (before[role][counter] ?? 0);
  expect(report.requests).toEqual({ sent: CLOSES, succeeded: CLOSES, failed: 0 });
  expect(report.connections).toMatchObject({ opened: CLOSES, failed: 0 });
  expect(report.connections.closed).toEqual({ client: 0, server: 0, reset: 0, [known.closer]: CLOSES });
  expect(decode(report.connectHistogram!).totalCount).toBe(CLOSES);
  expect(grown("client", "Tcp:ActiveOpens")).toBe(CLOSES);
  expect(grown("server", "Tcp:PassiveOpens")).toBe(CLOSES);
  expect(grown("client", "Tcp:OutRsts")).toBe(known.resets);
  expect(grown("server", "Tcp:OutRsts")).toBe(0);
  for (const role of ROLES) {
    expect(grown(role, "TcpExt:TW")).toBe(known.timeWait[role]);
    // connect() may come round to a port that the server still holds, and reopens that one: an event more than sockets.
    const present = await seenBySs(lab.hosts[role], "time-wait");
    expect(present).toBeLessThanOrEqual(known.timeWait[role]);
    expect(present).toBeGreaterThanOrEqual(0.9 * known.timeWait[role]);
  }
});

test("ports that the client holds in TIME_WAIT run out in connect(), and the rest of the load fails there", async () => {
  const ports = { "net.ipv4.ip_local_port_range": "20000 20099", "net.ipv4.tcp_tw_reuse": "0" };
  const lab = await labForTest({ sysctl: { client: ports, server: {} } });
  const server = await helloServer(lab);
  const report = await makeLoad(lab, server, { ...LOAD, requests: 120, closer: "client" });
  expect(report.requests).toEqual({ sent: 120, succeeded: 100, failed: 20 });
  expect(report.errors).toEqual({ EADDRNOTAVAIL: 20 });
  expect(report.errorsByCall).toEqual({ "connect EADDRNOTAVAIL": 20 });
  expect(await seenBySs(lab.hosts.client, "time-wait")).toBe(100);
});

/** On the hosts' network, and nobody's until a test gives it to somebody: connect() waits for an answer to ARP. */
const LATER = "198.18.0.77";

async function giveLater(lab: Lab): Promise<void> {
  const args = ["address", "add", `${LATER}/24`, "dev", "eth0"];
  const ip = await lab.hosts.server.spawn({ label: "ip", program: { file: "ip", args } });
  expect((await ip.exited).code).toBe(0);
}

test("a connection that is not made in time fails in connect(), and is none", async () => {
  const lab = await labForTest();
  const report = await makeLoad(lab, { host: LATER, port: 8080 }, { ...LOAD, requests: 20, timeoutMs: 200 });
  expect(report.requests).toEqual({ sent: 20, succeeded: 0, failed: 20 });
  expect(report.errors).toEqual({ ETIMEDOUT: 20 });
  expect(report.errorsByCall).toEqual({ "connect ETIMEDOUT": 20 });
  expect(report.connections).toMatchObject({ opened: 0, failed: 20 });
});

test("connections that take their time are waited for, and so is the refusal of one", async () => {
  const lab = await labForTest();
  const script = "require('node:http').createServer((_, response) => response.end('ok')).listen(8080)";
  const command = `"${process.execPath}" -e "${script}"`;
  await startServer(
    { kind: "command", command, cwd: "/", env: {}, port: 8080, ready: { by: "tcp" }, readyTimeoutMs: 10_000 },
    lab.hosts.server,
  );
  const made = makeLoad(lab, { host: LATER, port: 8080 }, { ...LOAD, requests: 400 });
  const refused = makeLoad(lab, { host: LATER, port: 8081 }, { ...LOAD, requests: 20 });
  // Unanswered SYNs of both loads, one a slot.
  await expect.poll(() => seenBySs(lab.hosts.client, "syn-sent"), { timeout: 10_000 }).toBe(40);
  await giveLater(lab);
  const [report, refusal] = await Promise.all([made, refused]);
  expect(report.requests).toEqual({ sent: 400, succeeded: 400, failed: 0 });
  expect(report.connections.closed).toEqual({ client: 0, server: 400, reset: 0 });
  // The first ones have waited for the address, and none of it was lost to the measurement.
  expect(decode(report.connectHistogram!).maxValue).toBeGreaterThan(20_000);
  expect(refusal.errorsByCall).toEqual({ "connect ECONNREFUSED": 20 });
});
