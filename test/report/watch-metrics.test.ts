import { expect, test } from "vitest";
import { WatchMetrics } from "../../src/report/watch-metrics.js";
import type { PortsAhead, WatchedLink, WatchView } from "../../src/watch/types.js";

function aLink(more: Partial<WatchedLink>): WatchedLink {
  return {
    side: "client",
    local: "10.0.0.1",
    peer: "10.0.0.2",
    port: 5432,
    states: { established: 2, time_wait: 7 },
    portsHeld: 9,
    closeWaitStays: 0,
    closesPerSec: 0.5,
    recentClosesPerSec: 0.5,
    isAtLeast: false,
    ports: ports(9, 90_000),
    owner: null,
    ...more,
  };
}

function ports(used: number, emptyInMs: PortsAhead["emptyInMs"]): PortsAhead {
  return { used, limit: 1_000, slowInMs: "never", emptyInMs };
}

function aView(links: WatchedLink[], more: Partial<WatchView> = {}): WatchView {
  return {
    schemaVersion: 1,
    at: "2026-11-28T00:00:00.000Z",
    namespace: { pid: null, netns: null },
    source: "netlink",
    sockets: 9,
    readMs: 2.5,
    everyMs: 5_000,
    population: { timeWait: 7, established: 2 },
    since: null,
    totals: { timeWaitCreated: 11, timeWaitOverflow: 3, listenOverflows: 5 },
    portRange: { low: 1, high: 1_000, limit: 1_000 },
    links,
    listeners: [],
    findings: [],
    notes: [],
    ...more,
  };
}

async function linesOf(...views: WatchView[]): Promise<string[]> {
  const metrics = new WatchMetrics();
  for (const view of views) metrics.update(view);
  return (await metrics.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("each figure of a reading stands under its name, in base units, with OpenTelemetry's states", async () => {
  const since = { accountedRatio: 0.75 } as WatchView["since"];
  const fin = aLink({ states: { fin_wait2: 1, syn_recv: 4 }, side: "server", peer: "::1", port: 80, ports: null });
  expect(await linesOf(aView([aLink({}), fin], { since }))).toEqual([
    'bench_tcp_connections{side="client",peer="10.0.0.2",port="5432",state="established"} 2',
    'bench_tcp_connections{side="client",peer="10.0.0.2",port="5432",state="time_wait"} 7',
    'bench_tcp_connections{side="server",peer="::1",port="80",state="fin_wait_2"} 1',
    'bench_tcp_connections{side="server",peer="::1",port="80",state="syn_received"} 4',
    'bench_tcp_closes_per_second{side="client",peer="10.0.0.2",port="5432"} 0.5',
    'bench_tcp_closes_per_second{side="server",peer="::1",port="80"} 0.5',
    'bench_tcp_local_ports_used{peer="10.0.0.2",port="5432"} 9',
    "bench_tcp_local_ports_limit 1000",
    'bench_tcp_local_ports_exhaustion_seconds{peer="10.0.0.2",port="5432"} 90',
    'bench_tcp_connect_slow_seconds{peer="10.0.0.2",port="5432"} +Inf',
    "bench_tcp_time_wait_created_total 11",
    "bench_tcp_time_wait_overflow_total 3",
    "bench_tcp_listen_overflows_total 5",
    "bench_watch_read_seconds 0.0025",
    "bench_watch_closes_accounted_ratio 0.75",
  ]);
});

test("what is not known is not told, and what a reading has no more goes", async () => {
  const unknown = aLink({ ports: ports(9, null) });
  const lines = await linesOf(aView([aLink({}), aLink({ peer: "10.0.0.3" })]), aView([unknown], { portRange: null }));
  expect(lines.filter((line) => /exhaustion|limit|accounted|10\.0\.0\.3/u.test(line))).toEqual([]);
  expect(lines).toContain("bench_tcp_time_wait_created_total 11");
});

test("local addresses are added up, and the one that holds the most ports stands for a peer and port", async () => {
  const lines = await linesOf(aView([aLink({}), aLink({ local: "10.0.0.9", ports: ports(400, 30_000) })]));
  expect(lines).toEqual(
    expect.arrayContaining([
      'bench_tcp_connections{side="client",peer="10.0.0.2",port="5432",state="time_wait"} 14',
      'bench_tcp_closes_per_second{side="client",peer="10.0.0.2",port="5432"} 1',
      'bench_tcp_local_ports_used{peer="10.0.0.2",port="5432"} 400',
      'bench_tcp_local_ports_exhaustion_seconds{peer="10.0.0.2",port="5432"} 30',
    ]),
  );
});

test("links that a reading tells together are `other`, and have no ports", async () => {
  const others = aLink({ peer: null, port: null, ports: null, states: { time_wait: 70 } });
  const lines = await linesOf(aView([aLink({}), others]));
  expect(lines).toContain('bench_tcp_connections{side="client",peer="other",port="other",state="time_wait"} 70');
  expect(lines.filter((line) => line.includes("ports_used"))).toHaveLength(1);
});
