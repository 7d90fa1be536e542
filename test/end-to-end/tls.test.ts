import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { decode } from "../../src/stats/histogram.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** A service with TLS that says what it was given, and who may read it. */
const SERVER = `
const { readFileSync, statSync } = require("node:fs");
const [host, port, certificate, key] = process.argv.slice(2);
const { mode } = statSync(key);
const answer = (request, response) => response.end("Hello, World!\\n");
require("node:https")
  .createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, answer)
  .listen(Number(port), host, () => console.log("ready, " + (mode & 0o777).toString(8)));
`;

/** By variant: connections for 12 requests. */
const OPENED = {
  undici: 12,
  "undici-keeps": 3,
  "own-server": 12,
  "go-to-go": 12,
  "undici-over-ipv6": 12,
  "go-over-ipv6": 12,
};

/** By tool: whether it can check the certificate. */
const TOOLS = {
  wrk: false,
  ab: false,
  h2load: false,
  hey: false,
  siege: false,
  oha: true,
  k6: true,
  vegeta: true,
  fortio: true,
};

function isInstalled(tool: string): boolean {
  const path = 'PATH="$PATH:$HOME/go/bin:$HOME/.cargo/bin"';
  try {
    execFileSync("/bin/sh", ["-c", `${path}; command -v ${tool}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("every client that can speaks TLS with every server that can, and each handshake is counted", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "server.cjs"), SERVER);
  const node = JSON.stringify(process.execPath);
  const command = `${node} server.cjs {host} {port} {certificate} {key}`;
  const server = { kind: "command", command, ready: { line: "^ready, 600$" } };
  const tools = Object.entries(TOOLS).filter(([tool]) => isInstalled(tool));
  const load = { connections: 3, connection: "close" };
  const scenario = {
    title: "tls",
    load: { ...load, tls: "verify", requests: 12, duration: "20s" },
    variants: {
      undici: { load: { client: "undici" } },
      "undici-keeps": { load: { client: "undici", connection: "keep-alive" } },
      "undici-closes": { load: { client: "undici", closer: "client" } },
      "own-server": { load: { client: "undici" }, server },
      "go-to-go": { load: { client: "go" }, server: { kind: "go" } },
      "undici-over-ipv6": { lab: { family: "ipv6" }, load: { client: "undici" } },
      "go-over-ipv6": { lab: { family: "ipv6" }, load: { client: "go" }, server: { kind: "go" } },
      ...Object.fromEntries(
        tools.map(([tool, verifies]) => [
          tool,
          {
            load: {
              client: tool,
              tls: verifies ? "verify" : "insecure",
              // Where the machine is busy, siege's second is over before its first answer.
              requests: tool === "siege" ? 12 : null,
              duration: "1s",
              connection: "keep-alive",
            },
          },
        ]),
      ),
    },
    expect: ["undici.handshakeUs.p50 > 0", "undici.closedFirst == server", "undici-closes.closedFirst == reset"],
  };
  writeFileSync(join(cwd, "s.yaml"), JSON.stringify(scenario));
  const run = await benchHere(["run", "s.yaml", "-q", "-o", "r.json"], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  expect([run.exitCode, result.expectations.map(({ holds }) => holds)]).toEqual([0, [true, true, true]]);
  const trialOf = (name: string) => result.variants[name]!.trials[0]!;
  for (const [name, opened] of Object.entries(OPENED)) {
    const { requests, connections, histograms } = trialOf(name);
    expect([name, requests.succeeded, requests.failed, connections.opened]).toEqual([name, 12, 0, opened]);
    expect(decode(histograms.handshakeUs!).totalCount).toBe(opened);
    expect(decode(histograms.firstByteUs!).totalCount).toBe(12);
  }
  // The server's side of it: as many connections as the kernel counted, and the requests came through.
  expect(trialOf("undici").timeWait!.server!.created).toBe(12);
  for (const [tool] of tools) {
    const { requests, claims, program } = trialOf(tool);
    const worked = (requests.served ?? 0) > 0 && (claims?.succeeded ?? 0) > 0;
    expect([tool, worked, worked ? "" : program?.output]).toEqual([tool, true, ""]);
  }
  // The key is in no file, and nothing of it is in the result.
  expect(readFileSync(join(cwd, "r.json"), "utf8")).not.toContain("PRIVATE KEY");
});
