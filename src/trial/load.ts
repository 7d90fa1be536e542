import type { WaitingClient } from "../client/conduct.js";
import type { LoadProgress, LoadReport } from "../client/types.js";
import { BenchError } from "../errors.js";
import type { Host, Lab } from "../lab/types.js";
import type { RunningServer } from "../server/types.js";
import { allHosts } from "./hosts.js";
import { snapshots, type Snapshots } from "./watch.js";

/** After a load, connections get so long to finish closing before they are counted. */
const SETTLE_MS = 1_000;

/** What a load came to. */
export interface LoadTaken {
  report: LoadReport;
  /** The server's death, which ended it; null when it came to its end. */
  failure: BenchError | null;
}

/** What was done, with every host's kernel read before and after it. */
export interface Bounded<Taken> {
  taken: Taken;
  before: Snapshots;
  after: Snapshots;
}

/** Does something on the hosts that stand. @param settling those whose connections finish closing before the last reading */
export async function bounded<Taken>(
  lab: Lab,
  settling: readonly Host[],
  work: () => Promise<Taken>,
): Promise<Bounded<Taken>> {
  const before = await snapshots(lab);
  const taken = await work();
  await settle(settling);
  return { taken, before, after: await snapshots(lab) };
}

/** One load, by the client that waits for the word. It ends early when it is aborted, or the server dies. */
export async function makeLoad(
  client: WaitingClient,
  { died }: RunningServer,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadTaken> {
  const stop = (): void => client.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const reported = client.go(onProgress);
    // While the client came up nobody heard the signal.
    if (signal.aborted) stop();
    const first = await Promise.race([reported, deathOf(died)]);
    if (!(first instanceof BenchError)) return { report: first, failure: null };
    // Without a server there is nothing to wait for; what the client has counted until now is kept.
    stop();
    return { report: await reported, failure: first };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * The same client and the same server, so that what is measured then is warm: compiled, cached, its connections' memory
 * there. Its TIME_WAIT would be in the populations and hold ports; in a lab it is taken away.
 */
export async function warmUp(client: WaitingClient, server: RunningServer, lab: Lab): Promise<void> {
  await Promise.race([client.warmUp(), server.died]);
  await settle(allHosts(lab));
  if (lab.isolation === "namespace") await Promise.all(allHosts(lab).map((host) => host.clearTimeWait()));
}

async function settle(hosts: readonly Host[]): Promise<void> {
  await Promise.all(hosts.map((host) => host.settle(SETTLE_MS)));
}

/** @returns what a server died of; never resolves while it lives */
export function deathOf(died: Promise<never>): Promise<BenchError> {
  return died.catch((error: unknown) => {
    if (error instanceof BenchError) return error;
    throw error;
  });
}
