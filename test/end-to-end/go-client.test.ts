import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunResult, Trial } from "../../src/result/types.js";
import { type BenchRun, runBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";
import { withoutGo } from "./without-go.js";

/** A first build by a toolchain takes its time. */
const BUILD_MS = 110_000;

async function run(args: readonly string[], cwd = temporaryFolder()): Promise<BenchRun & { result: RunResult }> {
  const ran = await runBench(["run", ...args, "-q", "-o", "r.json"], { cwd, timeoutMs: BUILD_MS });
  expect(leftovers(ran.mark)).toEqual([]);
  return { ...ran, result: JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult };
}

function only({ variants }: RunResult, name: string): Trial {
  return variants[name]!.trials[0]!;
}

test("go-client-churn shows each mistake by its connections, and the books balance", async () => {
  // So many as its expectations need, however busy the machine: they speak of requests for each connection.
  const enough = ["--set", "load.requests=3000", "--duration", "60s"];
  const { result, stderr, exitCode } = await run(["go-client-churn", ...enough]);
  expect(stderr).not.toContain("error");
  expect(stderr).not.toContain("books");
  // How often one of two idle connections is free depends on who is quicker; with the rest it does not.
  const broken = result.expectations.filter(({ holds, text }) => !holds && !/^two-idle\.(?!closed)/u.test(text));
  expect(broken).toEqual([]);
  expect([0, 1]).toContain(exitCode);
  expect(result.environment.tools).toMatchObject({ go: expect.stringMatching(/^1\.\d+/u) as string });
  for (const { trials } of Object.values(result.variants)) {
    const { requests, connections, cpu, books } = trials[0]!;
    expect(requests.failed).toBe(0);
    expect(books.filter(({ balanced }) => !balanced)).toEqual([]);
    expect(books.map(({ name }) => name)).toContain("connections opened");
    expect(connections.opened).toBeGreaterThan(0);
    // The Go program's own: the client's process does nothing but wait for it.
    expect(cpu.client!.userMs + cpu.client!.systemMs).toBeGreaterThan(100);
  }
  // Since 1.27 Go reads so small a rest by itself.
  const minor = Number(/^1\.(\d+)/u.exec(result.environment.tools["go"]!)![1]);
  const notDrained = only(result, "not-drained");
  if (minor < 27) {
    expect(notDrained.connections.requestsPer).toBe(1);
    expect(notDrained.timeWait!.client.created).toBe(notDrained.connections.opened);
  } else {
    expect(notDrained.connections.requestsPer).toBeGreaterThan(1);
  }
});

test("who closes first holds TIME_WAIT: the server when it is asked to close, else the client", async () => {
  const cwd = temporaryFolder();
  const scenario = {
    title: "who closes",
    load: { client: "go", connections: 5, requests: 503, connection: "close" },
    variants: { server: {}, client: { load: { closer: "client" } } },
  };
  writeFileSync(join(cwd, "closes.yaml"), JSON.stringify(scenario));
  const { result, stderr } = await run(["closes.yaml"], cwd);
  expect(stderr).toBe("");
  const [byServer, byClient] = [only(result, "server"), only(result, "client")];
  expect(byServer.timeWait).toMatchObject({ client: { created: 0 }, server: { created: 503 } });
  expect(byClient.timeWait).toMatchObject({ client: { created: 503 }, server: { created: 0 } });
  for (const { requests, books } of [byServer, byClient]) {
    expect(requests).toMatchObject({ sent: 503, succeeded: 503, failed: 0 });
    expect(books.map(({ name }) => name)).toContain("responses");
    expect(books.filter(({ balanced }) => !balanced)).toEqual([]);
  }
});

test("ports that are used up are counted by their errno and call", async () => {
  const cwd = temporaryFolder();
  const scenario = {
    title: "few ports",
    lab: { sysctl: { client: { "net.ipv4.ip_local_port_range": "40000 40099" } } },
    load: { client: "go", connections: 5, duration: "1s", idleConnections: 0 },
    variants: { only: {} },
  };
  writeFileSync(join(cwd, "few.yaml"), JSON.stringify(scenario));
  const { result } = await run(["few.yaml"], cwd);
  const { errors, errorsByCall, connections, requests } = only(result, "only");
  expect(connections.opened).toBe(100);
  expect(requests.succeeded).toBe(100);
  expect(errors).toEqual({ EADDRNOTAVAIL: requests.failed });
  expect(errorsByCall).toEqual({ "connect EADDRNOTAVAIL": requests.failed });
});

test("without Go the Go client ends with exit code 3 and says how to get it", async () => {
  const cwd = withoutGo();
  const ran = await runBench(["run", "close-vs-keepalive", "--client", "go"], { cwd, env: { PATH: cwd } });
  expect(ran.exitCode).toBe(3);
  expect(ran.stderr).toMatch(
    /^error: the Go toolchain was not found\nhint: Install Go 1\.19 or newer .*--client undici/mu,
  );
});
