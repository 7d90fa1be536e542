import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { RunResult, Trial } from "../../src/result/types.js";
import { startBench } from "../support/bench.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { skipUnlessInstalled } from "../support/skip.js";
import { temporaryFolder } from "../support/temporary.js";

/** Eight requests, a connection each, closed by the client; then a child that would stay, and an exit code of its own. */
const JOB = `
const { get, Agent } = require("node:http");
const agent = new Agent({ keepAlive: false });
const one = () => new Promise((done, fail) =>
  get(process.argv[2], { agent, headers: { Connection: "keep-alive" } }, (answer) => {
    answer.resume().on("close", done);
  }).on("error", fail));
(async () => {
  for (let at = 0; at < 8; at++) await one();
  console.log("did what it should");
  process.exitCode = Number(process.argv[3]);
})();
`;

function folder(scenario: object): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "job.cjs"), JOB);
  writeFileSync(join(cwd, "s.yaml"), JSON.stringify({ title: "programs", ...scenario }));
  return cwd;
}

const read = (cwd: string): RunResult => JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
const only = (result: RunResult, name: string): Trial => result.variants[name]!.trials[0]!;
const node = JSON.stringify(process.execPath);

test("one's own program is a client: what its connections did, its exit code, and nothing that only it can know", async () => {
  const cwd = folder({
    load: { client: "command", duration: "20s", connection: "keep-alive" },
    variants: {
      done: { load: { command: `${node} job.cjs {url} 0` } },
      failed: { load: { command: `sleep 600 & ${node} job.cjs {url} 4` } },
      endless: { load: { command: "sleep 600", duration: "300ms" } },
    },
    expect: ["done.connections.opened == 8", "done.timeWait.client.created == 8", "done.closedFirst == client"],
  });
  const run = await benchHere(["run", "s.yaml", "--trials", "1", "-q", "-o", "r.json"], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  const result = read(cwd);
  expect([run.exitCode, result.expectations.map(({ holds }) => holds)]).toEqual([0, [true, true, true]]);
  for (const name of ["done", "failed"]) {
    const { requests, connections, latencyUs, books, links } = only(result, name);
    expect(requests).toEqual({ sent: null, succeeded: null, failed: null, perSec: null, served: 8 });
    expect([connections.opened, latencyUs, links!["client"]!["server"]!.opened]).toEqual([8, null, 8]);
    expect(books.filter(({ balanced }) => !balanced)).toEqual([]);
  }
  expect(only(result, "done").program).toMatchObject({ exitCode: 0, stopped: null });
  expect(only(result, "failed").program).toMatchObject({ exitCode: 4, stopped: null });
  expect(only(result, "endless").program).toMatchObject({ exitCode: null, stopped: "time" });
  const told = result.findings.map(({ variant, code }) => `${variant}: ${code}`);
  expect(told).toEqual(expect.arrayContaining(["failed: command-failed", "done: program-connections"]));
  expect(told).not.toContain("done: command-failed");
  expect(told).not.toContain("endless: command-failed");
  expect(run.stdout).toContain("the program on client exited with 4; it said: did what it should");
  expect(run.stdout).toContain(
    "done: Your program opened 8 connections for 8 requests, and closed first on all of them",
  );
});

test("wrk and ab say what they did, and the server counted it too", async (context) => {
  skipUnlessInstalled(context, "wrk", "ab");
  const cwd = folder({
    load: { connections: 3, duration: "1s", connection: "keep-alive" },
    variants: { wrk: { load: { client: "wrk" } }, ab: { load: { client: "ab" } } },
  });
  const run = await benchHere(["run", "s.yaml", "--trials", "1", "-q", "-o", "r.json"], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  expect(run.exitCode).toBe(0);
  for (const tool of ["wrk", "ab"]) {
    const { claims, requests, connections } = only(read(cwd), tool);
    expect(claims).toMatchObject({ tool: expect.stringMatching(new RegExp(`^${tool} \\d`, "u")) as string, failed: 0 });
    // What was under way when time was over is the server's alone; wrk asks once before it begins (wrk.c).
    expect(claims!.requests).toBeGreaterThan(0);
    expect(requests.served! - claims!.requests!).toBeGreaterThanOrEqual(0);
    expect(requests.served! - claims!.requests!).toBeLessThanOrEqual(4);
    expect(connections.opened).toBe(tool === "wrk" ? 4 : 3);
    // It stands in the report beside what was counted.
    expect(run.stdout.replaceAll(/\s+/gu, " ")).toContain(
      `it says: ${claims!.requests!.toLocaleString("en")} requests, 0 failed,`,
    );
  }
});

test("an interrupted run ends its program, with all that it has started", async () => {
  const cwd = folder({
    load: { client: "command", command: "trap '' TERM; sleep 600 & sleep 601", duration: "60s" },
    variants: { only: {} },
  });
  const running = startBench(["run", "s.yaml", "-o", "r.json"], { cwd });
  const sleeps = (): number => leftovers(running.mark).filter(({ command }) => command.startsWith("sleep")).length;
  await vi.waitFor(() => expect(sleeps()).toBe(2), { timeout: 20_000 });
  running.kill("SIGINT");
  const ended = await running.finished;
  expect(ended.exitCode).toBe(130);
  expect(leftovers(running.mark)).toEqual([]);
  expect(read(cwd).status).toBe("interrupted");
});

test.each([
  ["a rate", { client: "wrk" }, ["--rate", "100"], /wrk cannot keep a rate/u],
  ["a tool that is not here", { client: "wrk" }, [], /wrk.* not found|wrk is not/u],
])("what a tool cannot do is refused before anything runs: %s", async (_what, load, args, sentence) => {
  const cwd = folder({ load: { duration: "1s", ...load }, variants: { only: {} } });
  const env = args.length > 0 ? {} : { PATH: cwd };
  const { exitCode, stderr } = await benchHere(["run", "s.yaml", "-q", "-o", "r.json", ...args], { cwd, env });
  expect(stderr).toMatch(sentence);
  expect(stderr).toMatch(/^hint: /mu);
  expect(exitCode).toBeGreaterThan(1);
});
