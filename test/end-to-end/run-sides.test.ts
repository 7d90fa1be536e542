import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Comparison } from "../../src/compare/types.js";
import type { RunResult } from "../../src/result/types.js";
import { startBench } from "../support/bench.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { CLOSES, KEEPS, run, saved, SCENARIO, service } from "./service.js";

test("two commands take turns, and a head that closes each connection breaks the gate: exit code 1", async () => {
  const cwd = service();
  const sides = ["--base", KEEPS, "--head", CLOSES, "--trials", "2"];
  const ended = await run(cwd, [...sides, "-q"], { env: { GITHUB_STEP_SUMMARY: "summary.md" } });
  expect(ended).toMatchObject({ exitCode: 1, stderr: "" });
  expect(ended.stdout).toMatch(/^worse: opens 1\.00 connections per request, base 0\.0[35]/mu);
  expect(ended.stdout).toContain(`base ${KEEPS} · head ${CLOSES}`);
  expect(readFileSync(join(cwd, "summary.md"), "utf8")).toMatch(/^### ❌ worse: opens 1\.00/u);

  const { scenario, variants, expectations } = saved(cwd);
  expect(scenario.variants.map(({ name }) => name)).toEqual(["slow-base", "slow-head", "quick-base", "quick-head"]);
  expect(scenario.sides).toEqual({ base: { label: KEEPS, commit: null }, head: { label: CLOSES, commit: null } });
  // Base head, head base: over every two trials each side has stood as early as the other.
  const orders = ["slow-base", "slow-head"].map((name) => variants[name]!.trials.map(({ order }) => order));
  expect(orders).toEqual([
    [0, 7],
    [1, 6],
  ]);
  expect(expectations.map(({ text }) => text)).toEqual([
    "slow-head.requests.failed == 0",
    "quick-head.connections.opened < 2 * slow-head.connections.opened",
  ]);
  // What was saved can be judged again, and says the same.
  const again = await benchHere(["compare", "--sides", "base,head", "r.json"], { cwd });
  expect(again.exitCode).toBe(1);
  expect(ended.stdout.endsWith(again.stdout)).toBe(true);
});

test("the same command on both sides is no difference: exit code 0, and as JSON the comparison is in the document", async () => {
  const cwd = service();
  const sides = ["--base", KEEPS, "--head", KEEPS, "--only", "slow", "--trials", "1"];
  const ended = await run(cwd, [...sides, "--format", "json", "-q"]);
  expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
  const { comparison, ...result } = JSON.parse(ended.stdout) as RunResult & { comparison: Comparison };
  expect(result).toEqual(saved(cwd));
  expect(comparison).toMatchObject({ kind: "comparison", verdict: "same", pairing: "one-run" });
  expect(comparison.gates).toMatchObject([{ variant: "slow", outcome: "holds" }]);
});

/** Asks its backend for each request, on a connection that it keeps, or on a new one. */
const FRONT = `
const [port, backend, keepAlive] = process.argv.slice(2);
const http = require("node:http");
const agent = keepAlive === "pool" && new http.Agent({ keepAlive: true, maxSockets: 2 });
http.createServer((_, response) => {
  http.get({ host: backend, port: 9000, agent }, (answer) => answer.pipe(response));
}).listen(port);
`;

test("each load among the steps is compared by itself, with its links, and has gates of its own", async () => {
  const command = (how: string): string => `exec node front.cjs {port} {backend} ${how}`;
  const backend = { command: "exec node server.cjs {port} keeps", port: 9000 };
  const cwd = service({
    server: { kind: "command", command: command("pool"), port: 8080, readyTimeout: "5s" },
    lab: { topology: "hosts", hosts: { client: {}, server: {}, backend } },
    phases: {
      first: { do: "load", load: { requests: 40 } },
      look: { do: "read", on: "server" },
      second: { do: "load" },
    },
    variants: { chain: {} },
    gates: ["chain.second.links.server.backend.perRequest <= 2 * base", "requests.failed == 0"],
    expect: ["first.requests.failed == 0", "chain.second.connections.opened <= 3"],
  });
  writeFileSync(join(cwd, "front.cjs"), FRONT);
  const sides = ["--base", command("pool"), "--head", command("none"), "--trials", "1", "-q"];
  const ended = await run(cwd, sides);
  expect(ended).toMatchObject({ exitCode: 1, stderr: "" });
  expect(ended.stdout).toMatch(
    /^worse: server opens 1\.00 connections per request to backend, base 0 \(chain\.second\); the gate/mu,
  );
  expect(saved(cwd).expectations.every(({ holds }) => holds)).toBe(true);
  expect(saved(cwd).scenario.variants.map(({ name }) => name)).toEqual(["chain-base", "chain-head"]);
  const again = await benchHere(["compare", "--sides", "base,head", "r.json"], { cwd });
  expect(ended.stdout.endsWith(again.stdout)).toBe(true);

  writeFileSync(join(cwd, "g.yaml"), "- chain.first.links.server.backend.perRequest >= 0.9\n");
  const other = await benchHere(["compare", "--sides", "base,head", "r.json", "--gates", "g.yaml"], { cwd });
  expect(other).toMatchObject({ exitCode: 0, stderr: "" });
  const same = await run(cwd, ["--base", command("pool"), "--head", command("pool"), "--trials", "1", "-q"]);
  expect(same).toMatchObject({ exitCode: 0, stderr: "" });
  expect(same.stdout).toMatch(/^holds: all 3 gates/mu);
});

test("gates of a file come in place of the scenario's, and what is unclear ends with 4 when that is asked for", async () => {
  const cwd = service();
  writeFileSync(join(cwd, "timing.yaml"), "- quick.latencyUs.p99 not worse\n");
  const sides = ["--base", KEEPS, "--head", CLOSES, "--only", "quick", "--gates", "timing.yaml"];
  const strict = await run(cwd, [...sides, "--trials", "1", "--strict"]);
  expect(strict.exitCode).toBe(4);
  const lenient = await benchHere(["compare", "--sides", "base,head", "r.json", "--gates", "timing.yaml"], { cwd });
  expect(lenient.exitCode).toBe(0);
  for (const { stdout } of [strict, lenient])
    expect(stdout).toMatch(/^unclear: quick\.latencyUs\.p99 not worse cannot be told/mu);
});

test("a scenario without a server of its own takes the commands, and one with the embedded server too", async () => {
  const args = ["--base", KEEPS, "--head", KEEPS, "--only", "slow", "--trials", "1", "-q"];
  const cwd = service({ server: { port: 8080 }, expect: [] });
  expect((await run(cwd, args)).exitCode).toBe(0);
  const commandLess = { ...SCENARIO, server: { kind: "command", port: 8080 }, expect: [] };
  writeFileSync(join(cwd, "service.yaml"), JSON.stringify(commandLess));
  expect((await run(cwd, args)).exitCode).toBe(0);
});

test.each([
  ["base", ["--base", "exit 7", "--head", KEEPS], 0],
  ["head", ["--base", KEEPS, "--head", "echo no licence; exit 7"], 1],
] as const)("a server of %s that does not start is told with its side: exit code 3", async (side, args, measured) => {
  const cwd = service();
  const ended = await run(cwd, args);
  expect(ended.exitCode).toBe(3);
  expect(ended.stderr).toMatch(new RegExp(`^error: slow-${side}: the server ended before it was ready`, "mu"));
  expect(ended.stderr).toMatch(/^not compared: /mu);
  expect(ended.stdout).not.toMatch(/^worse|^same/mu);
  expect(saved(cwd)).toMatchObject({ status: "failed", error: { code: "server-died" } });
  expect(saved(cwd).variants["slow-base"]!.trials).toHaveLength(measured);
  expect((await benchHere(["compare", "--sides", "base,head", "r.json"], { cwd })).exitCode).toBe(2);
});

test("an interrupted run of two sides is saved, not compared, and ends with 130", async () => {
  const cwd = service({ load: { duration: "30s" } });
  const running = startBench(["run", "service.yaml", "-o", "r.json", "--base", KEEPS, "--head", KEEPS], { cwd });
  await vi.waitFor(() => expect(leftovers(running.mark).length).toBeGreaterThan(5), { timeout: 10_000 });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  running.kill("SIGINT");
  const ended = await running.finished;
  expect(ended.exitCode).toBe(130);
  expect(ended.stderr).toMatch(/^not compared: /mu);
  expect(saved(cwd).status).toBe("interrupted");
});

test("a gate about what was not measured: the report, a sentence, exit code 2, and the result is there", async () => {
  const cwd = service({ gates: ["pace.unsent == 0"] });
  const ended = await run(cwd, ["--base", KEEPS, "--head", KEEPS, "--only", "slow", "--trials", "1"]);
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr).toMatch(/^error: the gate `pace\.unsent == 0` cannot be judged: [^]*^hint: /mu);
  expect(ended.stdout).toContain("slow-base");
  expect(saved(cwd).status).toBe("complete");
});
