import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host, Lab } from "../../src/lab/types.js";
import type { HostSnapshot } from "../../src/sampler/types.js";
import type { ServerPlan } from "../../src/scenario/types.js";
import type { Client, RunningLoad } from "./clients.js";
import { nginxPlan, nginxRequests } from "./nginx.js";
import type { Product } from "./product.js";
import { type Reading, runOf } from "./run-figures.js";
import type { Claim, Mode, Run, ServerName } from "./types.js";

const PORT = 8080;
/** From its first connection on, before a client is measured: compilers at run time are through with it by then. */
const WARM_UP_MS = 2_000;
/** More than a client is measured for: the warm-up, and time that goes by before its first connection. */
const EXTRA_SEC = 3;
/** A client that has not ended so long after it should have is killed. */
const OVERTIME_SEC = 2;
const LOOK_EVERY_MS = 10;
const FIRST_CONNECTION_WITHIN_MS = 10_000;
const SETTLE_MS = 1_000;

export interface Request {
  server: ServerName;
  mode: Mode;
  threads: number;
  connections: number;
  /** The length of the window. */
  seconds: number;
}

/**
 * One measurement of one client in a fresh lab. Rates and CPU times are taken in a window in which the load is in full
 * swing: how long a client takes to load, and how it ends, is no part of them.
 * @throws when the client or the server could not go on, or made no load
 */
export async function measureRun(client: Client, request: Request, world: World): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "time-wait-bench-benchmark-"));
  const lab = await world.product.openLab(
    { topology: "two-hosts", addresses: { client: 1, server: 1 }, memoryBytes: null, sysctl: SYSCTLS },
    { isolation: "namespace", onSamplerFault: () => {} },
  );
  try {
    const server = await startServer(request.server, lab, join(folder, "server"), world);
    const read = async (): Promise<Reading> => {
      const [ofClient, ofServer, requests] = await Promise.all([
        lab.hosts.client.snapshot(),
        lab.hosts.server.snapshot(),
        server.requests(),
      ]);
      return { client: ofClient, server: ofServer, requests };
    };
    const { mode, threads, connections, seconds } = request;
    const waiting = await client.prepare(
      { mode, threads, connections, seconds: seconds + EXTRA_SEC, host: lab.hosts.server.address, port: PORT },
      lab.hosts.client,
      join(folder, "client"),
    );

    const before = await read();
    const load = await waiting.go();
    await unlessOver(load, firstConnection(lab.hosts.client, before.client));
    await unlessOver(load, sleep(WARM_UP_MS));
    const from = await read();
    await unlessOver(load, sleep(seconds * 1000));
    const to = await read();
    const claim = await claimInTime(load);
    await Promise.all([lab.hosts.client.settle(SETTLE_MS), lab.hosts.server.settle(SETTLE_MS)]);
    const after = await read();

    const readings = { before, from, to, after };
    return runOf(client.name, readings, { client: load.processId, server: server.processId }, claim);
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface World {
  product: Product;
  /** nginx, with its path; null where there is none. */
  nginx: string | null;
}

/** Nobody is to be slowed down by ports: as many as there are, and TIME_WAIT of one's own no obstacle. */
const SYSCTLS = { client: { "net.ipv4.ip_local_port_range": "1024 65535", "net.ipv4.tcp_tw_reuse": "1" }, server: {} };

interface CountingServer {
  processId: string | null;
  /** Requests that it has answered; what asking cost it is taken off. */
  requests(): Promise<{ atMs: number; count: number } | null>;
}

async function startServer(name: ServerName, lab: Lab, folder: string, world: World): Promise<CountingServer> {
  const server = await world.product.startServer(planFor(name, folder, world), lab.hosts.server);
  if (name === "node")
    return {
      processId: server.processId,
      async requests() {
        const counted = await server.count();
        return counted === null ? null : { atMs: now(), count: counted.requests };
      },
    };
  let asked = 0;
  return {
    processId: server.processId,
    async requests() {
      asked++;
      const ownQuestions = asked;
      const count = await nginxRequests(folder);
      return { atMs: now(), count: count - ownQuestions };
    },
  };
}

function planFor(name: ServerName, folder: string, { nginx }: World): ServerPlan {
  if (name === "node") return { kind: "node", port: PORT, readyTimeoutMs: 10_000 };
  if (nginx === null) throw new Error("nginx is not on this machine");
  return nginxPlan(nginx, folder, PORT);
}

async function firstConnection(host: Host, before: HostSnapshot): Promise<void> {
  const opened = ({ counters }: HostSnapshot): number => counters?.["Tcp:ActiveOpens"] ?? 0;
  for (const deadline = now() + FIRST_CONNECTION_WITHIN_MS; now() < deadline; await sleep(LOOK_EVERY_MS))
    if (opened(await host.snapshot()) > opened(before)) return;
  throw new Error(`it opened no connection within ${FIRST_CONNECTION_WITHIN_MS / 1000} s`);
}

/** A load that ends while it is being measured was not measured. */
async function unlessOver(load: RunningLoad, work: Promise<void>): Promise<void> {
  const over = load.done.then((): never => {
    throw new Error("its load was over before it had been measured");
  });
  await Promise.race([work, over]);
}

/** Its window has been measured by then: one that does not end is no reason to lose that. */
async function claimInTime(load: RunningLoad): Promise<Claim | null> {
  const late = sleep((EXTRA_SEC + OVERTIME_SEC) * 1000).then(() => null);
  const claim = await Promise.race([load.done, late]);
  if (claim === null) load.kill();
  return claim;
}

/** The machine's monotonic clock, in milliseconds. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
