import { expect, test, type TestContext } from "vitest";
import { difference } from "../../src/stats/difference.js";
import type { HostProcess, Lab } from "../../src/lab/types.js";
import { helloServer, labForTest, makeLoad } from "./lab.js";

const CONNECTIONS = 5;

interface Counted {
  opened: number;
  accepted: number;
  /** Entered TIME_WAIT. */
  created: { client: number; server: number };
}

/** What both kernels count while something makes load with `Connection: close`. */
async function countDuring(lab: Lab, load: () => Promise<unknown>): Promise<Counted> {
  const { client, server } = lab.hosts;
  const before = { client: await client.snapshot(), server: await server.snapshot() };
  await load();
  await Promise.all([client.settle(1_000), server.settle(1_000)]);
  const atClient = difference(before.client.counters!, (await client.snapshot()).counters!);
  const atServer = difference(before.server.counters!, (await server.snapshot()).counters!);
  return {
    opened: atClient["Tcp:ActiveOpens"] ?? 0,
    accepted: atServer["Tcp:PassiveOpens"] ?? 0,
    created: { client: atClient["TcpExt:TW"] ?? 0, server: atServer["TcpExt:TW"] ?? 0 },
  };
}

test.each(["epoll", "undici"] as const)("%s leaves one TIME_WAIT on the server for each connection", async (client) => {
  const lab = await labForTest();
  const server = await helloServer(lab);
  let claimed = 0;
  const counted = await countDuring(lab, async () => {
    const report = await makeLoad(lab, server, { client, connections: CONNECTIONS, requests: 1_009 });
    claimed = report.connections.opened;
  });
  expect(claimed).toBe(1_009);
  expect(counted).toEqual({ opened: 1_009, accepted: 1_009, created: { client: 0, server: 1_009 } });
});

test("wrk agrees with them, but for the connections that it drops at its end", async (context: TestContext) => {
  const lab = await labForTest();
  const server = await helloServer(lab);
  const wrk = (...args: string[]): Promise<HostProcess> =>
    lab.hosts.client.spawn({ label: "wrk", program: { file: "wrk", args } });
  const found = await wrk("--version").then(
    () => true,
    () => false,
  );
  context.skip(!found, "wrk is not installed");
  const counted = await countDuring(lab, async () => {
    const url = `http://${server.host}:${server.port}/`;
    const { exited } = await wrk("-t1", `-c${CONNECTIONS}`, "-d1s", "-H", "Connection: close", url);
    expect((await exited).code).toBe(0);
  });
  expect(counted.opened).toBeGreaterThan(100);
  expect(Math.abs(counted.opened - counted.accepted)).toBeLessThanOrEqual(CONNECTIONS);
  // wrk does not wait for the server's FIN: who is first is a race, and TIME_WAIT on either side, or on both when their
  // FINs cross (RFC 9293, figure 13).
  const { client, server: atServer } = counted.created;
  expect(client + atServer).toBeGreaterThanOrEqual(counted.accepted - CONNECTIONS);
  expect(Math.max(client, atServer)).toBeLessThanOrEqual(counted.accepted);
});
