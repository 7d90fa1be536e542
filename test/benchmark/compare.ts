import type { Client } from "./clients.js";
import type { Planned } from "./programme.js";
import { enough, rateOf } from "./ratios.js";
import type { Comparison, Run } from "./types.js";

export interface CompareOptions {
  ours: Client;
  pairs: number;
  measure(client: Client): Promise<Run>;
  /** Asked before each pair: no further one begins. */
  stopped(): boolean;
  onPair(pair: { ours: Run; peer: Run }, ratio: number): void;
}

/** Ours, peer, ours, peer, …: what changes on the machine meanwhile changes for both. Never rejects for a client's sake. */
export async function compare(planned: Planned, options: CompareOptions): Promise<Comparison> {
  const { server, mode, threads, peer } = planned;
  const ratios: number[] = [];
  const pairs: Comparison["pairs"] = [];
  let failure: string | null = null;
  try {
    while (!enough(ratios, options.pairs) && !options.stopped()) {
      const pair = {
        ours: await options.measure(options.ours),
        peer: await options.measure(peer),
      };
      const ratio = rateOf(pair.ours, mode) / rateOf(pair.peer, mode);
      if (!Number.isFinite(ratio)) throw new Error(`${peer.name} made no load that could be counted`);
      pairs.push(pair);
      ratios.push(ratio);
      options.onPair(pair, ratio);
    }
  } catch (error) {
    failure = (error as Error).message;
  }
  return { server, mode, threads, peer: peer.name, ratios, pairs, failure };
}
