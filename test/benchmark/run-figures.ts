import type { HostSnapshot } from "../../src/sampler/types.js";
import type { Claim, CpuTime, Run } from "./types.js";

/** Both kernels' counters, the CPU times and the server's own count, all at about one moment. */
export interface Reading {
  client: HostSnapshot;
  server: HostSnapshot;
  /** null where the server does not count. */
  requests: { atMs: number; count: number } | null;
}

/** `from` and `to` are the ends of the window. */
export interface Readings {
  before: Reading;
  from: Reading;
  to: Reading;
  after: Reading;
}

/**
 * What a run was, by the kernels and the server. Each rate is taken over the time between its own two readings.
 * @throws when nothing happened in the window, or the client's CPU time cannot be told
 */
export function runOf(
  client: string,
  { before, from, to, after }: Readings,
  processIds: { client: string; server: string | null },
  claim: Claim | null,
): Run {
  const accepted = counted(from.server, to.server, "Tcp:PassiveOpens");
  const requests = requestsBetween(from, to);
  if (accepted === 0 && (requests?.count ?? 0) === 0) throw new Error("nothing happened while it was measured");
  const cpu = cpuBetween(from.client, to.client, processIds.client);
  if (cpu === null) throw new Error("its CPU time could not be read");
  const resets = counted(from.client, to.client, "Tcp:OutRsts") + counted(from.server, to.server, "Tcp:OutRsts");
  return {
    client,
    windowMs: to.client.atMs - from.client.atMs,
    connectionsPerSec: (accepted / (to.server.atMs - from.server.atMs)) * 1000,
    requestsPerSec: requests === null ? null : (requests.count / requests.ms) * 1000,
    cpu,
    serverCpu: processIds.server === null ? null : cpuBetween(from.server, to.server, processIds.server),
    resets: accepted === 0 ? 0 : Math.min(1, resets / accepted),
    total: {
      opened:
        counted(before.client, after.client, "Tcp:ActiveOpens") -
        counted(before.client, after.client, "Tcp:AttemptFails"),
      accepted: counted(before.server, after.server, "Tcp:PassiveOpens"),
      requests: requestsBetween(before, after)?.count ?? null,
    },
    claim,
  };
}

function counted(from: HostSnapshot, to: HostSnapshot, counter: string): number {
  return (to.counters?.[counter] ?? 0) - (from.counters?.[counter] ?? 0);
}

function requestsBetween(from: Reading, to: Reading): { count: number; ms: number } | null {
  if (from.requests === null || to.requests === null) return null;
  return { count: to.requests.count - from.requests.count, ms: to.requests.atMs - from.requests.atMs };
}

function cpuBetween(from: HostSnapshot, to: HostSnapshot, processId: string): CpuTime | null {
  const [start, end] = [from.cpu[processId], to.cpu[processId]];
  if (start === undefined || end === undefined) return null;
  return { userMs: end.userMs - start.userMs, systemMs: end.systemMs - start.systemMs };
}
