import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { ConnectionLedger, type LedgerReport, SOCKET_CHANNEL } from "../../src/client/books/ledger.js";
import { Recorder, type RequestBooks } from "../../src/client/books/recorder.js";
import type { LoadClient, LoadTarget } from "../../src/client/types.js";
import type { LoadPlan } from "../../src/scenario/types.js";
import { decode } from "../../src/stats/histogram.js";

export interface Load extends RequestBooks, LedgerReport {
  /** How many latencies the histogram holds. */
  latencies: number;
  /** The greatest number of sockets that were open at the same time. */
  mostSockets: number;
}

export const PLAN: LoadPlan = {
  client: "undici",
  connections: 2,
  // Most loads here end by their number of requests; the time is there for those that would never end.
  durationMs: 15_000,
  requests: null,
  connection: "keep-alive",
  requestsPerConnection: null,
  closer: "client",
  path: "/",
  timeoutMs: 10_000,
  pace: null,
};
/** What a scenario's `connection: close` means when it is resolved. */
export const CLOSE = { connection: "close", requestsPerConnection: 1, closer: "server" } as const;

export async function runLoad(
  client: LoadClient,
  target: LoadTarget,
  changes: Partial<LoadPlan>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Load> {
  const plan = { ...PLAN, ...changes };
  const recorder = new Recorder(plan);
  const ledger = new ConnectionLedger();
  let open = 0;
  let mostSockets = 0;
  // Newer Nodes announce by themselves what undici's slots announce for older ones.
  const seen = new WeakSet<Socket>();
  const count = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    if (seen.has(socket)) return;
    seen.add(socket);
    mostSockets = Math.max(mostSockets, ++open);
    socket.once("close", () => open--);
  };
  ledger.start();
  subscribe(SOCKET_CHANNEL, count);
  try {
    await client.run(plan, target, recorder, signal);
  } finally {
    ledger.stop();
    unsubscribe(SOCKET_CHANNEL, count);
  }
  const books = recorder.close();
  const latencies = books.latencyHistogram === null ? 0 : decode(books.latencyHistogram).totalCount;
  return { ...books, ...ledger.report(), latencies, mostSockets };
}

export function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
