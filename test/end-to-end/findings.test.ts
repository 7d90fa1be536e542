import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { skipUnlessInstalled } from "../support/skip.js";
import { temporaryFolder } from "../support/temporary.js";

/** Closes its connections itself, so that their TIME_WAIT is on this side. */
const SERVICE = `
const net = require("net"), [host, port] = process.argv.slice(2);
const sidecar = net.createServer({ allowHalfOpen: true }, (c) =>
  c.on("data", () => c.write("PONG")).on("end", () => c.end()).on("error", () => {}));
sidecar.listen(6379, "127.0.0.1", () => require("http").createServer((q, s) => {
  const c = net.connect(6379, "127.0.0.1", () => c.write("PING"));
  c.on("data", () => { c.end(); s.end("ok"); });
  c.on("error", (e) => { s.statusCode = 500; s.end(e.code); });
}).listen(+port, host));`;

async function run(scenario: Record<string, unknown>) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "service.cjs"), SERVICE);
  writeFileSync(join(cwd, "only.yaml"), JSON.stringify(scenario));
  const done = await benchHere(["run", "only.yaml", "--trials", "1", "-o", "r.json"], { cwd });
  expect(leftovers(done.mark)).toEqual([]);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  return { ...done, result };
}

test("a service whose own connections take all ports of its host says so first, and `no ports-exhausted` fails", async () => {
  const { exitCode, stdout, result } = await run({
    lab: { topology: "two-hosts", sysctl: { server: { "net.ipv4.ip_local_port_range": "40000 40099" } } },
    server: { kind: "command", command: `exec ${process.execPath} service.cjs {host} {port}` },
    load: { connections: 4, requests: 200, connection: "keep-alive" },
    expect: ["no ports-exhausted", "no listen-overflow"],
  });
  // How busy the machine is does not matter here.
  const standsOut = result.findings.filter(({ severity, code }) => severity !== "fact" && !code.endsWith("-starved"));
  expect(standsOut).toMatchObject([
    { code: "requests-failed", severity: "problem", figures: { failed: 100, sent: 200, kinds: { "HTTP 500": 100 } } },
    {
      code: "ports-exhausted",
      link: { from: "server", to: "server:6379" },
      figures: { used: 100, ports: 100, low: 40_000, high: 40_099, failed: 100 },
    },
    { code: "link-churns", severity: "notice", link: { from: "server", to: "server:6379" } },
  ]);
  expect(result.expectations.map(({ holds }) => holds)).toEqual([false, true]);
  expect(exitCode).toBe(1);
  const problem = stdout.indexOf("problem: server held all 100");
  expect(problem).toBeGreaterThan(0);
  expect(problem).toBeLessThan(stdout.indexOf("Requests per second"));
  expect(stdout).toMatch(/server → server:6379 +100 .* 100 of 100\n/u);
});

test("steps: commands that fail or take too long are told, and the exit code stays as it is", async () => {
  const { exitCode, stdout, result } = await run({
    lab: { topology: "two-hosts" },
    server: { kind: "node" },
    phases: {
      seed: { do: "command", on: "server", command: "echo no table; exit 3" },
      slow: { do: "command", on: "server", command: "echo begun; sleep 60", timeout: "200ms" },
    },
  });
  expect(exitCode).toBe(0);
  expect(result.findings.map(({ text }) => text)).toEqual([
    "the command seed on server exited with 3; it said: no table",
    "the command slow on server was killed, for it took longer than 200 ms; it said: begun",
  ]);
  expect(stdout).toContain("problem: the command seed on server exited with 3; it said: no table");
});

const NGINX = `
user root; daemon off; pid nginx.pid; error_log stderr; events { worker_connections 100; }
http { access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5; server { listen 8080; LIMITS; location / { return 200 "ok"; } } }`;

test("why nginx closes first: after so many requests, or what was idle; each with its setting", async (context) => {
  skipUnlessInstalled(context, "nginx");
  const nginx = (limits: string) => ({
    kind: "command",
    command: `echo '${NGINX.replaceAll("\n", " ").replace("LIMITS", limits)}' > nginx.conf; exec nginx -e stderr -p . -c nginx.conf`,
    port: 8080,
  });
  const { result } = await run({
    lab: { topology: "two-hosts" },
    load: { connections: 4, connection: "keep-alive", client: "epoll" },
    variants: {
      requests: { server: nginx("keepalive_requests 20"), load: { requests: 200 } },
      idle: { server: nginx("keepalive_timeout 1s"), load: { rate: 3, duration: "4s" } },
    },
  });
  const causes = result.findings.filter(({ code }) => code === "closer-cause");
  expect(causes).toMatchObject([
    {
      variant: "requests",
      severity: "notice",
      figures: { cause: "answer", requests: { min: 20, max: 20 } },
      text: "the server closes a connection after 20 requests: the last answer says Connection: close",
      remedy: "raise `keepalive_requests`",
    },
    { variant: "idle", figures: { cause: "idle" }, remedy: expect.stringContaining("keepalive_timeout") as string },
  ]);
  expect(causes[1]?.text).toMatch(/^the server closes connections that are idle for (?:about )?1(?:\.\d)? s/u);
});
