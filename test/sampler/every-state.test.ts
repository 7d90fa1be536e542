import { expect, test } from "vitest";
import type { Host } from "../../src/lab/types.js";
import { sidesOf } from "../../src/sampler/socket-counts.js";
import type { LinkEnd, SampleMessage, TcpState } from "../../src/sampler/types.js";
import { labForTest } from "../end-to-end/lab.js";
import { type Puppet, puppetOn, runOn } from "./puppets.js";

/**
 * Every state at once, in one table, on the host `a`. What has to stay in a state for a while depends on answers that
 * never come: `a` believes that some of the addresses of `b` belong to a machine that is not there (a wrong hardware
 * address among its neighbours), so that what `a` sends to them is lost, while it hears all that they send.
 *
 *   live    all is well: LISTEN, ESTABLISHED, FIN_WAIT2, CLOSE_WAIT, TIME_WAIT
 *   dying   lost from some moment on: FIN_WAIT1, CLOSING, LAST_ACK
 *   dead    lost from the beginning: SYN_SENT, SYN_RECV
 */
interface Family {
  name: string;
  port: number;
  /** The address of `a` as `b` connects to it, and those of `b` as `a` does. */
  a: string;
  b: { live: string; dying: string; dead: string };
  /** What `b` binds to, to connect from its dead or dying address. */
  source: { live: string; dying: string; dead: string };
}

const IPV4 = { live: "198.19.0.1", dying: "198.19.0.3", dead: "198.19.0.4" };
/** 2001:2::/48 is set aside for benchmarks, as 198.18.0.0/15 is (RFC 5180). */
const IPV6 = { live: "2001:2::2", dying: "2001:2::3", dead: "2001:2::4" };
const mapped = (address: string): string => `::ffff:${address}`;
const FAMILIES: Family[] = [
  { name: "IPv4", port: 8080, a: "198.18.0.1", b: IPV4, source: IPV4 },
  { name: "IPv6", port: 8080, a: "2001:2::1", b: IPV6, source: IPV6 },
  {
    // Connections over IPv4 of sockets of IPv6: they are in the IPv6 table, and only there.
    name: "mapped",
    port: 8081,
    a: "198.18.0.1",
    b: { live: mapped(IPV4.live), dying: mapped(IPV4.dying), dead: mapped(IPV4.dead) },
    source: IPV4,
  },
];
const BOUND_PORT = 8082;
const PORTS = [8080, 8081, BOUND_PORT];
const NOBODY = "02:00:00:00:00:99";

test("netlink, /proc/net/tcp* and ss count the same sockets in every state, both families, both ends, by port", async () => {
  // A late retransmission may be answered by a reset, and without this a reset ends TIME_WAIT (RFC 1337).
  const lab = await labForTest({ sysctl: { client: {}, server: { "net.ipv4.tcp_rfc1337": "1" } } });
  const { server: hostA, client: hostB } = lab.hosts;
  const [a, b] = await Promise.all([puppetOn(hostA), puppetOn(hostB)]);
  const gaugeBefore = await a("gauge", {});
  await addAddresses(hostA, hostB);
  await loseWhatGoesTo("dead", hostA);
  for (const puppet of [a, b]) {
    await puppet("listen", { host: "0.0.0.0", port: 8080, ipv6Only: false });
    await puppet("listen", { host: "::", port: 8080, ipv6Only: true });
    await puppet("listen", { host: "::", port: 8081, ipv6Only: false });
  }
  await a("bind", { port: BOUND_PORT });

  const expected = new Map<string, number>([
    ["8080 local listen", 2],
    ["8081 local listen", 1],
  ]);
  // Another number for each, so that no mistake is made up for by another.
  let count = 0;
  const inState = async (
    state: TcpState,
    road: keyof Family["b"],
    make: (tag: string, count: number) => Promise<unknown>,
    ends: readonly ("local" | "remote")[] = ["local", "remote"],
  ): Promise<void> => {
    for (const family of FAMILIES) {
      for (const end of ends) {
        count++;
        const tag = `${state} ${road} ${family.name} ${end} ${count}`;
        const accepted = end === "local";
        const [from, to] = accepted ? [b, a] : [a, b];
        const answered = road !== "dead";
        await from("connect", {
          tag,
          count,
          host: accepted ? family.a : family.b[road],
          port: family.port,
          ...(accepted ? { localAddress: family.source[road] } : {}),
          answered,
        });
        if (answered) await to("until", { tag, count, ended: false });
        await make(tag, count);
        const key = `${family.port} ${end} ${state}`;
        expected.set(key, (expected.get(key) ?? 0) + count);
      }
    }
  };
  const sendFin = async (from: Puppet, to: Puppet, tag: string, number: number): Promise<void> => {
    await from("end", { tag });
    await to("until", { tag, count: number, ended: true });
  };

  await inState("established", "live", async () => {});
  await inState("close_wait", "live", (tag, number) => sendFin(b, a, tag, number));
  await inState("fin_wait2", "live", (tag, number) => sendFin(a, b, tag, number));
  // Abandoned in FIN_WAIT2, the kernel keeps only a small record, with the timer of TIME_WAIT.
  let abandoned = 0;
  await inState("fin_wait2", "live", async (tag, number) => {
    abandoned += number;
    await a("abandon", { tag });
    await b("until", { tag, count: number, ended: true });
  });
  await inState("time_wait", "live", async (tag, number) => {
    await sendFin(a, b, tag, number);
    await sendFin(b, a, tag, number);
  });
  const later: (() => Promise<unknown>)[] = [];
  await inState("fin_wait1", "dying", async (tag) => later.push(() => a("end", { tag })));
  await inState("closing", "dying", async (tag, number) =>
    later.push(async () => {
      await a("end", { tag });
      await sendFin(b, a, tag, number);
    }),
  );
  await inState("last_ack", "dying", async (tag, number) =>
    later.push(async () => {
      await sendFin(b, a, tag, number);
      await a("end", { tag });
    }),
  );
  await loseWhatGoesTo("dying", hostA);
  for (const step of later) await step();
  await inState("syn_sent", "dead", async () => {}, ["remote"]);
  await inState("syn_recv", "dead", async () => {}, ["local"]);

  const meant = Object.fromEntries(expected);
  await expect.poll(() => seenBySs(hostA), { timeout: 5_000 }).toEqual(meant);
  const { netlink, text, again } = await a("tables", { ports: PORTS });
  expect(byKey(netlink.ends)).toEqual(meant);
  expect(byKey(text.ends)).toEqual(meant);
  expect(await seenBySs(hostA)).toEqual(meant);

  // The gauge does not tell what is left of abandoned sockets from TIME_WAIT.
  const inTimeWait = text.ends.reduce((sum, { states }) => sum + (states.time_wait ?? 0), 0);
  expect((await a("gauge", {})).timeWait - gaugeBefore.timeWait).toBe(inTimeWait + abandoned);

  // The two sides of the run are the server's port, seen from either end.
  for (const { ends } of [netlink, text]) {
    const sides = sidesOf(ends, 8080);
    for (const [side, end] of [
      ["server", "local"],
      ["client", "remote"],
    ] as const)
      for (const [state, number] of Object.entries(some(sides[side])))
        expect([state, number]).toEqual([state, meant[`8080 ${end} ${state}`]]);
  }

  // Both tell the same addresses, IPv4 that IPv6 carries as IPv4.
  const placed = (ends: readonly LinkEnd[]): string[] =>
    ends.map(({ end, port, local, remote }) => `${end} ${port} ${local} ${remote}`).toSorted();
  expect(placed(text.ends)).toEqual(placed(netlink.ends));
  expect(placed(text.ends)).toContain(`from 8081 198.18.0.1 ${IPV4.live}`);
  expect(placed(text.ends)).toContain(`to 8080 2001:2::1 ${IPV6.dying}`);

  // What is left of TIME_WAIT only gets less, so that the reading between two others lies between them; the text tells
  // it in hundredths of a second.
  const like = (ends: readonly LinkEnd[], { end, port, local, remote }: LinkEnd): LinkEnd =>
    ends.find((one) => one.end === end && one.port === port && one.local === local && one.remote === remote)!;
  const waiting = text.ends.filter(({ timeWaitLeftMs }) => timeWaitLeftMs !== null);
  expect(waiting.length).toBeGreaterThan(0);
  for (const end of waiting) {
    for (const which of ["min", "max"] as const) {
      const left = end.timeWaitLeftMs![which];
      expect(left).toBeLessThanOrEqual(like(netlink.ends, end).timeWaitLeftMs![which] + 10);
      expect(left).toBeGreaterThanOrEqual(like(again.ends, end).timeWaitLeftMs![which] - 10);
      expect(left).toBeGreaterThan(0);
    }
    // The second reading by netlink came after the first, in which all of them had been there.
    expect(like(netlink.ends, end).timeWaitBorn).toBe(like(netlink.ends, end).states.time_wait);
    expect(like(again.ends, end).timeWaitBorn).toBe(0);
  }

  const samples: SampleMessage[] = [];
  const request = { everyMs: 1_000, tableEveryMs: 1_000, shared: false, serverPort: 8080 };
  await hostA.startSampling(request, (sample) => samples.push(sample));
  await hostA.stopSampling();
  const table = samples.findLast((sample) => sample.kind === "table")!;
  expect(table.source).toBe("netlink");
  expect(byKey(table.ends)).toEqual(meant);
});

async function addAddresses(hostA: Host, hostB: Host): Promise<void> {
  await runOn(hostA, "ip", "address", "add", "2001:2::1/48", "dev", "eth0", "nodad");
  await runOn(hostB, "ip", "address", "add", `${IPV6.live}/48`, "dev", "eth0", "nodad");
  for (const road of ["dying", "dead"] as const) {
    await runOn(hostB, "ip", "address", "add", `${IPV4[road]}/24`, "dev", "eth0");
    await runOn(hostB, "ip", "address", "add", `${IPV6[road]}/48`, "dev", "eth0", "nodad");
  }
}

async function loseWhatGoesTo(road: "dying" | "dead", host: Host): Promise<void> {
  for (const address of [IPV4[road], IPV6[road]])
    await runOn(host, "ip", "neighbour", "replace", address, "lladdr", NOBODY, "dev", "eth0", "nud", "permanent");
}

const STATE_OF_SS: Record<string, TcpState> = {
  ESTAB: "established",
  "SYN-SENT": "syn_sent",
  "SYN-RECV": "syn_recv",
  "FIN-WAIT-1": "fin_wait1",
  "FIN-WAIT-2": "fin_wait2",
  "TIME-WAIT": "time_wait",
  UNCONN: "close",
  "CLOSE-WAIT": "close_wait",
  "LAST-ACK": "last_ack",
  LISTEN: "listen",
  CLOSING: "closing",
};

/** By port, end and state, as the readings are. */
async function seenBySs(host: Host): Promise<Record<string, number>> {
  const watched = new Set(PORTS.map(String));
  const counts = new Map<string, number>();
  for (const line of await runOn(host, "ss", "--tcp", "--all", "--numeric", "--no-header")) {
    const [state, , , local, remote] = line.trim().split(/\s+/);
    const [localPort, remotePort] = [local!, remote!].map((end) => end.slice(end.lastIndexOf(":") + 1));
    const end = watched.has(localPort!) ? "local" : "remote";
    const key = `${end === "local" ? localPort : remotePort} ${end} ${STATE_OF_SS[state!]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function byKey(ends: readonly LinkEnd[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { port, end, states } of ends)
    for (const [state, count] of Object.entries(states)) {
      const key = `${port} ${end === "to" ? "local" : "remote"} ${state}`;
      counts[key] = (counts[key] ?? 0) + count;
    }
  return counts;
}

function some(side: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(side).filter(([, count]) => count > 0));
}
