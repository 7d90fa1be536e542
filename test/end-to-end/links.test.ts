import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Link } from "../../src/links/types.js";
import type { RunResult, Trial } from "../../src/result/types.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** A web service that asks another for each request. @param kept whether it keeps its connections to it */
const asking = (where: string, kept: boolean): string =>
  `exec ${process.execPath} -e '` +
  `const http = require("http"), [host, port, ...to] = process.argv.slice(1), agent = new http.Agent({ keepAlive: ${kept}, maxSockets: 20 });` +
  `http.createServer((q, s) => http.get({ host: to[0], port: to[1], agent }, (r) => r.resume().on("end", () => s.end("ok")))` +
  `.on("error", (e) => { s.statusCode = 500; s.end(e.code); })).listen(+port, host)' {host} {port} ${where}`;
const answering = `exec ${process.execPath} -e 'require("http").createServer((q, s) => s.end("ok")).listen(+process.argv[2], process.argv[1])' {host} {port}`;
/** The same with what it asks in a process of its own beside it, which listens before the service does. */
const withSidecar = (kept: boolean): string =>
  `${process.execPath} -e 'require("http").createServer((q, s) => s.end("ok")).listen(6379, "127.0.0.1", () => require("fs").writeFileSync("up", ""))' & until [ -e up ]; do sleep 0.05; done; ${asking("127.0.0.1 6379", kept)}`;

const LOAD = { connections: 4, requests: 40, connection: "keep-alive" };

async function trialOf(scenario: Record<string, unknown>, ...options: string[]): Promise<Trial> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "s.json"), JSON.stringify({ load: LOAD, title: "t", variants: { only: {} }, ...scenario }));
  writeFileSync(join(cwd, "s.yaml"), readFileSync(join(cwd, "s.json")));
  const done = await benchHere(["run", "s.yaml", "--trials", "1", "-o", "r.json", ...options], { cwd });
  expect(leftovers(done.mark)).toEqual([]);
  expect([done.exitCode, done.stderr]).toEqual([0, expect.any(String)]);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  return result.variants["only"]!.trials[0]!;
}

function linkOf({ links }: Trial, from: string, to: string): Link {
  const link = links?.[from]?.[to];
  expect(link, `${from} → ${to} of ${JSON.stringify(links)}`).toBeDefined();
  return link!;
}

const hosts = { client: {}, server: {}, backend: { command: answering, port: 9_000, ready: { http: "/" } } };
const service = (kept: boolean) => ({ kind: "command", command: asking("{backend} 9000", kept) });

test("a service that connects to its backend for each request: 40 connections there, none of them the load's", async () => {
  const trial = await trialOf({ lab: { topology: "hosts", hosts }, server: service(false) });
  expect(linkOf(trial, "client", "server")).toMatchObject({ opened: 4, perRequest: 0.1, exact: true });
  const link = linkOf(trial, "server", "backend");
  expect(link).toMatchObject({ port: 9_000, opened: 40, perRequest: 1, exact: true });
  expect(link.timeWait.from.created + link.timeWait.to!.created).toBe(40);
  expect(trial.timeWait!.server!.created + trial.timeWait!.client.created).toBe(4);
  expect(trial.hosts).toMatchObject({ server: { opened: 40, accepted: 4 }, backend: { accepted: 40 } });
  expect(trial.books.filter(({ balanced }) => !balanced)).toEqual([]);
});

test("with kept connections the same service opens a few", async () => {
  const trial = await trialOf({ lab: { topology: "hosts", hosts }, server: service(true) });
  const link = linkOf(trial, "server", "backend");
  expect(link.opened).toBeLessThanOrEqual(4);
  expect(link.exact).toBe(true);
});

test("what runs beside the service on its host is a link of the host to itself; its ports are counted against its range", async () => {
  const trial = await trialOf({
    lab: { topology: "two-hosts", sysctl: { server: { "net.ipv4.ip_local_port_range": "40000 40099" } } },
    server: { kind: "command", command: withSidecar(false) },
  });
  const link = linkOf(trial, "server", "server:6379");
  expect(link).toMatchObject({ port: 6_379, opened: 40, perRequest: 1, exact: true, ports: { limit: 100 } });
  expect(link.ports.used).toBeGreaterThanOrEqual(link.timeWait.from.end);
  expect(link.timeWait.from.created + link.timeWait.to!.created).toBe(40);
  expect(linkOf(trial, "client", "server")).toMatchObject({ opened: 4 });
});

test.each(["loopback", "none"])(
  "on one host each end of the load's connections has its own TIME_WAIT (%s)",
  async (where) => {
    const lab = { topology: "loopback" };
    const options = where === "none" ? ["--isolation", "none"] : [];
    const load = { ...LOAD, client: "undici", connection: "close" };
    const server = await trialOf({ lab, load: { ...load, closer: "server" } }, ...options);
    expect(server.timeWait).toMatchObject({ client: { created: 0 }, server: { created: 40 } });
    expect(server.closedFirst).toEqual({ client: 0, server: 1, reset: 0 });
    const client = await trialOf({ lab, load: { ...load, closer: "client" } }, ...options);
    expect(client.timeWait).toMatchObject({ client: { created: 40 }, server: { created: 0 } });
  },
);
