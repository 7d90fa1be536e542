import { expect, test } from "vitest";
import { watchLine, watchScreen } from "../../src/report/watch.js";
import { inLanguage } from "../../src/text/language.js";
import { nameOf, Post } from "../../src/watch/post.js";
import type { Seen, SeenLink } from "../../src/watch/types.js";
import { Watcher } from "../../src/watch/watcher.js";
import { englishIn } from "../support/chinese.js";

const LINK: SeenLink = {
  side: "client",
  local: "10.0.0.1",
  peer: "10.0.0.2",
  port: 8080,
  states: {},
  portsHeld: 0,
  closedAgo: [],
  closeWaitStays: 0,
  inodes: [],
};
const SYSCTLS = { "net.ipv4.ip_local_port_range": "20000\t20999", "net.ipv4.ip_local_reserved_ports": "20000-20099" };

function seen(change: Partial<Seen>): Seen {
  return {
    source: "netlink",
    costMs: 1,
    sockets: 0,
    population: { timeWait: 0, established: 0, inUse: { ipv4: 0, ipv6: 0 }, costUs: 1 },
    counters: {},
    sysctls: SYSCTLS,
    links: [],
    listeners: [],
    owners: {},
    notes: [],
    ...change,
  };
}

function watcher(): (of: Partial<Seen>, nowMs: number) => ReturnType<Watcher["view"]> {
  const one = new Watcher({ name: () => "this machine", namespace: { pid: null, netns: null }, isWhole: true });
  return (of, nowMs) => one.view(seen(of), { at: "2026-01-01T00:00:00.000Z", nowMs, everyMs: 5_000 });
}

const churning = (perSec: number, seconds: number): SeenLink => ({
  ...LINK,
  portsHeld: perSec * seconds,
  states: { time_wait: perSec * seconds },
  closedAgo: Array.from({ length: 61 }, (_, age) => (age < seconds ? perSec : 0)),
});

test("the first reading foretells, of the ports without reserved ones, and says how much of a minute it knows", () => {
  const { links, since, findings } = watcher()({ links: [churning(100, 5)] }, 0);
  expect(since).toBeNull();
  expect(links[0]).toMatchObject({ recentClosesPerSec: 100, ports: { used: 500, limit: 900, slowInMs: 0 } });
  expect(links[0]!.ports!.emptyInMs).toBeCloseTo(4_000, 6);
  expect(findings).toMatchObject([{ code: "forecast", severity: "problem" }]);
  expect(findings[0]!.text).toContain("this machine has no local port left towards 10.0.0.2:8080 in 4 s");
});

test("the second one holds the table against the kernel's counter", () => {
  const view = watcher();
  view({ counters: { "TcpExt:TW": 1_000, "Tcp:ActiveOpens": 10 } }, 0);
  const { since } = view(
    { counters: { "TcpExt:TW": 1_500, "Tcp:ActiveOpens": 510 }, links: [churning(80, 60)] },
    5_000,
  );
  expect(since).toMatchObject({ madePerSec: 100, timeWaitPerSec: 100, accountedRatio: 0.8 });
});

test("a leak of CLOSE_WAIT runs out too; one that comes and goes does not", () => {
  const leaking = watcher();
  const at = (count: number): Partial<Seen> => ({
    links: [{ ...LINK, states: { close_wait: count }, portsHeld: count, closeWaitStays: count }],
  });
  leaking(at(100), 0);
  const { links, findings } = leaking(at(120), 20_000);
  expect(links[0]!.ports!.emptyInMs).toBeCloseTo(780_000, 6);
  expect(findings.map(({ code }) => code)).toEqual(["forecast", "close-wait"]);
  const going = watcher();
  for (const [step, count] of [100, 120, 90, 95].entries())
    expect(going(at(count), step * 8_000).links[0]!.ports!.emptyInMs).toBe("never");
});

test("queues that overflow and the limit of TIME_WAIT are told in the words of a result, the worst first", () => {
  const view = watcher();
  view({}, 0);
  const counters = { "TcpExt:ListenOverflows": 7, "TcpExt:ListenDrops": 7, "TcpExt:TCPTimeWaitOverflow": 3 };
  const { findings } = view({ counters, sysctls: { ...SYSCTLS, "net.ipv4.tcp_max_tw_buckets": "500" } }, 5_000);
  expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
    ["listen-overflow", "problem"],
    ["buckets-overflow", "notice"],
  ]);
  expect(findings[0]!.text).toContain("an accept queue on this machine was full 7 times");
  expect(findings[1]!.remedy).toContain("tcp_max_tw_buckets");
});

test("what runs out is mended by the words for the program whose connections they are", () => {
  const link = { ...churning(16, 55), inodes: [5] };
  const { findings, links } = watcher()({ links: [link], owners: { 5: { pid: 7, name: "nginx" } } }, 0);
  expect(links[0]!.owner).toEqual({ pid: 7, name: "nginx" });
  expect(findings[0]).toMatchObject({ code: "ports-scarce", remedy: expect.stringContaining("keepalive") as string });
});

test("others together have no ports and no forecast", () => {
  const link = { ...churning(100, 5), local: null, peer: null, portsHeld: null };
  const { links, findings } = watcher()({ links: [link] }, 0);
  expect(links[0]!.ports).toBeNull();
  expect(findings).toEqual([]);
});

test("what has only just begun is not known yet, rather than never", () => {
  const link = { ...LINK, portsHeld: 600, closedAgo: [400, 200] };
  const view = watcher()({ links: [link] }, 0);
  expect(view.links[0]).toMatchObject({ recentClosesPerSec: null, ports: { slowInMs: 0, emptyInMs: null } });
  expect(watchLine(view)).toContain("slow now, none left not known");
});

test.each([
  ["taken over", { "TcpExt:TW": 0, "TcpExt:TWRecycled": 5 }],
  ["not found", { "TcpExt:TW": 100 }],
])("where TIME_WAIT were %s, rates are at least so high, and nothing is called never", (_, counters) => {
  const view = watcher();
  const link = churning(3, 61);
  expect(view({ links: [link] }, 0).links[0]!.ports!.emptyInMs).toBe("never");
  const second = view({ links: [link], counters }, 5_000);
  expect(second.links[0]).toMatchObject({ isAtLeast: true, ports: { slowInMs: null, emptyInMs: null } });
  expect(watchLine(second)).toContain("this end closes at least 3/s");
});

test("a namespace's path that does not exist is called so, whoever asks", async () => {
  const post = new Post({ kind: "netns", path: "/no/such/namespace" });
  await expect(post.look({ ports: [] })).rejects.toMatchObject({
    hint: expect.stringContaining("no such file") as string,
  });
});

test("in Chinese nothing of it is left in English, on the screen and on a line", () => {
  const links = [
    { ...churning(16, 55), inodes: [5] },
    { ...churning(3, 61), peer: "10.0.0.3" },
    { ...LINK, peer: "10.0.0.4", states: { close_wait: 4 }, portsHeld: 4, closeWaitStays: 4 },
    { ...LINK, side: "server" as const, states: { established: 7 }, portsHeld: null, peer: null },
    { ...LINK, peer: "10.0.0.5", portsHeld: 300, closedAgo: [200, 100] },
    { ...churning(18, 30), peer: "10.0.0.6" },
  ];
  const listeners = [{ port: 80, waiting: 5, room: 128, inode: 5 }];
  const counters = { "TcpExt:ListenOverflows": 7, "TcpExt:TCPTimeWaitOverflow": 3, "TcpExt:TW": 90 };
  const notes: Seen["notes"] = [
    { code: "sock-diag", cause: "EPERM" },
    { code: "foreign", pid: 7 },
    { code: "not-entered", pid: 7, cause: "EPERM" },
    { code: "no-forecast" },
  ];
  const text = inLanguage("zh", () => {
    const view = new Watcher({
      name: () => nameOf({ kind: "machine" }),
      namespace: { pid: null, netns: null },
      isWhole: true,
    });
    const at = (nowMs: number) => ({ at: "2026-01-01T00:00:00.000Z", nowMs, everyMs: 5_000 });
    const first = view.view(seen({ links: [], notes }), at(0));
    const second = view.view(
      seen({ links, listeners, counters, owners: { 5: { pid: 7, name: "nginx" } }, notes }),
      at(5_000),
    );
    const screens = [first, second].map((one) => watchScreen(one, "本机", { width: 160, color: false }).join("\n"));
    return [...screens, watchLine(first), watchLine(second)].join("\n");
  });
  expect(englishIn(text, ["established", "TIME_WAIT"])).toEqual([]);
  expect(text).toContain("本机到 10.0.0.6:8080 的本地端口将在");
  expect(text).toContain("accept 队列");
});
