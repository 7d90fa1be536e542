import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { CloseReport } from "../../../src/client/types.js";
import type { RunResult } from "../../../src/result/types.js";
import { DEFAULTS } from "../../../src/scenario/parts/defaults.js";
import type { LoadPlan } from "../../../src/scenario/types.js";
import { startServer } from "../../../src/server/start.js";
import { BUILD_MS, builtClient } from "../../client/go/load.js";
import { sum } from "../../client/load.js";
import { benchHere } from "../../support/here.js";
import { skipUnlessInstalled } from "../../support/skip.js";
import { temporaryFolder } from "../../support/temporary.js";
import { labForTest, makeLoad } from "../lab.js";

/** Why real servers end connections, as each client tells it. */

const GUNICORN = "def app(environ, start):\n    start('200 OK', [('Content-Length', '2')])\n    return [b'ok']\n";
const NGINX = `user root; daemon off; pid nginx.pid; error_log stderr warn; events {}
http { access_log off; keepalive_requests 20; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c;
  uwsgi_temp_path d; scgi_temp_path e; server { listen 8080; location / { return 200 ok; } } }`;
const FILES = { "app.py": GUNICORN, "nginx.conf": NGINX };

function node(does: string): string {
  const script = `const s = require('node:http').createServer((q, r) => r.end('ok')); ${does}; s.listen(8080)`;
  return `exec "${process.execPath}" -e "${script}"`;
}

const CLIENTS = ["epoll", "undici", "autocannon", "go"] as const;
const KEEP_ALIVE: Partial<LoadPlan> = { connection: "keep-alive", requestsPerConnection: null, closer: "client" };

/** One load of each client against one server, in one lab. */
async function endsAt(
  command: string,
  clients: readonly (typeof CLIENTS)[number][],
  changes: Partial<LoadPlan>,
): Promise<[client: string, closings: CloseReport][]> {
  const cwd = temporaryFolder();
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
  const lab = await labForTest();
  const ready = { by: "tcp" as const };
  const server = { kind: "command" as const, command, port: 8080, ready, readyTimeoutMs: 30_000, cwd, env: {} };
  const { host, port } = await startServer(server, lab.hosts.server);
  const go = { ...DEFAULTS.load.go, program: await builtClient() };
  const all: [string, CloseReport][] = [];
  for (const client of clients) {
    const plan = { ...KEEP_ALIVE, connections: 2, client, go, ...changes };
    const { connections, closings } = await makeLoad(lab, { host, port }, plan);
    expect([client, sum(closings!.causes)]).toEqual([client, connections.opened]);
    all.push([client, closings!]);
  }
  return all;
}

const always = (value: number) => ({ min: value, median: value, max: value });

beforeAll(builtClient, BUILD_MS);

test("gunicorn's sync workers answer each request with `Connection: close`", async (context) => {
  skipUnlessInstalled(context, "gunicorn");
  const gunicorn = "exec gunicorn --workers 2 --bind 0.0.0.0:8080 app:app";
  for (const [client, { causes, after, stale }] of await endsAt(gunicorn, CLIENTS, { requests: 40 })) {
    expect([client, Object.keys(causes), stale]).toEqual([client, ["answer"], 0]);
    expect(after.answer?.requests).toEqual(always(1));
  }
});

describe("after 20 requests the answer says `Connection: close`", () => {
  test.for([
    ["nginx with `keepalive_requests 20`", "exec nginx -e stderr -p . -c nginx.conf", ["nginx"]],
    ["Node with `maxRequestsPerSocket`", node("s.maxRequestsPerSocket = 20"), []],
  ] as const)("%s", async ([, command, needs], context) => {
    skipUnlessInstalled(context, ...needs);
    for (const [client, { causes, after, stale }] of await endsAt(command, CLIENTS, { requests: 200 })) {
      const { answer = 0, "end-of-load": rest = 0, "idle-pool": unused = 0, ...others } = causes;
      expect([client, others, stale]).toEqual([client, {}, 0]);
      expect(rest).toBeLessThanOrEqual(2);
      // net/http may dial one connection more than it then needs.
      if (client !== "go") expect(unused).toBe(0);
      // autocannon goes on as if nothing was said; Node leaves it to the client to close, and answers with 503.
      if (client === "autocannon" && answer === 0) continue;
      // Ten at most; autocannon also counts requests that it wrote on a connection which was ending already.
      expect([client, answer >= (client === "autocannon" ? 4 : 8)]).toEqual([client, true]);
      expect(after.answer?.requests).toEqual(always(20));
    }
  });
});

test("Node with `keepAliveTimeout = 1000` and a request each 2.5 s: undici goes by the hint and closes first", async () => {
  const stages = [{ durationMs: 10_000, fromPerSec: 0.4, toPerSec: 0.4 }];
  const pace: LoadPlan["pace"] = { arrivals: "constant", seed: 1, stages };
  const changes = { pace, durationMs: 10_000, connections: 1 };
  // Node waits up to a second longer than it says.
  const ends = await endsAt(node("s.keepAliveTimeout = 1000"), ["epoll", "undici"], changes);
  const [[, epoll], [, undici]] = ends as [(typeof ends)[0], (typeof ends)[0]];
  expect(epoll.causes.idle).toBeGreaterThanOrEqual(3);
  expect(epoll.after.idle).toMatchObject({ requests: always(1) });
  expect(epoll.after.idle!.idleMs.median).toBeGreaterThan(500);
  expect(epoll.after.idle!.idleMs.max).toBeLessThan(2_500);
  expect(undici.causes["client-idle"]).toBeGreaterThanOrEqual(3);
  expect(undici.causes.idle).toBeUndefined();
  expect(undici.after["client-idle"]!.idleMs.median).toBeLessThan(epoll.after.idle!.idleMs.median);
});

test("stands in the result, of the load of a trial and of a load step alike", async () => {
  const cwd = temporaryFolder();
  const server = { kind: "command", port: 8080, command: node("s.maxRequestsPerSocket = 5") };
  const scenario = {
    title: "five requests a connection",
    server,
    load: { connections: 2, requests: 50 },
    variants: { plain: {}, stepped: { phases: { load: { do: "load" } } } },
    expect: [
      "plain.closeCauses.answer >= 8",
      "stepped.load.closeCauses.answer >= 8",
      "stepped.load.closeCauses.idle == 0",
    ],
  };
  writeFileSync(join(cwd, "five.yaml"), JSON.stringify(scenario));
  const run = await benchHere(["run", "five.yaml", "--trials", "1", "--quiet", "-o", "r.json"], { cwd });
  expect([run.exitCode, run.stderr]).toEqual([0, ""]);
  const { variants } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  const { median, trials } = variants["plain"]!;
  expect(median).toMatchObject({ closedAfter: { answer: { requests: always(5) }, idle: null }, stale: 0, repeated: 0 });
  expect(sum(median!.closeCauses!)).toBe(median!.connections.opened);
  const line = trials[0]!.books.find(({ name }) => name === "connections by the cause of their end");
  expect(line).toMatchObject({ balanced: true });
  const { figures } = variants["stepped"]!;
  expect(figures["load.closedAfter.answer.requests.median"]).toBe(5);
  expect(figures["load.closedAfter.idle.requests.median"]).toBeUndefined();
  expect(figures["load.stale"]).toBe(0);
});
