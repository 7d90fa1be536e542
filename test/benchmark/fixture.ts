import type { Client } from "./clients.js";
import type { Comparison, Run } from "./types.js";

export function aRun(changes: Partial<Run> = {}): Run {
  return {
    client: "epoll",
    windowMs: 2_000,
    connectionsPerSec: 20_000,
    requestsPerSec: 20_000,
    cpu: { userMs: 100, systemMs: 1_900 },
    serverCpu: { userMs: 500, systemMs: 1_500 },
    resets: 0,
    total: { opened: 60_000, accepted: 60_000, requests: 60_000 },
    claim: { requests: 60_000, failed: 0, seconds: 3 },
    ...changes,
  };
}

/** A comparison in `close` mode, with one thread, against nginx, whose pairs have these ratios. */
export function aComparison(peer: string, ratios: number[], changes: Partial<Comparison> = {}): Comparison {
  const pairs = ratios.map((ratio) => ({
    ours: aRun({ connectionsPerSec: 20_000 * ratio, requestsPerSec: 20_000 * ratio }),
    peer: aRun({ client: peer }),
  }));
  return { server: "nginx", mode: "close", threads: 1, peer, ratios, pairs, failure: null, ...changes };
}

export function aClient(name: string): Client {
  return { name, version: "1.0", threading: "as asked", prepare: () => Promise.reject(new Error("not in this test")) };
}
