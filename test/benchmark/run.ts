import { freemem, loadavg } from "node:os";
import { type Client, findPeers, ourClient } from "./clients.js";
import { compare } from "./compare.js";
import { findProgram, versionOf } from "./find-peers.js";
import { goalsOf } from "./goals.js";
import { measureRun } from "./measure.js";
import type { BenchmarkOptions } from "./options.js";
import type { Product } from "./product.js";
import { programme, sameLoads } from "./programme.js";
import { rateOf } from "./ratios.js";
import { measureSampling, type SamplingRows } from "./sampling.js";
import type { BenchmarkResult, Comparison, Found } from "./types.js";
import { measureViews } from "./view-runs.js";
import type { ViewRows } from "./views.js";

export interface World {
  product: Product;
  /** Where programs are looked for. */
  folders: readonly string[];
  /** Aborted by Ctrl-C: what is under way is finished, and nothing new begins. */
  signal: AbortSignal;
  tell(line: string): void;
}

const INDECISIVE_PAIRS = 2;

/** The story of one benchmark: who is here, each comparison in pairs, what sampling and live views cost, and the verdicts. */
export async function runBenchmark(options: BenchmarkOptions, world: World): Promise<BenchmarkResult> {
  const startedAt = new Date();
  // Read before anything is loaded: afterwards it is the benchmark's own.
  const loadBefore = loadavg()[0]!;
  const { product, folders, signal, tell } = world;
  const ours = ourClient(options.ours, product);
  const peers = await peersFor(options, world);
  const nginx = findProgram("nginx", folders);
  tell(`${ours.name} against ${peers.map(({ name }) => name).join(", ") || "nobody"}`);
  if (nginx === null) tell("nginx is not here: only against the Node server (npm run benchmark:install)");

  const comparisons: Comparison[] = [];
  const servers = options.wanted.servers.filter((name) => name !== "nginx" || nginx !== null);
  for (const group of sameLoads(programme(peers, { ...options.wanted, servers }))) {
    const { server, mode, threads } = group[0]!;
    const title = ({ peer }: { peer: { name: string } }): string => `${server} ${mode} ${threads} ${peer.name}`;
    const compared = await compare(group, {
      ours,
      pairs: ({ decisive }) => (decisive ? options.pairs : Math.min(options.pairs, INDECISIVE_PAIRS)),
      stopped: () => signal.aborted,
      measure: (client) => measureRun(client, { ...options, server, mode, threads }, { product, nginx }),
      onPair: (planned, pair, ratio) =>
        tell(
          `${title(planned)}: ${Math.round(rateOf(pair.ours, mode))} : ${Math.round(rateOf(pair.peer, mode))} = ` +
            ratio.toFixed(3),
        ),
    });
    for (const [at, comparison] of compared.entries()) {
      if (comparison.failure !== null) tell(`${title(group[at]!)}: ${comparison.failure}`);
      if (comparison.pairs.length > 0 || comparison.failure !== null) comparisons.push(comparison);
    }
  }

  const sampling = options.sampling && !signal.aborted ? await samplingCosts(options, tell) : null;
  const views = await viewCosts(options, world);
  const { kernel, cpu, cores, memoryBytes, node, benchVersion } = product.describeEnvironment("namespace");
  return {
    schemaVersion: 1,
    startedAt: startedAt.toISOString(),
    elapsedMs: Date.now() - startedAt.getTime(),
    status: signal.aborted ? "interrupted" : "complete",
    machine: { kernel, cpu, cores, memoryBytes, node, benchVersion, loadBefore },
    settings: { pairs: options.pairs, seconds: options.seconds, connections: options.connections },
    ours: foundOf(ours),
    peers: peers.map(foundOf),
    nginx: nginx === null ? null : await versionOf(nginx, ["-v"]),
    comparisons,
    goals: goalsOf(comparisons, sampling, views),
    sampling,
    views,
  };
}

/** The peers on this machine, and the libraries that the product drives itself. */
async function peersFor({ ours, only }: BenchmarkOptions, { product, folders }: World): Promise<Client[]> {
  const libraries = (["undici", "autocannon"] as const).map((kind) => ourClient(kind, product));
  return [...(await findPeers(folders)), ...libraries].filter(
    ({ name }) => name !== ours && (only === null || only.includes(name)),
  );
}

const SAMPLED_SOCKETS = [0, 10_000, 100_000, 1_000_000];
/** A socket in TIME_WAIT takes a quarter of that (seen: half a gigabyte for a million); the rest is room. */
const BYTES_A_SOCKET = 2_048;

/** What it costs is told beside the rest; that it cannot be measured here must not take the rest away. */
async function samplingCosts({ ours }: BenchmarkOptions, tell: World["tell"]): Promise<SamplingRows | null> {
  tell("what sampling costs");
  try {
    const sockets = SAMPLED_SOCKETS.filter((count) => count * BYTES_A_SOCKET < freemem());
    return await measureSampling({ client: ours, sockets });
  } catch (error) {
    tell(`it could not be measured: ${(error as Error).message}`);
    return null;
  }
}

async function viewCosts({ views: pairs }: BenchmarkOptions, { signal, tell }: World): Promise<ViewRows | null> {
  if (pairs === 0 || signal.aborted) return null;
  tell("what live views cost");
  try {
    return await measureViews({ pairs, signal, tell });
  } catch (error) {
    tell(`it could not be measured: ${(error as Error).message}`);
    return null;
  }
}

/** What sampling and views cost, measured anew, in a benchmark that was measured before; else what it had. */
export async function withCosts(
  last: BenchmarkResult,
  options: BenchmarkOptions,
  world: World,
): Promise<BenchmarkResult> {
  const sampling = (options.sampling ? await samplingCosts(options, world.tell) : null) ?? last.sampling;
  const views = (await viewCosts(options, world)) ?? last.views ?? null;
  return { ...last, sampling, views, goals: goalsOf(last.comparisons, sampling, views) };
}

function foundOf({ name, version, threading }: Client): Found {
  return { name, version, threading };
}
