import { fileURLToPath } from "node:url";
import type { Host } from "../../src/lab/types.js";
import type { ClientKind } from "../../src/scenario/types.js";
import { bundled } from "../support/bundled.js";
import { PRODUCT } from "./product.js";
import { quantile } from "./ratios.js";
import { fail, type LoadRow, measureLoad, SAMPLING } from "./sampling-load.js";

/** What it costs to look: a reading by each means, and sampling at 100 Hz while a load runs. */
export interface SamplingRows {
  readings: ReadingRow[];
  /** Of one host's sampler, without a load: gauges a second as reached, and their share of one core. */
  sampler: { everyMs: number; perSec: number; coreShare: number };
  load: LoadRow;
  /** The same of connections that are closed after each request; results of before there was this have none. */
  closing?: LoadRow;
}

export interface ReadingRow {
  /** As asked for; the table held about so many, all in TIME_WAIT. */
  sockets: number;
  /** The most that were there when a reading began. */
  present: number;
  method: "gauge" | "netlink" | "proc" | "ss";
  readings: number;
  medianUs: number;
  leastUs: number;
}

export interface SamplingOptions {
  /** How many sockets to read; a million takes about a minute and half a gigabyte of kernel memory. */
  sockets: readonly number[];
  client: ClientKind;
  pairs: number;
}

const DEFAULTS: SamplingOptions = { sockets: [0, 10_000, 100_000], client: "undici", pairs: 20 };
/** One maker fills a host with more than this too slowly: the first TIME_WAIT would be gone before the last is there. */
const SOCKETS_A_MAKER = 150_000;
const MOST_MAKERS = 2;

export interface Reading {
  method: ReadingRow["method"];
  sockets: number;
  seen: number | null;
  costUs: number;
}

/** What sampling-cost.ts does on a host, by name. */
export interface Orders {
  make: { ask: { count: number; part: number }; answer: void };
  read: { ask: { rounds: number; atMostMs: number }; answer: Reading[] };
  sample: {
    ask: { everyMs: number; tableEveryMs: number; durationMs: number };
    answer: { perSec: number; coreShare: number };
  };
}

export async function measureSampling(options: Partial<SamplingOptions> = {}): Promise<SamplingRows> {
  const { sockets, client, pairs } = { ...DEFAULTS, ...options };
  const readings: ReadingRow[] = [];
  for (const count of sockets) readings.push(...(await measureReadings(count)));
  return {
    readings,
    sampler: await measureSampler(),
    load: await measureLoad(client, "keep-alive", pairs),
    closing: await measureLoad(client, "close", pairs),
  };
}

/** Of a host with so many sockets in TIME_WAIT. @throws when a means does not see them all */
export async function measureReadings(sockets: number): Promise<ReadingRow[]> {
  return withLoopbackHost(sockets, async (host) => {
    const makers = Math.min(MOST_MAKERS, Math.ceil(sockets / SOCKETS_A_MAKER));
    const shares = Array.from(
      { length: makers },
      (_, part) => Math.floor(((part + 1) * sockets) / makers) - Math.floor((part * sockets) / makers),
    );
    await Promise.all(shares.map((count, part) => order(host, "make", { count, part })));
    const readings = await order(host, "read", { rounds: 9, atMostMs: 8_000 });
    const short = readings.find(({ seen, sockets: present }) => seen !== null && seen < present * 0.99);
    if (short !== undefined) throw new Error(`${short.method} saw ${short.seen} of ${short.sockets} sockets`);
    return (["gauge", "netlink", "proc", "ss"] as const).map((method) => {
      const own = readings.filter((reading) => reading.method === method);
      const costs = own.map(({ costUs }) => costUs);
      return {
        sockets,
        present: Math.max(...own.map((reading) => reading.sockets)),
        method,
        readings: own.length,
        medianUs: quantile(costs, 0.5),
        leastUs: Math.min(...costs),
      };
    });
  });
}

async function measureSampler(): Promise<SamplingRows["sampler"]> {
  return withLoopbackHost(0, async (host) => {
    const { perSec, coreShare } = await order(host, "sample", { ...SAMPLING, durationMs: 2_000 });
    return { everyMs: SAMPLING.everyMs, perSec, coreShare };
  });
}

async function withLoopbackHost<T>(sockets: number, work: (host: Host) => Promise<T>): Promise<T> {
  const sysctl = { "net.ipv4.tcp_max_tw_buckets": String(sockets + 100_000) };
  const lab = await PRODUCT.openLab(
    {
      topology: "loopback",
      addresses: { client: 1, server: 1 },
      memoryBytes: null,
      sysctl: { client: sysctl, server: sysctl },
    },
    { isolation: "namespace", onSamplerFault: fail },
  );
  try {
    return await work(lab.hosts.server);
  } finally {
    await lab.close();
  }
}

/** One order to a program of its own on the host. */
async function order<Name extends keyof Orders>(
  host: Host,
  name: Name,
  ask: Orders[Name]["ask"],
): Promise<Orders[Name]["answer"]> {
  const entry = fileURLToPath(await bundled("test/benchmark/sampling-cost.ts"));
  const child = await host.spawn({ label: "sampling-cost", program: { entry } });
  const answer = new Promise<Orders[Name]["answer"]>((resolve, reject) => {
    child.onMessage((message) => {
      const told = message as { answer?: unknown; error?: string };
      if (told.error !== undefined) reject(new Error(told.error));
      else if ("answer" in told) resolve(told.answer as Orders[Name]["answer"]);
    });
    void child.exited.then(({ lastLines }) => reject(new Error(lastLines.join("\n"))));
  });
  child.send({ order: name, ask });
  try {
    return await answer;
  } finally {
    child.kill();
  }
}
