import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { type BenchRun, runBench, startBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** Slow at first, as programs are until they are compiled and their caches filled. */
const COLD = `
let answered = 0;
require("node:http").createServer((_, response) => {
  if (++answered > 20) response.end("hi");
  else setTimeout(() => response.end("hi"), 500);
}).listen(process.argv[2]);
`;

async function run(args: readonly string[], cwd = temporaryFolder()): Promise<BenchRun & { result: RunResult }> {
  const ended = await runBench(["run", ...args, "-q", "-o", "r.json"], { cwd });
  return { ...ended, result: JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult };
}

test.each(["epoll", "undici"])("with %s nothing of the warm-up is in any figure, TIME_WAIT neither", async (client) => {
  const load = ["--set", "load.warmup=400ms", "--set", "load.requests=123", "--connections", "5"];
  const { result, stderr, stdout } = await run(["close-vs-keepalive", "--client", client, ...load]);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/after 400 ms of warm-up/u);
  expect(result.scenario.variants[0]!.load.warmupMs).toBe(400);
  const [close, keepAlive] = [result.variants["close"]!.trials[0]!, result.variants["keep-alive"]!.trials[0]!];
  for (const trial of [close, keepAlive]) {
    expect(trial.requests).toMatchObject({ sent: 123, succeeded: 123, failed: 0 });
    expect(trial.books.filter(({ balanced }) => !balanced)).toEqual([]);
    expect(trial.timeline.server!.time_wait[0]).toBeLessThanOrEqual(123);
  }
  expect(close.connections.opened).toBe(123);
  expect(close.timeWait!.server!.peak).toBe(123);
  expect(keepAlive.connections.opened).toBe(5);
  expect(keepAlive.timeWait!.server!.peak + keepAlive.timeWait!.client.peak).toBe(5);
  expect(result.warnings.map(({ code }) => code)).not.toContain("time-wait-before");
});

test.each(["epoll", "undici", "autocannon"])("with %s what is slow at first only is not measured", async (client) => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "server.cjs"), COLD);
  const scenario = {
    title: "cold",
    server: { kind: "command", command: "exec node server.cjs {port}", port: 8080 },
    load: { client, connections: 5, requests: 200, duration: "5s" },
    variants: { cold: {}, warm: { load: { warmup: "2200ms" } } },
  };
  writeFileSync(join(cwd, "cold.yaml"), JSON.stringify(scenario));
  const { cold, warm } = (await run(["cold.yaml"], cwd)).result.variants;
  expect(cold!.median!.latencyUs!.max).toBeGreaterThan(500_000);
  expect(warm!.median!.latencyUs!.max).toBeLessThan(450_000);
});

test("threads each warm up, and a rate is kept afterwards as without", async () => {
  const load = ["--rate", "500", "--duration", "1s", "--set", "load.warmup=300ms", "--set", "load.threads=2"];
  const { result } = await run(["close-vs-keepalive", "--only", "keep-alive", ...load]);
  const { requests, pace } = result.variants["keep-alive"]!.median!;
  expect(requests.sent! + pace!.unsent).toBe(500);
});

test("without a lab what the warm-up left stays, and is told", async () => {
  const load = ["--set", "load.warmup=300ms", "--set", "load.requests=20", "--only", "close", "--isolation", "none"];
  const { result } = await run(["close-vs-keepalive", ...load]);
  expect(result.warnings.map(({ code }) => code)).toContain("time-wait-before");
  expect(result.variants["close"]!.median!.timeWait!.server!.created).toBe(20);
});

test("Ctrl-C during the warm-up: exit code 130, and nothing left", async () => {
  const args = ["run", "close-vs-keepalive", "--set", "load.warmup=60s", "-o", "r.json"];
  const running = startBench(args, { cwd: temporaryFolder() });
  await vi.waitFor(() => expect(leftovers(running.mark).length).toBeGreaterThan(6), { timeout: 10_000 });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  running.kill("SIGINT");
  const ended = await running.finished;
  expect(ended.exitCode).toBe(130);
  expect(leftovers(ended.mark)).toEqual([]);
});

test("a server that dies in the warm-up: exit code 3", async () => {
  const cwd = temporaryFolder();
  const server = ["--set", "server.kind=command", "--set", "server.command=node server.cjs {port}"];
  writeFileSync(
    join(cwd, "server.cjs"),
    COLD.replace("if (++answered > 20)", "if (++answered > 40) process.exit(9); if (answered > 20)"),
  );
  const ended = await run(["close-vs-keepalive", ...server, "--set", "load.warmup=10s"], cwd);
  expect(ended.exitCode).toBe(3);
  expect(ended.stderr).toMatch(/^error: the server ended during the run \(exit code 9\)/u);
});
