import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type BenchRun, DIST, ROOT, runProgram } from "../support/bench.js";
import { temporaryFolder } from "../support/temporary.js";

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  env?: Record<string, string>;
}

const WORKFLOW = readFileSync(join(ROOT, ".github/workflows/churn.yml"), "utf8");
const { steps } = (parse(WORKFLOW) as { jobs: { churn: { steps: Step[] } } }).jobs.churn;

function runOf(name: string): string {
  const found = steps.find((one) => one.name === name)?.run;
  if (found === undefined) throw new Error(`the workflow has no step ${name}`);
  return found;
}

/** A checkout after `npm ci`, on a runner. */
function checkout(): string {
  const folder = temporaryFolder();
  for (const path of ["test/fixtures/service", "scenarios", ".ci", "results/baseline.json"])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(DIST.replace(/\/$/u, ""), join(folder, "dist"));
  writeFileSync(join(folder, "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${DIST}cli.js" "$@"\n`, {
    mode: 0o755,
  });
  return folder;
}

function step(cwd: string, command: string, env: Record<string, string> = {}): Promise<BenchRun> {
  const path = `${cwd}:${process.env["PATH"]}`;
  return runProgram("bash", ["-e", "-c", command], {
    cwd,
    env: { PATH: path, GITHUB_STEP_SUMMARY: join(cwd, "summary.md"), ...env },
    timeoutMs: 100_000,
  });
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** What a trial shows by its connections, others show again. */
function onceEach(command: string): string {
  expect(command).toContain("--trials 3");
  return command.replace("--trials 3", "--trials 1");
}

describe("the example of a workflow", () => {
  test("pins actions by commit, and permits namespaces before anything is measured", () => {
    const uses = steps.flatMap((one) => one.uses ?? []);
    expect(uses.length).toBeGreaterThan(2);
    for (const action of uses) expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/u);
    const permits = steps.findIndex((one) => one.run?.includes("apparmor_restrict_unprivileged_userns=0"));
    expect(permits).toBeGreaterThan(0);
    expect(steps.findIndex((one) => one.run?.includes("bench run"))).toBeGreaterThan(permits);
    // Nothing of the pull request's own text is pasted into a shell.
    for (const one of steps) expect(one.run ?? "").not.toContain("${{");
  });

  test("is green for the service as it is, with a report for JUnit and a summary", async () => {
    const cwd = checkout();
    expect(await step(cwd, onceEach(runOf("Measure")))).toMatchObject({ exitCode: 0 });
    const compared = await step(cwd, runOf("Compare with the baseline"));
    expect(compared).toMatchObject({ exitCode: 0, stderr: "" });
    expect(readFileSync(join(cwd, "results/churn.xml"), "utf8")).toMatch(/<testsuite name="[^"]* gates" tests="10"/u);
    expect(readFileSync(join(cwd, "summary.md"), "utf8")).toMatch(/^### ✅ holds: all 10 gates/u);
  });

  test("is red when the service closes its connections, and says so first", async () => {
    const cwd = checkout();
    edit(join(cwd, "test/fixtures/service/server.js"), '"Content-Type"', 'Connection: "close", "Content-Type"');
    await step(cwd, onceEach(runOf("Measure")));
    expect((await step(cwd, runOf("Compare with the baseline"))).exitCode).toBe(1);
    expect(readFileSync(join(cwd, "results/churn.xml"), "utf8")).toMatch(/<failure message="breaks: opens 1\.00/u);
    expect(readFileSync(join(cwd, "summary.md"), "utf8")).toMatch(
      /^### ❌ worse: opens 1\.00 connections per request/u,
    );
  });

  test("holds a pull request against its base, both measured in turns", async () => {
    const cwd = checkout();
    const git = (...args: string[]): void =>
      void execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@example.org", ...args], { cwd });
    writeFileSync(join(cwd, ".gitignore"), "npx\ndist\nresults\nsummary.md\n");
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "base");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    edit(join(cwd, "test/fixtures/service/server.js"), '"Content-Type"', 'Connection: "close", "Content-Type"');
    git("commit", "--quiet", "--all", "--message", "head");
    const command = runOf("Compare with the base of the pull request");
    expect(command).toContain("--trials 10");
    const ended = await step(cwd, command.replace("--trials 10", "--trials 1"), { BASE: "main" });
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(/^worse: opens 1\.00 connections per request/mu);
    expect(ended.stdout).toMatch(/base origin\/main \([0-9a-f]{10}\)/u);
  });
});

describe("this project's own gate", () => {
  const gate = runOf("Compare this project's own scenario with its baseline");
  /** `.ci/run` runs it as it stands. */
  const shortened = (cwd: string): void => edit(join(cwd, ".ci/churn"), "--duration 2s --trials 2", "--duration 500ms");

  test("is green on any machine that keeps connections as the baseline does", async () => {
    const cwd = checkout();
    shortened(cwd);
    // Timing of another machine, ten times as quick, is nobody's fault here.
    edit(join(cwd, "results/baseline.json"), '"cpu": "', '"cpu": "another ');
    const baseline = readFileSync(join(cwd, "results/baseline.json"), "utf8");
    writeFileSync(
      join(cwd, "results/baseline.json"),
      baseline.replaceAll(/"perSec": (\d+)/gu, (_, perSec: string) => `"perSec": ${Number(perSec) * 10}`),
    );
    const ended = await step(cwd, gate);
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toMatch(/^holds: all 10 gates/mu);
    expect(ended.stdout).toMatch(/timing is advice only/u);
    expect(existsSync(join(cwd, "results/close-vs-keepalive"))).toBe(false);
  });

  test("is red when keep-alive is lost", async () => {
    const cwd = checkout();
    shortened(cwd);
    const scenario = join(cwd, "scenarios/close-vs-keepalive.yaml");
    edit(
      scenario,
      "keep-alive: { load: {",
      "keep-alive: { server: { kind: command, command: exec node s.cjs }, load: {",
    );
    writeFileSync(
      join(cwd, "scenarios/s.cjs"),
      'require("node:http").createServer((_, r) => r.setHeader("Connection", "close").end("hi")).listen(8080)',
    );
    const ended = await step(cwd, gate);
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(/^worse: opens 1\.00 connections per request, base 0\.00\d+\s+\(keep-alive\)/mu);
  });
});
