import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, isIP } from "node:net";
import { BenchError } from "../errors.js";
import { WatchMetrics } from "../report/watch-metrics.js";
import type { WatchView } from "../watch/types.js";

export interface ServedMetrics {
  /** `http://127.0.0.1:9469/metrics` */
  address: string;
  /** Whether nobody but this machine reaches it. */
  isLocal: boolean;
  /** The reading that is told from now on. */
  update(view: WatchView): void;
  close(): void;
}

const PATH = "/metrics";
/** So many scrapes at once; one more waits to be accepted. */
const MOST_CONNECTIONS = 64;
/** Whoever sends his request so slowly is let go. */
const REQUEST_MS = 10_000;

/** @param listen a port, or an address with one. @throws BenchError `bad-usage`, `cannot-listen` */
export async function serveMetrics(listen: string): Promise<ServedMetrics> {
  const { host, port } = listenAt(listen);
  const metrics = new WatchMetrics();
  const isLocal = host === "::1" || host.startsWith("127.");
  let known = false;
  const server = createServer(
    {
      maxHeaderSize: 8_192,
      requestTimeout: REQUEST_MS,
      headersTimeout: REQUEST_MS,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      const status = known ? statusOf(request, isLocal) : 503;
      if (status === 200) void answer(request, response, metrics);
      else end(response, status);
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    throw new BenchError(
      "cannot-listen",
      `--listen: nothing can listen at ${host} port ${port}: ${error.code ?? error.message}`,
      "Take another port; 0 is any that is free.",
    );
  });
  server.on("error", () => {});
  const at = server.address() as AddressInfo;
  return {
    address: `http://${at.family === "IPv6" ? `[${at.address}]` : at.address}:${at.port}${PATH}`,
    isLocal,
    update(view) {
      metrics.update(view);
      known = true;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer({ method }: IncomingMessage, response: ServerResponse, metrics: WatchMetrics): Promise<void> {
  const text = await metrics.text();
  response.setHeader("content-type", metrics.contentType);
  response.setHeader("cache-control", "no-store");
  response.end(method === "HEAD" ? undefined : text);
}

/** 503: nothing was read yet. A browser's page of another name must not read what this machine alone may (DNS rebinding). */
function statusOf({ method, url = "", headers: { host = "" } }: IncomingMessage, isLocal: boolean): number {
  if (isLocal && !/^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/u.test(host)) return 403;
  if (url.split("?")[0] !== PATH) return 404;
  return method === "GET" || method === "HEAD" ? 200 : 405;
}

const SENTENCES: Readonly<Record<number, string>> = {
  403: "this is for this machine alone\n",
  404: `metrics are at ${PATH}\n`,
  405: "GET or HEAD\n",
  503: "nothing was read yet\n",
};

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(SENTENCES[status]);
}

const HIGHEST_PORT = 65_535;

/** `9469`, `0.0.0.0:9469`, `[::]:9469`. @throws BenchError `bad-usage` */
function listenAt(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits = ""] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d{1,5})$/u.exec(text) ?? [];
  const host = bracketed ?? plain ?? "127.0.0.1";
  const port = Number(digits);
  if (digits === "" || port > HIGHEST_PORT || isIP(host) !== (bracketed === undefined ? 4 : 6))
    throw new BenchError(
      "bad-usage",
      `--listen takes a port, or an address with one, not "${text}"`,
      "Examples: --listen 9469 (this machine alone), --listen 0.0.0.0:9469, --listen [::]:9469",
    );
  return { host, port };
}
