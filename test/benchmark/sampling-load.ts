import type { Host, SamplingRequest } from "../../src/lab/types.js";
import type { ClientKind, LoadPlan } from "../../src/scenario/types.js";
import { type Product, PRODUCT } from "./product.js";
import { type CpuNow, cpuBetween, cpuLeft, cpuNow, cpuSum } from "./cpu-now.js";
import { type Ratios, ratiosOf } from "./ratios.js";

/**
 * What sampling takes from a load. Runs that follow each other differ by more than that, so that sampling is switched on
 * and off while a load runs. A pair is four windows, on off off on or the reverse: what grows or falls evenly while the
 * programs warm up cancels out.
 */
export interface LoadRow extends Ratios {
  client: ClientKind;
  everyMs: number;
  /** Of four windows; the ratios: requests a second with both hosts sampled, over those without. */
  pairs: number;
  /** The same with nothing switched on: what the machine does by itself. A difference smaller than that is none. */
  control: Ratios;
  /** What is left of the CPU time to client and server; results of before there was this have none. */
  cpu?: Ratios & { control: Ratios };
}

interface Pair {
  perSec: number;
  cpu: number;
}

const PORT = 8080;
/** 100 Hz, and the table as in every run. */
export const SAMPLING = { everyMs: 10, tableEveryMs: 1_000 } as const;
const REQUEST: SamplingRequest = { ...SAMPLING, serverPort: PORT, shared: false };
const WINDOW_MS = 500;
/** After a switch, before a window: a run is sampled from before its load, and what the start of it costs is not asked. */
const SETTLE_MS = 200;
const WARM_UP_MS = 800;
const ON_FIRST = [true, false, false, true];
const OFF_FIRST = [false, true, true, false];
/** Switching takes a moment, more on a busy machine. */
const LOAD_MS = WARM_UP_MS + 8 * (SETTLE_MS + WINDOW_MS + 400);

interface Window {
  sampled: boolean;
  fromMs: number;
  toMs: number;
  cpu: CpuNow;
}

/** Kept, or one for each request: then there are links to tell apart, and TIME_WAIT for the tables to read. */
export type Connections = "keep-alive" | "close";

export async function measureLoad(client: ClientKind, connection: Connections, pairs: number): Promise<LoadRow> {
  const product = PRODUCT;
  const sampled: Pair[] = [];
  const control: Pair[] = [];
  while (sampled.length < pairs) {
    sampled.push(...(await pairsOfOneRun(product, planOf(client, connection), REQUEST)));
    control.push(...(await pairsOfOneRun(product, planOf(client, connection), null)));
  }
  const everyMs = SAMPLING.everyMs;
  const of = (some: readonly Pair[], figure: keyof Pair): Ratios => ratiosOf(some.map((pair) => pair[figure]));
  return {
    client,
    everyMs,
    pairs: sampled.length,
    ...of(sampled, "perSec"),
    control: of(control, "perSec"),
    cpu: { ...of(sampled, "cpu"), control: of(control, "cpu") },
  };
}

async function pairsOfOneRun(product: Product, load: LoadPlan, request: SamplingRequest | null): Promise<Pair[]> {
  const lab = await product.openLab(
    {
      topology: "two-hosts",
      addresses: { client: 1, server: 1 },
      memoryBytes: null,
      sysctl: { client: {}, server: {} },
    },
    { isolation: "namespace", onSamplerFault: fail },
  );
  try {
    const plan = { kind: "node", port: PORT, readyTimeoutMs: 10_000 } as const;
    const server = await product.startServer(plan, lab.hosts.server);
    const client = await product.startClient(load, { host: server.host, port: PORT }, lab.hosts.client);
    const done = client.go(() => {});
    await pause(WARM_UP_MS);
    const windows: Window[] = [];
    for (const sampled of [...ON_FIRST, ...OFF_FIRST])
      windows.push(await oneWindow([lab.hosts.client, lab.hosts.server], sampled, request));
    const { startedAtMs, timeline } = await done;
    const pairs = [windows.slice(0, 4), windows.slice(4)];
    return pairs.map((pair) => {
      const those = (sampled: boolean): Window[] => pair.filter((window) => window.sampled === sampled);
      const sum = (sampled: boolean): number =>
        those(sampled).reduce((total, window) => total + rateIn(window, startedAtMs, timeline), 0);
      const cpu = (sampled: boolean): CpuNow => cpuSum(those(sampled).map((window) => window.cpu));
      return { perSec: sum(true) / sum(false), cpu: cpuLeft(cpu(true), cpu(false)) };
    });
  } finally {
    await lab.close();
  }
}

async function oneWindow(hosts: readonly Host[], sampled: boolean, request: SamplingRequest | null): Promise<Window> {
  const switched = sampled && request !== null;
  if (switched) await Promise.all(hosts.map((host) => host.startSampling(request, () => {})));
  await pause(SETTLE_MS);
  // Before the sampler's thread ends, whose CPU time is gone with it.
  const from = cpuNow();
  const fromMs = nowMs();
  await pause(WINDOW_MS);
  const toMs = nowMs();
  const cpu = cpuBetween(from, cpuNow());
  if (switched) await Promise.all(hosts.map((host) => host.stopSampling()));
  return { sampled, fromMs, toMs, cpu };
}

/** Over those intervals of the client's timeline that lie wholly in the window. */
function rateIn(window: Window, startedAtMs: number, timeline: { atMs: number[]; perSec: number[] }): number {
  const rates = timeline.perSec.filter((_, interval) => {
    const fromMs = startedAtMs + (timeline.atMs[interval - 1] ?? 0);
    return fromMs >= window.fromMs && startedAtMs + timeline.atMs[interval]! <= window.toMs;
  });
  if (rates.length === 0) throw new Error("a window holds no interval of the load's timeline");
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

/**
 * Both cores are busy. With kept connections nothing grows from one window to the next; the server closes the others, so
 * that the client's ports are free at once.
 */
function planOf(client: ClientKind, connection: Connections): LoadPlan {
  return {
    client,
    connections: 50,
    durationMs: LOAD_MS,
    requests: null,
    connection,
    requestsPerConnection: connection === "close" ? 1 : null,
    closer: connection === "close" ? "server" : "client",
    path: "/",
    timeoutMs: 10_000,
    pace: null,
  };
}

export function fail(message: string): never {
  throw new Error(message);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The clock of the client's timeline. */
function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
