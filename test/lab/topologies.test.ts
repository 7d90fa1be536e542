import { expect, test } from "vitest";
import type { Lab } from "../../src/lab/types.js";
import type { LabPlan } from "../../src/scenario/types.js";
import { startBeside } from "../../src/server/beside.js";
import { helloServer, KEPT, labForTest, makeLoad, seenBySs } from "../end-to-end/lab.js";

const CLOSES = 23;
const PORT = 8080;

const hosts = (names: readonly string[]): NonNullable<LabPlan["hosts"]> =>
  Object.fromEntries(names.map((name) => [name, { programs: [] }]));
const nat = (clients: number, ports: { low: number; high: number } | null = null): Partial<LabPlan> => ({
  topology: "nat",
  nat: { clients: ["client", "client-2", "client-3"].slice(0, clients), ports },
});
const proxy = (kind: "nginx" | "haproxy", upstream: "close" | "keep-alive"): Partial<LabPlan> => ({
  topology: "proxy",
  proxy: { kind, upstream, connections: 16, port: PORT, readyTimeoutMs: 10_000 },
  sysctl: { client: KEPT, proxy: KEPT, server: KEPT },
});

/** Of every host: how many sockets entered TIME_WAIT, are there by the table, and are there by ss. */
async function timeWait(lab: Lab): Promise<Record<string, [created: number, present: number, seen: number]>> {
  const counted = [...lab.all].map(async ([name, host]) => {
    const { TW, time_wait } = await host.read({ port: null });
    return [name, [TW, time_wait, await seenBySs(host, "time-wait")]] as const;
  });
  return Object.fromEntries(await Promise.all(counted)) as ReturnType<typeof timeWait> extends Promise<infer T>
    ? T
    : never;
}

const all = (count: number): [number, number, number] => [count, count, count];

async function serve(lab: Lab, plan: Partial<LabPlan>): Promise<void> {
  await helloServer(lab);
  await startBeside(plan as LabPlan, lab, "after-server", null);
  // What looked whether they are ready was counted too.
  await Promise.all([...lab.all.values()].map((host) => host.mark()));
}

const load = (lab: Lab, closer: "client" | "server", target = lab.front): ReturnType<typeof makeLoad> =>
  makeLoad(lab, { host: target.address, port: PORT }, { requests: CLOSES, closer });

test.each([
  ["hosts", { topology: "hosts", hosts: hosts(["client", "server", "third"]) }, ["client", "server", "third"]],
  [
    "hosts over IPv6",
    {
      topology: "hosts",
      family: "ipv6",
      hosts: hosts(["client", "server", "third"]),
      addresses: { client: 2, server: 2 },
    },
    ["client", "server", "third"],
  ],
  ["nat", nat(3), ["client", "client-2", "client-3", "nat", "server"]],
] as [string, Partial<LabPlan>, string[]][])(
  "on the topology %s, 23 connections that one side closes: 23 in TIME_WAIT there, none elsewhere",
  async (_, plan, names) => {
    for (const closer of ["server", "client"] as const) {
      const lab = await labForTest(plan);
      expect([...lab.all.keys()]).toEqual(names);
      await serve(lab, plan);
      expect((await load(lab, closer)).requests).toEqual({ sent: CLOSES, succeeded: CLOSES, failed: 0 });
      const expected = names.map((name) => [name, all(name === closer ? CLOSES : 0)]);
      expect(await timeWait(lab)).toEqual(Object.fromEntries(expected));
      await lab.close();
    }
  },
);

test("each host has its own sysctls, and reaches every other", async () => {
  const key = "net.ipv4.tcp_fin_timeout";
  const lab = await labForTest({
    topology: "hosts",
    hosts: hosts(["client", "server", "third", "fourth"]),
    addresses: { client: 300, server: 300 },
    sysctl: { client: { [key]: "11" }, server: { [key]: "12" }, third: { [key]: "13" }, fourth: { [key]: "14" } },
  });
  const values = [...lab.all.values()].map(async (host) => (await host.readSysctls([key]))[key]);
  expect(await Promise.all(values)).toEqual(["11", "12", "13", "14"]);
  await helloServer(lab);
  const addresses = [lab.hosts.server.address, lab.hosts.server.addresses.at(-1)!];
  for (const host of lab.all.values())
    for (const address of addresses)
      await host.waitUntilReady({ by: "http", path: "/", host: address, port: PORT, timeoutMs: 5_000 });
});

test("a host that is cut off the switch is silent, and the others go on", async () => {
  const lab = await labForTest({ topology: "hosts", hosts: hosts(["client", "server", "third"]) });
  await helloServer(lab);
  const probe = { by: "tcp" as const, host: lab.hosts.server.address, port: PORT };
  const third = lab.all.get("third")!;
  await lab.hosts.client.link("down");
  await expect(lab.hosts.client.waitUntilReady({ ...probe, timeoutMs: 500 })).rejects.toThrow("in time");
  await third.waitUntilReady({ ...probe, timeoutMs: 5_000 });
  await lab.hosts.client.link("up");
  await lab.hosts.client.waitUntilReady({ ...probe, timeoutMs: 5_000 });
});

test("behind a NAT all clients come from one address, and from its ports", async () => {
  const ports = { low: 40_000, high: 40_099 };
  const plan = nat(3, ports);
  const lab = await labForTest(plan);
  await serve(lab, plan);
  for (const name of ["client", "client-2", "client-3"])
    await makeLoad(
      { ...lab, hosts: { ...lab.hosts, client: lab.all.get(name)! } },
      { host: lab.front.address, port: PORT },
      { requests: 5, closer: "server" },
    );
  const { lines, ...peers } = await lab.hosts.server.run({
    command: "ss --tcp --numeric --no-header state time-wait",
    cwd: "/",
    env: {},
    count: String.raw`(\d+\.\d+\.\d+\.\d+):40\d\d\d\s*$`,
    number: null,
    timeoutMs: 5_000,
  });
  expect(lines).toBe(15);
  expect(peers).toMatchObject({ [lab.all.get("nat")!.address]: 15 });
  const ofNat = await lab.all.get("nat")!.read({ port: null });
  expect(ofNat).toMatchObject({ sockets: 0, conntrack: 15, conntrackTimeWait: 15 });
  expect(ofNat["conntrackTimeWaitLeftMs"]).toBeGreaterThan(60_000);
  expect(ofNat["conntrackTimeWaitLeftMs"]).toBeLessThanOrEqual(120_000);
  expect(await lab.hosts.server.read({ port: null })).toMatchObject({ conntrackTimeWait: 0 });
});

test("the server behind a NAT knows no way to the clients", async () => {
  const lab = await labForTest(nat(1));
  const ask = {
    command: `ip route get ${lab.hosts.client.address}`,
    cwd: "/",
    env: {},
    count: null,
    number: null,
    timeoutMs: 5_000,
  };
  expect((await lab.hosts.server.run(ask))["exitCode"]).not.toBe(0);
});

test("nginx before a server, a connection for each request: 23 in TIME_WAIT behind it as well", async () => {
  const plan = proxy("nginx", "close");
  const lab = await labForTest(plan);
  await serve(lab, plan);
  await load(lab, "client");
  const { client, proxy: ofProxy, server } = await timeWait(lab);
  expect(client).toEqual(all(CLOSES));
  // nginx closes when it has the whole answer, the server when it has sent it: whoever is first, or both at once.
  expect(ofProxy![0] + server![0]).toBeGreaterThanOrEqual(CLOSES);
  expect(ofProxy![0] + server![0]).toBeLessThanOrEqual(2 * CLOSES);
  const reading = await lab.all.get("proxy")!.read({ port: PORT });
  expect(reading).toMatchObject({ "local.time_wait": 0, "remote.time_wait": ofProxy![1], ActiveOpens: CLOSES });
});

test("nginx before a server, connections used again: hardly any TIME_WAIT at the server, 23 at the proxy", async () => {
  const plan = proxy("nginx", "keep-alive");
  const lab = await labForTest(plan);
  await serve(lab, plan);
  await load(lab, "server");
  expect(await timeWait(lab)).toEqual({ client: all(0), proxy: all(CLOSES), server: all(0) });
  const ofProxy = await lab.all.get("proxy")!.read({ port: PORT });
  expect(ofProxy).toMatchObject({ "local.time_wait": CLOSES, "remote.time_wait": 0 });
  expect(ofProxy["remote.established"]).toBeGreaterThanOrEqual(1);
  expect(ofProxy["remote.established"]).toBeLessThanOrEqual(3);
  expect(ofProxy["descriptors"]).toBeGreaterThan(3);
});

test.each(["close", "keep-alive"] as const)("haproxy before a server answers every request (%s)", async (upstream) => {
  const plan = proxy("haproxy", upstream);
  const lab = await labForTest(plan);
  await serve(lab, plan);
  expect((await load(lab, "client")).requests).toEqual({ sent: CLOSES, succeeded: CLOSES, failed: 0 });
  const opened = (await lab.hosts.server.read({ port: null }))["PassiveOpens"];
  if (upstream === "close") expect(opened).toBe(CLOSES);
  else expect(opened).toBeLessThanOrEqual(3);
});
