import type {
  HostTimeline,
  Metrics,
  RunResult,
  StateColumns,
  TimeWaitFigures,
  Trial,
  VariantResult,
} from "../../src/result/types.js";
import { METRICS } from "../../src/metrics/table.js";
import { findingsOf } from "../../src/findings/findings.js";
import { TCP_STATES } from "../../src/sampler/types.js";
import type { Expectation, LoadPlan, Variant } from "../../src/scenario/types.js";
import { encode, newHistogram, recordMs, summarize, type LatencySummary } from "../../src/stats/histogram.js";

/** Results as real runs leave them, the same on every call: the randomness is seeded. */

/** Numbers from 0 to 1 (Park and Miller's minimal standard generator). */
export function random(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Latencies as they are: log-normal around a median, with a thin tail. */
export function latencies(
  medianMs: number,
  spread: number,
  n: number,
  seed = 1,
): { summary: LatencySummary; base64: string } {
  const histogram = newHistogram();
  const next = random(seed);
  for (let i = 0; i < n; i++) {
    const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
    const tail = next() < 0.003 ? 2 + 6 * next() : 1;
    recordMs(histogram, medianMs * Math.exp(spread * normal) * tail);
  }
  return { summary: summarize(histogram)!, base64: encode(histogram)! };
}

/** A host read 20 times a second, whose TIME_WAIT follows `population` of the seconds since the load began. */
export function hostTimeline(seconds: number, population: (s: number) => number, established: number): HostTimeline {
  const atMs = Array.from({ length: Math.round(seconds * 20) + 6 }, (_, i) => (i - 2) * 50 + 3);
  const tableAt = Array.from({ length: Math.ceil(seconds) + 1 }, (_, i) => i * 1000);
  const column = (value: (ms: number) => number): number[] => tableAt.map(value);
  const empty = Object.fromEntries(TCP_STATES.map((state) => [state, column(() => 0)])) as StateColumns;
  return {
    atMs,
    time_wait: atMs.map((ms) => Math.round(population(Math.min(seconds, Math.max(0, ms / 1000))))),
    established: atMs.map((ms) => (ms < 0 ? 0 : established)),
    time_wait_created: atMs.map((ms) => Math.round(population(Math.min(seconds, Math.max(0, ms / 1000))))),
    costUs: atMs.map(() => 31),
    table: {
      ...empty,
      time_wait: column((ms) => Math.round(population(ms / 1000))),
      atMs: tableAt,
      costUs: column(() => 4200),
    },
  };
}

export interface TrialOptions {
  seconds?: number;
  perSec?: number;
  requestsPer?: number;
  latencyMs?: number;
  spread?: number;
  timeWait?: { client: TimeWaitFigures; server: TimeWaitFigures };
  population?: { client: (s: number) => number; server: (s: number) => number };
  closedFirst?: Metrics["closedFirst"];
  errors?: Record<string, number>;
  counters?: Record<string, number>;
  order?: number;
  /** How many latencies its histograms hold; far fewer than requests, for filling them takes time. */
  recorded?: number;
  change?: Partial<Trial>;
}

const NONE: TimeWaitFigures = { created: 0, peak: 0, end: 0 };
const RECORDED = 4000;

export function trial(options: TrialOptions = {}): Trial {
  const seconds = options.seconds ?? 10;
  const perSec = options.perSec ?? 8412;
  const requestsPer = options.requestsPer ?? 1;
  const errors = options.errors ?? {};
  const failed = Object.values(errors).reduce((sum, n) => sum + n, 0);
  const succeeded = Math.round(perSec * seconds);
  const recorded = options.recorded ?? RECORDED;
  const latency = latencies(options.latencyMs ?? 5.1, options.spread ?? 0.25, recorded, 7 + (options.order ?? 0));
  const connect = latencies(0.18, 0.4, recorded, 11);
  const timeWait = options.timeWait ?? { client: NONE, server: NONE };
  const population = options.population ?? { client: () => 0, server: () => 0 };
  const opened = Math.round((succeeded + failed) / requestsPer);
  return {
    status: "complete",
    order: options.order ?? 0,
    durationMs: seconds * 1000,
    figures: {},
    addressPairs: 1,
    clientName: "undici 7.30.2",
    serverName: "node 20.20.2",
    requests: { sent: succeeded + failed, succeeded, failed, perSec, served: null },
    latencyUs: latency.summary,
    uncorrectedLatencyUs: null,
    pace: null,
    connectUs: connect.summary,
    handshakeUs: null,
    firstByteUs: null,
    connections: { failed: 0, opened, perSec: opened / seconds, requestsPer },
    timeWait,
    closedFirst: options.closedFirst === undefined ? { client: 0, server: 1, reset: 0 } : options.closedFirst,
    errors,
    statuses: null,
    errorsByCall: null,
    cpu: {
      client: { userMs: 7310, systemMs: 2480, waitMs: 20 },
      server: { userMs: 3050, systemMs: 1160, waitMs: 30 },
    },
    closeCauses: null,
    closedAfter: null,
    stale: null,
    repeated: null,
    links: null,
    hosts: null,
    histograms: { latencyUs: latency.base64, uncorrectedLatencyUs: null, connectUs: connect.base64, firstByteUs: null },
    timeline: {
      client: hostTimeline(seconds, population.client, 50),
      server: hostTimeline(seconds, population.server, 50),
      load: { atMs: [1000], perSec: [perSec], p50Us: [latency.summary.p50], p99Us: [latency.summary.p99] },
    },
    kernel: {
      client: {
        counters: options.counters ?? {},
        sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_max_tw_buckets": "262144" },
        localPorts: { low: 32768, high: 60999 },
      },
      server: {
        counters: options.counters ?? {},
        sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_max_tw_buckets": "262144" },
        localPorts: { low: 32768, high: 60999 },
      },
    },
    books: [],
    ...options.change,
  };
}

/** `Connection: close`: the server closes first; connect() takes every second of 28,232 ports, and no more are left. */
export function closeTrial(options: TrialOptions = {}): Trial {
  return trial({
    timeWait: { client: NONE, server: { created: 84_120, peak: 14_116, end: 14_116 } },
    population: { client: () => 0, server: (s) => Math.min(14_116, 8412 * s) },
    ...options,
  });
}

/** Keep-alive: 50 connections carry everything; the client closes them at the end. */
export function keepAliveTrial(options: TrialOptions = {}): Trial {
  return trial({
    perSec: 21_950,
    requestsPer: 4390,
    latencyMs: 2.1,
    spread: 0.18,
    timeWait: { client: { created: 50, peak: 50, end: 50 }, server: NONE },
    population: { client: (s) => (s >= 10 ? 50 : 0), server: () => 0 },
    closedFirst: { client: 1, server: 0, reset: 0 },
    order: 1,
    ...options,
  });
}

export function variantOf(name: string, load: Partial<LoadPlan> = {}): Variant {
  return {
    name,
    lab: {
      topology: "two-hosts",
      addresses: { client: 1, server: 1 },
      memoryBytes: null,
      sysctl: { client: { "net.ipv4.tcp_tw_reuse": "0" }, server: {} },
    },
    server: { kind: "node", port: 8080, readyTimeoutMs: 5000 },
    load: {
      client: "undici",
      connections: 50,
      durationMs: 10_000,
      warmupMs: 0,
      requests: null,
      connection: "close",
      requestsPerConnection: 1,
      closer: "server",
      path: "/",
      timeoutMs: 5000,
      pace: null,
      ...load,
    },
    sample: { everyMs: 50, tableEveryMs: 1000 },
    phases: [],
  };
}

export function keepAliveVariant(name = "keep-alive"): Variant {
  return variantOf(name, { connection: "keep-alive", requestsPerConnection: null, closer: "client" });
}

export function metricsOf(of: Trial): Metrics {
  const names = Object.keys(METRICS) as (keyof Metrics)[];
  return Object.fromEntries(names.map((name) => [name, of[name]])) as unknown as Metrics;
}

/** The median is the first trial's, which is exact for one trial. */
export function measured(...trials: Trial[]): VariantResult {
  const complete = trials.find(({ status }) => status === "complete");
  return {
    trials,
    median: complete === undefined ? null : metricsOf(complete),
    figures: complete?.figures ?? {},
  };
}

export function expectation(text: string): Expectation {
  return { text, variant: "close", metric: "timeWait.server.peak", op: ">", right: { kind: "number", value: 0 } };
}

/** A result of the given variants; of `close` and `keep-alive` when none are given. */
export function result(
  variants: [Variant, VariantResult][] = [
    [variantOf("close"), measured(closeTrial())],
    [keepAliveVariant(), measured(keepAliveTrial())],
  ],
  change: Partial<RunResult> = {},
): RunResult {
  const expectations = [
    { text: "close.timeWait.server.peak > 1000", holds: true, measured: 14_116, against: 1000 },
    { text: "keep-alive.timeWait.server.peak <= 50", holds: true, measured: 0, against: 50 },
  ];
  const made: RunResult = {
    schemaVersion: 1,
    status: "complete",
    startedAt: "2026-11-20T04:00:00.000Z",
    elapsedMs: 21_480,
    scenario: {
      name: "close-vs-keepalive",
      title: "What a request without keep-alive leaves behind",
      explanation: "",
      variants: variants.map(([variant]) => variant),
      expect: expectations.map(({ text }) => expectation(text)),
      gates: [],
      claim: null,
      parallel: false,
      needs: [],
    },
    environment: {
      benchVersion: "0.1.0",
      kernel: "6.18.5",
      cpu: "AMD EPYC 7B13",
      cores: 2,
      memoryBytes: 8_589_934_592,
      node: "v20.20.2",
      platform: "linux",
      isolation: "namespace",
      tools: { undici: "7.30.2" },
      sysctls: { client: { "net.ipv4.tcp_tw_reuse": "0" }, server: {} },
    },
    variants: Object.fromEntries(variants.map(([{ name }, variant]) => [name, variant])),
    expectations,
    warnings: [],
    findings: [],
    ...change,
  };
  return { ...made, findings: change.findings ?? findingsOf(made) };
}
