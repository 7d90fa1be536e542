import type { Host, SamplingRequest } from "../../src/lab/types.js";
import type { ClientKind, LoadPlan } from "../../src/scenario/types.js";
import { loadProduct, type Product } from "./product.js";

/**
 * What sampling takes from a load. Runs that follow each other differ by more than that, so that sampling is switched on
 * and off while a load runs, and windows beside each other make a pair.
 */
export interface LoadRow {
  client: ClientKind;
  everyMs: number;
  pairs: number;
  /** Requests a second with both hosts sampled, over those without. */
  medianRatio: number;
  /** The middle half of the pairs lies between these. */
  lowerQuartile: number;
  upperQuartile: number;
}

const PORT = 8080;
/** 100 Hz, and the table as in every run. */
export const SAMPLING = { everyMs: 10, tableEveryMs: 1_000 } as const;
const REQUEST: SamplingRequest = { ...SAMPLING, serverPort: PORT, shared: false };
const WINDOW_MS = 300;
const WARM_UP_MS = 400;
const PAIRS_A_RUN = 3;
const LOAD_MS = WARM_UP_MS + PAIRS_A_RUN * 2 * (WINDOW_MS + 50);

interface Window {
  sampled: boolean;
  fromMs: number;
  toMs: number;
}

export async function measureLoad(client: ClientKind, pairs: number): Promise<LoadRow> {
  const product = await loadProduct();
  const ratios: number[] = [];
  while (ratios.length < pairs) ratios.push(...(await pairsOfOneRun(product, client)));
  return {
    client,
    everyMs: SAMPLING.everyMs,
    pairs: ratios.length,
    medianRatio: quantile(ratios, 0.5),
    lowerQuartile: quantile(ratios, 0.25),
    upperQuartile: quantile(ratios, 0.75),
  };
}

async function pairsOfOneRun(product: Product, kind: ClientKind): Promise<number[]> {
  const lab = await product.openLab(
    { topology: "two-hosts", sysctl: { client: {}, server: {} } },
    { isolation: "namespace", onSamplerFault: fail },
  );
  try {
    const plan = { kind: "node", port: PORT, readyTimeoutMs: 10_000 } as const;
    const server = await product.startServer(plan, lab.hosts.server, "");
    const client = await product.startClient(planOf(kind), { host: server.host, port: PORT }, lab.hosts.client);
    const load = client.go(() => {});
    await pause(WARM_UP_MS);
    const windows: Window[] = [];
    for (let pair = 0; pair < PAIRS_A_RUN; pair++) {
      // Each goes first as often as the other: on off, off on, on off.
      for (const sampled of pair % 2 === 0 ? [true, false] : [false, true])
        windows.push(await oneWindow([lab.hosts.client, lab.hosts.server], sampled));
    }
    const { startedAtMs, timeline } = await load;
    const rates = windows.map((window) => rateIn(window, startedAtMs, timeline));
    return Array.from({ length: PAIRS_A_RUN }, (_, pair) => {
      const sampledFirst = windows[pair * 2]!.sampled;
      const [first, second] = [rates[pair * 2]!, rates[pair * 2 + 1]!];
      return sampledFirst ? first / second : second / first;
    });
  } finally {
    await lab.close();
  }
}

async function oneWindow(hosts: readonly Host[], sampled: boolean): Promise<Window> {
  if (sampled) await Promise.all(hosts.map((host) => host.startSampling(REQUEST, () => {})));
  const fromMs = nowMs();
  await pause(WINDOW_MS);
  const toMs = nowMs();
  if (sampled) await Promise.all(hosts.map((host) => host.stopSampling()));
  return { sampled, fromMs, toMs };
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

/** Keep-alive: nothing grows from one window to the next, and both cores are busy. */
function planOf(client: ClientKind): LoadPlan {
  return {
    client,
    connections: 50,
    durationMs: LOAD_MS,
    requests: null,
    connection: "keep-alive",
    requestsPerConnection: null,
    closer: "client",
    path: "/",
    timeoutMs: 10_000,
    pace: null,
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)]!;
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
