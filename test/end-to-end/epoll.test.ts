import { expect, test } from "vitest";
import { decode } from "../../src/stats/histogram.js";
import type { Counters } from "../../src/sampler/types.js";
import type { Lab } from "../../src/lab/types.js";
import { ROLES, type Role } from "../../src/scenario/types.js";
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
    expect(await seenBySs(lab.hosts[role], "time-wait")).toBe(known.timeWait[role]);
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
