import { beforeAll, describe, expect, test } from "vitest";
import type { LoadPlan } from "../../src/scenario/types.js";
import { startServer } from "../../src/server/start.js";
import type { Host } from "../../src/lab/types.js";
import { DEFAULTS } from "../../src/scenario/parts/defaults.js";
import { BUILD_MS, builtClient } from "../client/go/load.js";
import { labForTest, makeLoad } from "./lab.js";

/** Announces that a connection ends with its fifth response, and closes it. */
const ANNOUNCES = "s.maxRequestsPerSocket = 5";
/** Closes a connection that has been idle for a moment. */
const IDLES = "s.on('request', (q, r) => r.on('finish', () => setTimeout(() => q.socket.end(), 40)))";
/** Closes right behind its fifth response, without a word. */
const BREAKS_OFF =
  "s.on('connection', (c) => { let n = 0; c.prependListener('data', () => { if (++n === 5) setImmediate(() => c.end()); }); })";

function serverThat(does: string): string {
  const script = `const s = require('node:http').createServer((q, r) => r.end('ok')); ${does}; s.listen(8080, () => console.log('up'))`;
  return `"${process.execPath}" -e "${script}"`;
}

async function created(host: Host): Promise<number> {
  return (await host.snapshot()).counters?.["TcpExt:TW"] ?? 0;
}

const PACED: LoadPlan["pace"] = {
  arrivals: "constant",
  stages: [{ durationMs: 1_500, fromPerSec: 10, toPerSec: 10 }],
  seed: 1,
};
const LOAD: Partial<LoadPlan> = {
  connections: 3,
  requests: 60,
  connection: "keep-alive",
  requestsPerConnection: null,
  closer: "client",
};

beforeAll(builtClient, BUILD_MS);

describe.each(["epoll", "undici", "autocannon", "go"] as const)(
  "who closed first, as the client %s tells it",
  (client) => {
    const ways: [string, string, Partial<LoadPlan>][] = [
      ["announces its last response", ANNOUNCES, {}],
      ["breaks off without a word", BREAKS_OFF, {}],
    ];
    if (client === "epoll" || client === "undici")
      ways.push(["gives up what is idle", IDLES, { pace: PACED, requests: null, durationMs: 1_500, connections: 1 }]);

    test.each(ways)("is what both kernels count, of a server that %s", async (_, does, changes) => {
      const lab = await labForTest();
      const { client: from, server: to } = lab.hosts;
      await startServer(
        {
          kind: "command",
          command: serverThat(does),
          port: 8080,
          ready: { by: "line", pattern: "up" },
          readyTimeoutMs: 10_000,
          cwd: "/",
          env: {},
        },
        to,
      );
      const go = { ...DEFAULTS.load.go, program: await builtClient() };
      const before = { client: await created(from), server: await created(to) };
      const { connections } = await makeLoad(
        lab,
        { host: to.address, port: 8080 },
        { ...LOAD, client, go, ...changes },
      );
      const { client: ofClient, server: ofServer } = connections.closed;
      expect({ client: ofClient, server: ofServer }).toEqual({
        client: (await created(from)) - before.client,
        server: (await created(to)) - before.server,
      });
      // A last response that was announced may be the client's to close upon; autocannon does not read what it announces.
      if (does !== ANNOUNCES) expect(ofServer).toBeGreaterThan(3);
    });
  },
);
