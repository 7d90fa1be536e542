import type { Client } from "./clients.js";
import type { Planned } from "./programme.js";
import { enough, rateOf } from "./ratios.js";
import type { Comparison, Run } from "./types.js";

export interface CompareOptions {
  ours: Client;
  /** At most so many of a comparison. */
  pairs(planned: Planned): number;
  measure(client: Client): Promise<Run>;
  /** Asked before each run: no further one begins. */
  stopped(): boolean;
  onPair(planned: Planned, pair: { ours: Run; peer: Run }, ratio: number): void;
}

/** A run of ours is held against so many peers that follow on it. */
const PEERS_A_RUN = 3;

/**
 * Comparisons with the same load, in rounds: ours, peer, peer, peer, ours, peer, …, so that what changes on the machine
 * meanwhile changes for all. Never rejects for a client's sake.
 */
export async function compare(group: readonly Planned[], options: CompareOptions): Promise<Comparison[]> {
  const all = group.map((planned) => ({ planned, comparison: nothingYet(planned) }));
  for (;;) {
    const open = all.filter(
      ({ planned, comparison: { ratios, failure } }) => failure === null && !enough(ratios, options.pairs(planned)),
    );
    if (open.length === 0 || options.stopped()) return all.map(({ comparison }) => comparison);
    for (let at = 0; at < open.length; at += PEERS_A_RUN) await oneStretch(open.slice(at, at + PEERS_A_RUN), options);
  }
}

/** One run of ours, and one of each peer. */
async function oneStretch(
  open: readonly { planned: Planned; comparison: Comparison }[],
  options: CompareOptions,
): Promise<void> {
  let ours: Run | null = null;
  for (const { planned, comparison } of open) {
    if (options.stopped()) return;
    try {
      ours ??= await options.measure(options.ours);
      const pair = { ours, peer: await options.measure(planned.peer) };
      const ratio = rateOf(pair.ours, planned.mode) / rateOf(pair.peer, planned.mode);
      if (!Number.isFinite(ratio)) throw new Error(`${planned.peer.name} made no load that could be counted`);
      comparison.pairs.push(pair);
      comparison.ratios.push(ratio);
      options.onPair(planned, pair, ratio);
    } catch (error) {
      comparison.failure = (error as Error).message;
    }
  }
}

function nothingYet({ server, mode, threads, peer }: Planned): Comparison {
  return { server, mode, threads, peer: peer.name, ratios: [], pairs: [], failure: null };
}
