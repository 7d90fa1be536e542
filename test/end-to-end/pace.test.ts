import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { runBench } from "../support/bench.js";
import { temporaryFolder } from "../support/temporary.js";

/** Does nothing at all for a second, once, as a long collection of garbage or a lock would make it. */
const STALLING = `
const [port] = process.argv.slice(2).map(Number);
let stalled = false;
const server = require("node:http").createServer((_, response) => {
  response.end("hi");
  if (stalled) return;
  stalled = true;
  setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000), 800);
});
server.listen(port);
`;
/** Answers each request after 20 ms. */
const SLOW = `
const [port] = process.argv.slice(2).map(Number);
require("node:http").createServer((_, response) => setTimeout(() => response.end("hi"), 20)).listen(port);
`;
const STALL_US = 1_000_000;

async function runAgainst(server: string, load: object, args: readonly string[]): Promise<[RunResult, string]> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "server.cjs"), server);
  const scenario = {
    title: "a pace",
    server: { kind: "command", port: 8080, command: "exec node server.cjs {port}" },
    load: { client: "undici", ...load },
    variants: { only: {} },
  };
  writeFileSync(join(cwd, "pace.yaml"), JSON.stringify(scenario));
  const run = await runBench(["run", "pace.yaml", "--output", "r.json", ...args], { cwd });
  expect(run.exitCode).toBe(0);
  return [JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult, run.stdout];
}

test("a server that stalls for a second shows in the corrected latencies, and not in the uncorrected ones", async () => {
  const [result] = await runAgainst(STALLING, { connections: 1, duration: "3s" }, ["--rate", "600"]);
  const { requests, pace, latencyUs, uncorrectedLatencyUs } = result.variants["only"]!.median!;
  expect(requests.sent! + pace!.unsent).toBe(1800);
  expect(requests.failed).toBe(0);
  // On a busy machine a timer may be too late for the last few.
  expect(pace!.unsent).toBeLessThan(18);
  expect(latencyUs!.p999).toBeGreaterThan(0.9 * STALL_US);
  expect(latencyUs!.p90).toBeGreaterThan(0.3 * STALL_US);
  for (const part of ["p50", "p90", "p99"] as const) expect(uncorrectedLatencyUs![part]).toBeLessThan(0.3 * STALL_US);
  expect(result.warnings.map(({ code }) => code)).not.toContain("rate-not-kept");
});

test("a rate that cannot be kept is a warning with the rate that was", async () => {
  const [result, report] = await runAgainst(SLOW, { connections: 2, duration: "1s", rate: 1000 }, []);
  const { pace } = result.variants["only"]!.median!;
  expect(pace!.wantedPerSec).toBeCloseTo(1000, -2);
  // Each of the two connections can make no more than one request in 20 ms.
  expect(pace!.sentPerSec).toBeLessThan(110);
  expect(pace!.unsent).toBeGreaterThan(850);
  const warning = result.warnings.find(({ code }) => code === "rate-not-kept");
  expect(warning?.message).toContain(`${pace!.sentPerSec} a second were sent`);
  expect(report).toMatch(/Rate wanted \/ sent +\S/u);
  expect(report.replaceAll(/\s+/gu, " ")).toContain("all 2 connections were busy");
});
