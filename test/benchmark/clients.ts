import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../../src/lab/types.js";
import type { ClientKind, LoadPlan, SocketPlan } from "../../src/scenario/types.js";
import { findProgram, versionOf } from "./find-peers.js";
import { PEERS, type Peer } from "./peers.js";
import type { Product } from "./product.js";
import type { Claim, Found, Task } from "./types.js";

/** One that makes load: a client of the product, or a peer found on the machine. */
export interface Client extends Found {
  /** Makes it ready on a host; nothing is sent. @param folder an empty one, of this run's own */
  prepare(task: Task, host: Host, folder: string): Promise<WaitingLoad>;
}

export interface WaitingLoad {
  /** Begins. */
  go(): Promise<RunningLoad>;
}

export interface RunningLoad {
  /** Names its CPU times in a HostSnapshot. */
  processId: string;
  /** Resolves with what it says of itself when it has made its load; rejects when it could not. */
  done: Promise<Claim>;
  /** Ends it at once: what it says of itself may be lost. */
  kill(): void;
}

/** Requests that take longer have failed. */
const TIMEOUT_MS = 5_000;

export function ourClient(kind: ClientKind, product: Product): Client {
  return {
    name: kind,
    version: kind === "epoll" ? product.benchVersion() : product.libraryName(kind).split(" ").at(-1)!,
    threading: kind === "epoll" ? "as asked" : "one",
    async prepare(task, host) {
      const client = await product.startClient(planFor(kind, task), task, host);
      return {
        go: () => {
          const report = client.go(() => {});
          const done = report.then(({ requests, startedAtMs, endedAtMs }) => ({
            requests: requests.succeeded,
            failed: requests.failed,
            seconds: (endedAtMs - startedAtMs) / 1000,
          }));
          done.catch(() => {});
          return Promise.resolve({ processId: client.processId, done, kill: () => client.stop() });
        },
      };
    },
  };
}

function planFor(kind: ClientKind, { mode, threads, connections, seconds }: Task): LoadPlan {
  const closes = mode === "close";
  return {
    client: kind,
    connections,
    durationMs: seconds * 1000,
    requests: null,
    connection: mode,
    requestsPerConnection: closes ? 1 : null,
    closer: closes ? "server" : "client",
    path: "/",
    timeoutMs: TIMEOUT_MS,
    pace: null,
    ...(threads === 1 ? {} : { sockets: { ...PLAIN_SOCKETS, threads } }),
  };
}

const PLAIN_SOCKETS: Omit<SocketPlan, "threads"> = {
  lingerSec: null,
  sourceAddresses: [],
  destinationAddresses: [],
  bind: "late",
  localPorts: null,
  reuseAddress: false,
};

/** Every peer of the table that is on this machine. */
export async function findPeers(folders: readonly string[]): Promise<Client[]> {
  const found = PEERS.map((peer) => ({ peer, program: findProgram(peer.name, folders) }));
  return Promise.all(found.flatMap(({ peer, program }) => (program === null ? [] : [externalClient(peer, program)])));
}

async function externalClient(peer: Peer, program: string): Promise<Client> {
  return {
    name: peer.name,
    version: await versionOf(program, peer.versionArgs),
    threading: peer.threading,
    prepare(task, host, folder) {
      mkdirSync(folder, { recursive: true });
      const { file, args, files = {} } = peer.command(task, { program, folder });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const go = async (): Promise<RunningLoad> => {
        const process = await host.spawn({ label: peer.name, program: { file, args } });
        const lines: string[] = [];
        process.onLine((line) => lines.push(line));
        const done = process.exited.then(({ code, signal, lastLines }) => {
          if (code !== 0)
            throw new Error(`${peer.name} ended with ${signal ?? `exit code ${code}`}: ${lastLines.join(" | ")}`);
          return peer.parse(lines.join("\n"));
        });
        done.catch(() => {});
        return { processId: process.id, done, kill: () => process.kill() };
      };
      return Promise.resolve({ go });
    },
  };
}
