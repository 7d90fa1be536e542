import { expect } from "vitest";
import { epollClient } from "../../../src/client/epoll/client.js";
import type { LoadBooks, LoadTarget, PreparedLoad } from "../../../src/client/types.js";
import type { LoadPlan, SocketPlan } from "../../../src/scenario/types.js";
import { decode } from "../../../src/stats/histogram.js";
import { PLAN, sum } from "../load.js";

const SOCKETS: SocketPlan = {
  threads: 1,
  lingerSec: null,
  sourceAddresses: [],
  destinationAddresses: [],
  bind: "late",
  localPorts: null,
  reuseAddress: false,
};

export type Changes = Partial<Omit<LoadPlan, "sockets">> & { sockets?: Partial<SocketPlan> };

/** The load from its plan to its books, which have to be true whatever the server does. */
export async function runEpoll(target: LoadTarget, changes: Changes, signal?: AbortSignal): Promise<LoadBooks> {
  const plan: LoadPlan = { ...PLAN, ...changes, client: "epoll", sockets: { ...SOCKETS, ...changes.sockets } };
  return runPrepared(await epollClient.prepare(plan, target), signal);
}

/** What every client that keeps its own books has to have right. */
export async function runPrepared(load: PreparedLoad, signal?: AbortSignal): Promise<LoadBooks> {
  const books = await load.run(signal ?? new AbortController().signal);
  expectTrueBooks(books);
  const { succeeded, failed, connections } = load.progress();
  expect({ succeeded, failed, opened: connections }).toEqual({
    succeeded: books.requests.succeeded,
    failed: books.requests.failed,
    opened: books.connections.opened,
  });
  return books;
}

function expectTrueBooks(books: LoadBooks): void {
  const { requests, errors, connections, closings, latencyHistogram, connectHistogram } = books;
  expect(requests.sent).toBe(requests.succeeded + requests.failed);
  expect(sum(errors)).toBe(requests.failed);
  expect(countIn(latencyHistogram)).toBe(requests.succeeded);
  expect(sum(connections.closed)).toBe(connections.opened);
  expect(countIn(connectHistogram)).toBe(connections.opened);
  if (closings !== undefined) expect(sum(closings.causes)).toBe(connections.opened);
}

export function countIn(histogram: string | null | undefined): number {
  return histogram === null || histogram === undefined ? 0 : decode(histogram).totalCount;
}
