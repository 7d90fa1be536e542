import type { LoadPlan, SocketPlan } from "../../scenario/types.js";

/** What connect() would do by itself, in one thread. */
const PLAIN_SOCKETS: SocketPlan = {
  threads: 1,
  lingerSec: null,
  sourceAddresses: [],
  destinationAddresses: [],
  bind: "late",
  localPorts: null,
  reuseAddress: false,
};

/** The plan with every field about sockets. */
export type FullPlan = LoadPlan & { sockets: SocketPlan };

export function fullPlan(plan: LoadPlan): FullPlan {
  return { ...plan, sockets: plan.sockets ?? PLAIN_SOCKETS };
}

/**
 * The plan of each thread: connections and requests in equal parts, the first threads with what is left over. There are
 * no more threads than connections, and no more connections than requests.
 */
export function sharesOf(plan: FullPlan): FullPlan[] {
  const connections = Math.min(plan.connections, plan.requests ?? plan.connections);
  const threads = Math.max(1, Math.min(plan.sockets.threads, connections));
  return Array.from({ length: threads }, (_, thread) => ({
    ...plan,
    connections: part(connections, threads, thread),
    requests: plan.requests === null ? null : part(plan.requests, threads, thread),
  }));
}

function part(whole: number, parts: number, nth: number): number {
  return Math.floor(whole / parts) + (nth < whole % parts ? 1 : 0);
}
