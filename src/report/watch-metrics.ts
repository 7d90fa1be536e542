import { Counter, Gauge, Registry } from "prom-client";
import type { TcpState } from "../scenario/types.js";
import type { WatchedLink, WatchView } from "../watch/types.js";

/** Peers and ports that a reading tells together. */
const OTHER = "other";

/** As OpenTelemetry names them (semantic conventions, network.connection.state). */
const STATES: Readonly<Partial<Record<TcpState, string>>> = {
  fin_wait1: "fin_wait_1",
  fin_wait2: "fin_wait_2",
  syn_recv: "syn_received",
};

interface Series {
  labels: Record<string, string>;
  value: number;
}

interface Metric {
  /** `counter`: since the namespace began. */
  kind: "gauge" | "counter";
  help: string;
  labels: readonly string[];
  of(view: WatchView): Series[];
}

const ENDS = ["side", "peer", "port"] as const;
const AHEAD = ["peer", "port"] as const;

/** Base units, `_total` for what only grows, no label whose values have no end. */
const METRICS: Readonly<Record<string, Metric>> = {
  bench_tcp_connections: {
    kind: "gauge",
    help: "TCP sockets by side of this end, peer, port that is listened on, and state.",
    labels: [...ENDS, "state"],
    of: (view) => summed(view, (link) => statesOf(link)),
  },
  bench_tcp_closes_per_second: {
    kind: "gauge",
    help: "Connections that this end closed first, a second, over the last 60 s, by what is in TIME_WAIT.",
    labels: ENDS,
    of: (view) => summed(view, ({ closesPerSec }) => [{ labels: {}, value: closesPerSec }]),
  },
  bench_tcp_local_ports_used: {
    kind: "gauge",
    help: "Local ports held towards a peer and port, at the local address that holds the most.",
    labels: AHEAD,
    of: (view) => ahead(view, ({ used }) => used),
  },
  bench_tcp_local_ports_limit: {
    kind: "gauge",
    help: "Local ports that connect() may take for each peer and port: net.ipv4.ip_local_port_range less the reserved ones.",
    labels: [],
    of: ({ portRange }) => known(portRange?.limit),
  },
  bench_tcp_local_ports_exhaustion_seconds: {
    kind: "gauge",
    help: "Until no local port is left towards a peer and port, if it goes on like this; +Inf: never. Absent while it is not known.",
    labels: AHEAD,
    of: (view) => ahead(view, ({ emptyInMs }) => secondsUntil(emptyInMs)),
  },
  bench_tcp_connect_slow_seconds: {
    kind: "gauge",
    help: "Until half of the local ports are held and connect() searches longer; +Inf: never. Absent while it is not known.",
    labels: AHEAD,
    of: (view) => ahead(view, ({ slowInMs }) => secondsUntil(slowInMs)),
  },
  bench_tcp_time_wait_created_total: {
    kind: "counter",
    help: "Sockets that entered TIME_WAIT (TcpExt:TW).",
    labels: [],
    of: ({ totals }) => known(totals.timeWaitCreated),
  },
  bench_tcp_time_wait_overflow_total: {
    kind: "counter",
    help: "Sockets that net.ipv4.tcp_max_tw_buckets kept out of TIME_WAIT (TcpExt:TCPTimeWaitOverflow).",
    labels: [],
    of: ({ totals }) => known(totals.timeWaitOverflow),
  },
  bench_tcp_listen_overflows_total: {
    kind: "counter",
    help: "Connections that a full accept queue refused (TcpExt:ListenOverflows).",
    labels: [],
    of: ({ totals }) => known(totals.listenOverflows),
  },
  bench_watch_read_seconds: {
    kind: "gauge",
    help: "Spent on the last reading.",
    labels: [],
    of: ({ readMs }) => known(readMs / 1_000),
  },
  bench_watch_closes_accounted_ratio: {
    kind: "gauge",
    help: "TIME_WAIT sockets that the last reading found, of those that were created since the one before.",
    labels: [],
    of: ({ since }) => known(since?.accountedRatio),
  },
};

/** What is watched, for Prometheus: the last reading, in its text format. */
export class WatchMetrics {
  readonly #registry = new Registry();
  readonly #writers = Object.entries(METRICS).map(([name, metric]) => {
    const write = metric.kind === "gauge" ? gauge(name, metric, this.#registry) : counter(name, metric, this.#registry);
    return (view: WatchView): void => write(metric.of(view));
  });

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** What is not in this reading is not told any more. */
  update(view: WatchView): void {
    for (const write of this.#writers) write(view);
  }
}

type Write = (series: readonly Series[]) => void;

function gauge(name: string, { help, labels }: Metric, registry: Registry): Write {
  const shown = new Gauge({ name, help, labelNames: labels, registers: [registry] });
  return (series) => {
    shown.reset();
    // Without labels a reset leaves 0: what is not known must not look like it.
    if (labels.length === 0 && series.length === 0) shown.remove();
    for (const one of series) shown.set(one.labels, one.value);
  };
}

/** The kernel counts; here its counts are only told. */
function counter(name: string, { help, labels }: Metric, registry: Registry): Write {
  const shown = new Counter({ name, help, labelNames: labels, registers: [registry] });
  return (series) => {
    shown.reset();
    for (const one of series) shown.inc(one.labels, one.value);
  };
}

/** Adds up what has the same labels: local addresses. A reading tells few links one by one, so that labels have an end. */
function summed({ links }: WatchView, of: (link: WatchedLink) => Series[]): Series[] {
  const sums = new Map<string, Series>();
  for (const link of links) {
    for (const { labels, value } of of(link)) {
      const all = { side: link.side, ...namesOf(link), ...labels };
      const key = Object.values(all).join(" ");
      sums.set(key, { labels: all, value: value + (sums.get(key)?.value ?? 0) });
    }
  }
  return [...sums.values()];
}

function namesOf({ peer, port }: WatchedLink): { peer: string; port: string } {
  return { peer: peer ?? OTHER, port: String(port ?? OTHER) };
}

function statesOf({ states }: WatchedLink): Series[] {
  return Object.entries(states).map(([state, value]) => ({
    labels: { state: STATES[state as TcpState] ?? state },
    value,
  }));
}

/** Each local address has the range once: the fullest one stands for a peer and port. */
function ahead({ links }: WatchView, of: (ports: NonNullable<WatchedLink["ports"]>) => number | null): Series[] {
  const fullest = new Map<string, WatchedLink>();
  for (const link of links) {
    const key = `${link.peer} ${link.port}`;
    if (link.ports !== null && link.ports.used > (fullest.get(key)?.ports?.used ?? -1)) fullest.set(key, link);
  }
  return [...fullest.values()].flatMap((link) =>
    known(of(link.ports!)).map(({ value }) => ({ labels: namesOf(link), value })),
  );
}

function secondsUntil(ms: number | "never" | null): number | null {
  if (ms === null) return null;
  return ms === "never" ? Infinity : ms / 1_000;
}

function known(value: number | null | undefined): Series[] {
  return value === null || value === undefined ? [] : [{ labels: {}, value }];
}
