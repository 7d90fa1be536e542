import { loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { LoadReport } from "../../src/client/types.js";
import { BenchError } from "../../src/errors.js";
import type { Host, Lab } from "../../src/lab/types.js";
import type { LoadPlan } from "../../src/scenario/types.js";
import { decode } from "../../src/stats/histogram.js";
import { bundled } from "../support/bundled.js";
import { linksMarkdown, type LinkRow, oneWayOf, type Times } from "./links-table.js";
import { PRODUCT } from "./product.js";

/**
 * `npm run benchmark:links [delays in ms…]`: how exactly a cable keeps its delay, as its hosts and the client see it; the table
 * to stdout.
 */

const DELAYS_MS = [1, 5, 10, 20, 50];
const FRAMES = 500;
const PORT = 8080;
const LOAD_MS = 5_000;
const REQUESTS = 200;

/** What links-ends.ts does on a host. */
export type EndOrder =
  | { do: "watch"; originSec: number }
  | { do: "tell" }
  | { do: "send"; originSec: number; to: string; count: number };

const loadBefore = loadavg()[0]!;
const asked = process.argv.slice(2).map(Number);
if (asked.some((delayMs) => !(delayMs > 0 && delayMs <= 1000))) throw new Error("delays are milliseconds up to 1000");
const entry = fileURLToPath(await bundled("test/benchmark/links-ends.ts"));
const rows: LinkRow[] = [];
const lacks: string[] = [];
for (const by of ["forwarder", "netem"] as const) {
  try {
    for (const delayMs of asked.length > 0 ? asked : DELAYS_MS) rows.push(await measured(by, delayMs));
  } catch (error) {
    if (!(error instanceof BenchError) || by !== "netem") throw error;
    lacks.push(error.message);
  }
}
const { cpu, cores, memoryBytes, kernel, node, benchVersion } = PRODUCT.describeEnvironment("namespace");
const machine = { cpu, cores, memoryBytes, kernel, node, benchVersion, loadBefore };
process.stdout.write(linksMarkdown(rows, machine, lacks));

async function measured(by: LinkRow["by"], delayMs: number): Promise<LinkRow> {
  const does = { delayMs, jitterMs: 0, loss: 0, duplicate: 0, reorder: 0, bitsPerSec: null };
  const lab = await PRODUCT.openLab(
    {
      topology: "two-hosts",
      addresses: { client: 1, server: 1 },
      memoryBytes: null,
      sysctl: { client: {}, server: {} },
      links: [
        { from: "client", to: "server", ...does },
        { from: "server", to: "client", ...does },
      ],
      linksBy: by,
    },
    { isolation: "namespace", onSamplerFault: (message) => process.stderr.write(`${message}\n`) },
  );
  try {
    await PRODUCT.startServer({ kind: "epoll", port: PORT, readyTimeoutMs: 10_000 }, lab.hosts.server);
    const connect = (await load(lab, "close")).connectHistogram!;
    const request = (await load(lab, "keep-alive")).latencyHistogram!;
    const medianMs = (histogram: string): number => decode(histogram).getValueAtPercentile(50) / 1000;
    const oneWayMs = await framesOf(lab, by, delayMs);
    return { by, delayMs, connectMs: medianMs(connect), requestMs: medianMs(request), oneWayMs };
  } finally {
    await lab.close();
  }
}

async function load(lab: Lab, connection: LoadPlan["connection"]): Promise<LoadReport> {
  const plan: LoadPlan = {
    client: "epoll",
    connections: 1,
    durationMs: LOAD_MS,
    requests: REQUESTS,
    connection,
    requestsPerConnection: connection === "close" ? 1 : null,
    closer: "client",
    path: "/",
    timeoutMs: LOAD_MS,
    pace: null,
  };
  const client = await PRODUCT.startClient(plan, { host: lab.hosts.server.address, port: PORT }, lab.hosts.client);
  return client.go(() => {});
}

async function framesOf({ hosts }: Lab, by: LinkRow["by"], delayMs: number): Promise<number[]> {
  const originSec = Math.floor(Date.now() / 1000);
  const { client, server } = hosts;
  const [near, far, sender] = [await program(client), await program(server), await program(client)];
  for (const watcher of [near, far]) await watcher({ do: "watch", originSec });
  const handedOver = await sender({ do: "send", originSec, to: server.address, count: FRAMES });
  await pause(2 * delayMs + 200);
  const [left, came] = [await near({ do: "tell" }), await far({ do: "tell" })];
  // netem holds frames back before the card is seen to send them.
  return oneWayOf(by === "netem" ? handedOver : left, came);
}

type Ask = (order: EndOrder) => Promise<Times>;

/** Ends with its host. */
async function program(host: Host): Promise<Ask> {
  const child = await host.spawn({ label: "links-ends", program: { entry } });
  let told: (message: { answer?: Times; error?: string }) => void = () => {};
  child.onMessage((message) => told(message as { answer?: Times; error?: string }));
  return (order) =>
    new Promise((resolve, reject) => {
      told = ({ answer, error }) => (error === undefined ? resolve(answer ?? []) : reject(new Error(error)));
      void child.exited.then(({ lastLines }) => reject(new Error(lastLines.join("\n"))));
      child.send(order);
    });
}
