import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { decode } from "../../src/stats/histogram.js";
import { runBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";
import { machineState, ownTimeWait } from "./machine.js";

const ESCAPE = "\u001b";
const SHORT = ["--duration", "2s"];

function onlyResult(folder: string, scenario: string): RunResult {
  const files = readdirSync(join(folder, "results", scenario));
  expect(files).toHaveLength(1);
  return JSON.parse(readFileSync(join(folder, "results", scenario, files[0]!), "utf8")) as RunResult;
}

/** The figures of a row of the report's table, one a variant. */
function row(report: string, label: string): string[] {
  const line = report.split("\n").find((candidate) => candidate.trimStart().startsWith(label));
  return (
    line
      ?.trim()
      .slice(label.length)
      .trim()
      .split(/\s{2,}/u) ?? []
  );
}

test("close fills the server with TIME_WAIT, keep-alive next to none; file and screen agree; nothing stays behind", async () => {
  const cwd = temporaryFolder();
  const before = machineState();
  const ownBefore = ownTimeWait();
  const run = await runBench(["run", "close-vs-keepalive", ...SHORT], { cwd });
  expect(machineState()).toEqual(before);
  expect(leftovers(run.mark)).toEqual([]);

  const result = onlyResult(cwd, "close-vs-keepalive");
  expect(result.status).toBe("complete");
  const [close, keepAlive] = [result.variants["close"]!.median!, result.variants["keep-alive"]!.median!];
  expect(close.timeWait!.server!.created).toBe(close.connections.opened);
  expect(close.timeWait!.server!.peak).toBeGreaterThan(100);
  expect(close.timeWait!.client.created).toBe(0);
  // Other programs of this machine come and go, but not by the hundred.
  expect(Math.abs(ownTimeWait() - ownBefore)).toBeLessThan(close.timeWait!.server!.created / 2);
  expect(keepAlive.timeWait!.server!.created).toBe(0);
  expect(keepAlive.timeWait!.client.created).toBe(50);
  for (const { books, requests } of Object.values(result.variants).flatMap(({ trials }) => trials)) {
    expect(books.filter(({ balanced }) => !balanced)).toEqual([]);
    expect(requests.sent).toBe(requests.succeeded! + requests.failed!);
  }

  const figures = (values: number[]): string[] => values.map((value) => value.toLocaleString("en-US"));
  expect(row(run.stdout, "TIME_WAIT server created")).toEqual(
    figures([close.timeWait!.server!.created, keepAlive.timeWait!.server!.created]),
  );
  expect(row(run.stdout, "Connections opened")).toEqual(figures([close.connections.opened, 50]));
  expect(run.stdout).toContain("The server holds TIME_WAIT");
  // No terminal: neither colour nor animation, and the report alone on stdout.
  expect(run.stdout + run.stderr).not.toContain(ESCAPE);
  expect(run.stdout).not.toContain("result:");
  expect(run.stderr).toMatch(/^close .*TIME_WAIT.*\nkeep-alive .*\nresult: /u);

  // A slow machine may miss an expectation; then the exit code says so.
  expect(run.exitCode).toBe(result.expectations.every(({ holds }) => holds) ? 0 : 1);
  const again = await runBench(
    ["report", join("results", "close-vs-keepalive", readdirSync(join(cwd, "results/close-vs-keepalive"))[0]!)],
    { cwd },
  );
  expect(again.stdout).toBe(run.stdout);
});

test("the result holds all that the contract names", async () => {
  const cwd = temporaryFolder();
  const run = await runBench(
    ["run", "close-vs-keepalive", "--duration", "500ms", "--trials", "2", "--format", "json", "-q", "-o", "r.json"],
    { cwd },
  );
  expect(run.stderr).toBe("");
  const result = JSON.parse(run.stdout) as RunResult;
  expect(JSON.parse(readFileSync(join(cwd, "r.json"), "utf8"))).toEqual(result);

  expect(result).toMatchObject({ schemaVersion: 2, status: "complete", scenario: { name: "close-vs-keepalive" } });
  expect(result.environment).toMatchObject({
    isolation: "namespace",
    node: process.version,
    tools: { [result.scenario.variants[0]!.load.client]: expect.any(String) as string },
  });
  expect(result.environment.sysctls.server).toMatchObject({ "net.ipv4.tcp_tw_reuse": "0" });
  expect(result.elapsedMs).toBeGreaterThanOrEqual(4 * 500);
  // Every second round runs backwards.
  expect(result.variants["close"]!.trials.map(({ order }) => order)).toEqual([0, 3]);
  expect(result.variants["keep-alive"]!.trials.map(({ order }) => order)).toEqual([1, 2]);
  for (const trial of result.variants["close"]!.trials) {
    const histogram = decode(trial.histograms.latencyUs!);
    expect(histogram.totalCount).toBe(trial.requests.succeeded);
    expect(histogram.getValueAtPercentile(50)).toBe(trial.latencyUs!.p50);
    expect(decode(trial.histograms.connectUs!).totalCount).toBe(trial.connections.opened);
    const { server, load } = trial.timeline;
    for (const column of [server!.time_wait, server!.established, server!.costUs])
      expect(column).toHaveLength(server!.atMs.length);
    for (const column of [server!.table.time_wait, server!.table.fin_wait2])
      expect(column).toHaveLength(server!.table.atMs.length);
    expect(load.perSec).toHaveLength(load.atMs.length);
    expect(Math.max(...server!.time_wait, trial.timeWait!.server!.end)).toBe(trial.timeWait!.server!.peak);
    expect(trial.cpu.client!.userMs + trial.cpu.client!.systemMs).toBeGreaterThan(0);
    expect(trial.cpu.server!.userMs + trial.cpu.server!.systemMs).toBeGreaterThan(0);
    for (const { waitMs } of [trial.cpu.client!, trial.cpu.server!]) expect(waitMs).toBeGreaterThan(0);
  }
});

test("23 closes give 23, through the command line as well", async () => {
  const cwd = temporaryFolder();
  const run = await runBench(["run", "who-closes"], { cwd });
  expect(run.stderr).not.toContain("error");
  expect(run.stdout.match(/holds: /gu)).toHaveLength(6);
  expect(run.exitCode).toBe(0);
});

test("an expectation that does not hold ends in exit code 1, with the measured value beside it", async () => {
  const cwd = temporaryFolder();
  const run = await runBench(["run", "who-closes", "--set", "load.requests=5"], { cwd });
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(/FAILS?: server-closes\.timeWait\.server\.created == 23 \(measured 5\)/u);
});

test("several scenarios in one run give one document with each, in order", async () => {
  const cwd = temporaryFolder();
  const run = await runBench(
    ["run", "who-closes", "close-vs-keepalive", "--set", "load.requests=23", "--format", "json", "-q"],
    { cwd },
  );
  const set = JSON.parse(run.stdout) as { schemaVersion: number; results: RunResult[] };
  expect(set.results.map(({ scenario }) => scenario.name)).toEqual(["who-closes", "close-vs-keepalive"]);
});

test("over ten thousand addresses no connection opens an old TIME_WAIT again", async () => {
  const cwd = temporaryFolder();
  const small = ["--set", "load.requests=5000", "--set", "lab.memory=100MB", "-q", "-o", "r.json"];
  await runBench(["run", "million-time-wait", ...small], { cwd });
  const { variants, status } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  expect(status).toBe("complete");
  expect(variants["fill"]!.median!.timeWait!.server).toEqual({ created: 5_000, peak: 5_000, end: 5_000 });
});

test("a scenario that needs more memory than there is does not even start", async () => {
  const run = await runBench(["run", "million-time-wait", "--set", "lab.memory=999999GB"], { cwd: temporaryFolder() });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(
    /^error: the scenario needs 999999000 MB of free memory, and \d+ MB are available\nhint: /u,
  );
});
