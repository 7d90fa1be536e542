import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Comparison } from "../../src/compare/types.js";
import type { RunResult } from "../../src/result/types.js";
import { type BenchRun, runBench, startBench, type StartOptions } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** Keeps its connections, or closes each after one answer. */
const SERVER = `
const [port, mode] = process.argv.slice(2);
require("node:http").createServer((_, response) => {
  if (mode === "closes") response.setHeader("Connection", "close");
  response.end("hi");
}).listen(port);
`;
const KEEPS = "exec node server.cjs {port}";
const CLOSES = "exec node server.cjs {port} closes";

const SCENARIO = {
  title: "a service",
  server: { kind: "command", command: KEEPS, port: 8080, readyTimeout: "5s" },
  load: { connections: 3, requests: 60, duration: "5s" },
  variants: { slow: { load: { connections: 2 } }, quick: {} },
  gates: ["connections.requestsPer >= 0.9 * base"],
  expect: ["slow.requests.failed == 0", "quick.connections.opened < 2 * slow.connections.opened"],
};

function service(changes: Record<string, unknown> = {}): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "server.cjs"), SERVER);
  writeFileSync(join(cwd, "service.yaml"), JSON.stringify({ ...SCENARIO, ...changes }));
  return cwd;
}

async function run(cwd: string, args: readonly string[], options: StartOptions = {}): Promise<BenchRun> {
  const ended = await runBench(["run", "service.yaml", "-o", "r.json", ...args], {
    ...options,
    cwd,
    env: { GITHUB_STEP_SUMMARY: undefined, ...options.env },
  });
  expect(leftovers(ended.mark)).toEqual([]);
  return ended;
}

const saved = (cwd: string): RunResult => JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;

test("two commands take turns, and a head that closes each connection breaks the gate: exit code 1", async () => {
  const cwd = service();
  const sides = ["--base", KEEPS, "--head", CLOSES, "--trials", "3"];
  const ended = await run(cwd, [...sides, "-q"], { env: { GITHUB_STEP_SUMMARY: "summary.md" } });
  expect(ended).toMatchObject({ exitCode: 1, stderr: "" });
  expect(ended.stdout).toMatch(/^worse: opens 1\.00 connections per request, base 0\.0[35]/mu);
  expect(ended.stdout).toContain(`base ${KEEPS} · head ${CLOSES}`);
  expect(readFileSync(join(cwd, "summary.md"), "utf8")).toMatch(/^### ❌ worse: opens 1\.00/u);

  const { scenario, variants, expectations } = saved(cwd);
  expect(scenario.variants.map(({ name }) => name)).toEqual(["slow-base", "slow-head", "quick-base", "quick-head"]);
  expect(scenario.sides).toEqual({ base: { label: KEEPS, commit: null }, head: { label: CLOSES, commit: null } });
  // Base head, head base, base head: over every two trials each side has stood as early as the other.
  const orders = ["slow-base", "slow-head"].map((name) => variants[name]!.trials.map(({ order }) => order));
  expect(orders).toEqual([
    [0, 7, 8],
    [1, 6, 9],
  ]);
  expect(expectations.map(({ text }) => text)).toEqual([
    "slow-head.requests.failed == 0",
    "quick-head.connections.opened < 2 * slow-head.connections.opened",
  ]);
  // What was saved can be judged again, and says the same.
  const again = await runBench(["compare", "--sides", "base,head", "r.json"], { cwd });
  expect(again.exitCode).toBe(1);
  expect(ended.stdout.endsWith(again.stdout)).toBe(true);
});

test("the same command on both sides is no difference: exit code 0, and as JSON the comparison is in the document", async () => {
  const cwd = service();
  const ended = await run(cwd, ["--base", KEEPS, "--head", KEEPS, "--only", "slow", "--format", "json", "-q"]);
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
  const sides = ["--base", command("pool"), "--head", command("none"), "-q"];
  const ended = await run(cwd, sides);
  expect(ended).toMatchObject({ exitCode: 1, stderr: "" });
  expect(ended.stdout).toMatch(
    /^worse: server opens 1\.00 connections per request to backend, base 0 \(chain\.second\); the gate/mu,
  );
  expect(saved(cwd).expectations.every(({ holds }) => holds)).toBe(true);
  expect(saved(cwd).scenario.variants.map(({ name }) => name)).toEqual(["chain-base", "chain-head"]);
  const again = await runBench(["compare", "--sides", "base,head", "r.json"], { cwd });
  expect(ended.stdout.endsWith(again.stdout)).toBe(true);

  writeFileSync(join(cwd, "g.yaml"), "- chain.first.links.server.backend.perRequest >= 0.9\n");
  const other = await runBench(["compare", "--sides", "base,head", "r.json", "--gates", "g.yaml"], { cwd });
  expect(other).toMatchObject({ exitCode: 0, stderr: "" });
  const same = await run(cwd, ["--base", command("pool"), "--head", command("pool"), "-q"]);
  expect(same).toMatchObject({ exitCode: 0, stderr: "" });
  expect(same.stdout).toMatch(/^holds: all 3 gates/mu);
});

test("gates of a file come in place of the scenario's, and what is unclear ends with 4 when that is asked for", async () => {
  const cwd = service();
  writeFileSync(join(cwd, "timing.yaml"), "- quick.latencyUs.p99 not worse\n");
  const args = ["--base", KEEPS, "--head", CLOSES, "--gates", "timing.yaml", "-q"];
  const lenient = await run(cwd, args);
  expect(lenient.exitCode).toBe(0);
  expect(lenient.stdout).toMatch(/^unclear: quick\.latencyUs\.p99 not worse cannot be told/mu);
  expect((await run(cwd, [...args, "--strict"])).exitCode).toBe(4);
});

test("a scenario without a server of its own takes the commands, and one with the embedded server too", async () => {
  const cwd = service({ server: { port: 8080 }, expect: [] });
  expect((await run(cwd, ["--base", KEEPS, "--head", KEEPS, "-q"])).exitCode).toBe(0);
  writeFileSync(join(cwd, "service.yaml"), JSON.stringify({ ...SCENARIO, server: { kind: "command", port: 8080 } }));
  expect((await run(cwd, ["--base", KEEPS, "--head", KEEPS, "-q"])).exitCode).toBe(0);
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
  expect((await runBench(["compare", "--sides", "base,head", "r.json"], { cwd })).exitCode).toBe(2);
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
  const ended = await run(cwd, ["--base", KEEPS, "--head", KEEPS]);
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr).toMatch(/^error: the gate `pace\.unsent == 0` cannot be judged: [^]*^hint: /mu);
  expect(ended.stdout).toContain("slow-base");
  expect(saved(cwd).status).toBe("complete");
});

test.each([
  [["--base", KEEPS], /--base needs the other side/u],
  [["--head", KEEPS], /--head needs the other side/u],
  [["--base", KEEPS, "--head", KEEPS, "--base-ref", "main"], /not both/u],
  [["--head-ref", "main"], /--head-ref needs a base/u],
  [["--build", "make"], /--build needs a base/u],
  [["--strict"], /--strict is about two sides/u],
  [["--gates", "g.yaml"], /--gates is about two sides/u],
  [["--base", "", "--head", KEEPS], /--base/u],
  [["--base", KEEPS, "--head", KEEPS, "--trials", "0"], /--trials takes a whole number/u],
  [["--base", KEEPS, "--head", KEEPS, "--gates", "missing.yaml"], /no file missing\.yaml/u],
  [["--base", KEEPS, "--head", KEEPS, "--gates", "typo.yaml"], /typo\.yaml:1:3: [^]*no variant `slwo`/u],
  [["--base", KEEPS, "--head", KEEPS, "--save-baseline", "b.json"], /a baseline is of one side/u],
  [["--base-ref", "main"], /is in no git repository/u],
  [["--base-ref", "main", "--server", "node"], /starts no program of yours \(server\.kind is node\)/u],
] as const)("bench run %j: a sentence, a hint, exit code 2, and nothing is written", async (args, sentence) => {
  const cwd = service();
  writeFileSync(join(cwd, "typo.yaml"), "- slwo.latencyUs.p99 not worse\n");
  const ended = await run(cwd, args);
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toMatch(/^error: /mu);
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr).toMatch(/^hint: /mu);
  expect(existsSync(join(cwd, "r.json"))).toBe(false);
});

interface Repository {
  cwd: string;
  git(...args: string[]): string;
  /** What must be as before, whatever happened. */
  state(): string;
  /** Where the run puts what is temporary. */
  around: { env: { TMPDIR: string } };
  rooms(): string[];
}

/** A repository whose main keeps connections and whose HEAD closes each; the program is made by a build. */
function repository(folder = ""): Repository {
  const root = temporaryFolder();
  const cwd = join(root, folder);
  mkdirSync(cwd, { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@example.org", ...args], { cwd, encoding: "utf8" });
  git("init", "--quiet", "--initial-branch", "main", root);
  const commit = (command: string): void => {
    writeFileSync(join(cwd, "mode"), command);
    git("add", "--all");
    git("commit", "--quiet", "--message", command);
  };
  writeFileSync(join(cwd, "source.cjs"), SERVER);
  writeFileSync(join(cwd, ".gitignore"), "server.cjs\nr.json\n");
  writeFileSync(
    join(cwd, "service.yaml"),
    JSON.stringify({
      ...SCENARIO,
      server: { ...SCENARIO.server, command: `exec node server.cjs {port} "$(cat mode)"` },
    }),
  );
  commit("keeps");
  git("checkout", "--quiet", "-b", "feature");
  commit("closes");
  const temporary = temporaryFolder();
  chmodSync(temporary, 0o700);
  const rooms = (): string[] => readdirSync(temporary);
  return {
    cwd,
    git,
    around: { env: { TMPDIR: temporary } },
    rooms,
    state: () => git("worktree", "list") + git("branch", "--list") + git("status", "--porcelain"),
  };
}

const BUILD = "cp source.cjs server.cjs";

test.each(["", "packages/the api"])(
  "two revisions are built and measured outside of the repository (%j), and nothing is left of them",
  async (folder) => {
    const { cwd, git, state, around, rooms } = repository(folder);
    const before = state();
    const ended = await run(cwd, ["--base-ref", "main", "--build", BUILD, "--trials", "1", "--only", "slow"], around);
    expect(ended.stderr).not.toMatch(/^error/mu);
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(/^worse: opens 1\.00 connections per request/mu);
    const { sides } = saved(cwd).scenario;
    expect(sides!.base.commit).toBe(git("rev-parse", "main").trim());
    expect(sides!.head.label).toMatch(/^HEAD \([0-9a-f]{10}\)$/u);
    expect(state()).toBe(before);
    expect(rooms()).toEqual([]);
    // A/A by revision, and head named.
    const same = await run(cwd, ["--base-ref", "main", "--head-ref", "main", "--build", BUILD, "-q"], around);
    expect(same).toMatchObject({ exitCode: 0, stderr: "" });
  },
);

test("what is not committed is not measured, and that is said", async () => {
  const { cwd, around } = repository();
  writeFileSync(join(cwd, "mode"), "keeps");
  const ended = await run(cwd, ["--base-ref", "main", "--build", BUILD, "--only", "slow"], around);
  expect(ended.stderr).toMatch(/changes that are not committed are not in it/u);
  expect(ended.exitCode).toBe(1);
});

test("a build that fails is told with its side and its last words: exit code 3, nothing measured, nothing left", async () => {
  const { cwd, state, around, rooms } = repository();
  const before = state();
  const build = "cat mode; echo; test $(cat mode) = keeps";
  const ended = await run(cwd, ["--base-ref", "main", "--build", build], around);
  expect(ended).toMatchObject({ exitCode: 3, stdout: "" });
  expect(ended.stderr).toMatch(/^error: the build of head \(HEAD\) failed \(exit code 1\)[^]*\| closes/mu);
  expect(existsSync(join(cwd, "r.json"))).toBe(false);
  expect(state()).toBe(before);
  expect(rooms()).toEqual([]);
});

test.each([
  ["during the build", ["--build", "echo building; sleep 60"]],
  ["during the load", ["--build", BUILD, "--duration", "30s", "--set", "load.requests=null"]],
] as const)("Ctrl-C %s leaves no worktree, no folder and no process: exit code 130", async (when, args) => {
  const { cwd, state, around, rooms } = repository();
  const before = state();
  const running = startBench(["run", "service.yaml", "-o", "r.json", "--base-ref", "main", ...args], {
    cwd,
    ...around,
  });
  if (when === "during the build")
    await vi.waitFor(() => expect(leftovers(running.mark).map(({ command }) => command)).toContain("sleep 60"), {
      timeout: 10_000,
    });
  else {
    await vi.waitFor(() => expect(leftovers(running.mark).length).toBeGreaterThan(6), { timeout: 15_000 });
    await new Promise((resolve) => setTimeout(resolve, 800));
  }
  running.kill("SIGINT");
  const ended = await running.finished;
  expect(ended.exitCode).toBe(130);
  expect(leftovers(ended.mark)).toEqual([]);
  expect(state()).toBe(before);
  expect(rooms()).toEqual([]);
});

test("what a killed run left is taken away by the next", async () => {
  const { cwd, state, around, rooms } = repository();
  const before = state();
  const args = ["run", "service.yaml", "-o", "r.json", "--base-ref", "main", "--build"];
  const running = startBench([...args, "sleep 60"], { cwd, ...around });
  await vi.waitFor(() => expect(rooms()).toHaveLength(1), { timeout: 10_000 });
  await vi.waitFor(() => expect(leftovers(running.mark).map(({ command }) => command)).toContain("sleep 60"));
  running.kill("SIGKILL");
  await running.finished;
  for (const { pid } of leftovers(running.mark)) process.kill(pid, "SIGKILL");
  expect(state()).not.toBe(before);
  expect((await run(cwd, ["--base-ref", "main", "--head-ref", "main", "--build", BUILD], around)).exitCode).toBe(0);
  expect(state()).toBe(before);
  expect(rooms()).toEqual([]);
});

test.each([
  [["--base-ref", "no-such-branch"], /there is no revision no-such-branch [^]*fetch-depth: 0/u],
  [["--base-ref", "main", "--head-ref=--help"], /there is no revision --help/u],
  [["--base-ref", ""], /there is no revision/u],
] as const)("bench run %j: a sentence, a hint, exit code 2, nothing left", async (args, sentence) => {
  const { cwd, state, around, rooms } = repository();
  const before = state();
  const ended = await run(cwd, args, around);
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr).toMatch(/^hint: /mu);
  expect(state()).toBe(before);
  expect(rooms()).toEqual([]);
});

test("two revisions are compared by the load that is a step", async () => {
  const { cwd, state, around, rooms } = repository();
  const before = state();
  const set = ["--set", "phases.look.do=read", "--set", "phases.run.do=load"];
  const ended = await run(cwd, ["--base-ref", "main", "--build", BUILD, "--only", "slow", "-q", ...set], around);
  expect(ended).toMatchObject({ exitCode: 1, stderr: "" });
  expect(ended.stdout).toMatch(/^worse: opens 1\.00 connections per request, base 0\.03/mu);
  expect(state()).toBe(before);
  expect(rooms()).toEqual([]);
});

test("steps without a load are refused before anything is laid out or built: exit code 2, nothing left", async () => {
  const { cwd, state, around, rooms } = repository();
  const before = state();
  const set = ["--set", "phases.look.do=read"];
  const ended = await run(cwd, ["--base-ref", "main", "--build", BUILD, ...set], around);
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toMatch(/^error: service has no step that makes a load \(slow\)/mu);
  expect(state()).toBe(before);
  expect(rooms()).toEqual([]);
});

test("a folder that one revision does not have, and a machine without git, are told: exit code 2", async () => {
  const { cwd, git, around, rooms } = repository();
  const later = join(cwd, "later");
  mkdirSync(later);
  for (const file of ["service.yaml", "source.cjs", "mode"])
    writeFileSync(join(later, file), readFileSync(join(cwd, file)));
  git("add", "--all");
  git("commit", "--quiet", "--message", "later");
  const ended = await run(later, ["--base-ref", "main", "--build", BUILD], around);
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr).toMatch(/^error: there is no folder later\/ in main/mu);
  expect(rooms()).toEqual([]);
  const without = await run(cwd, ["--base-ref", "main"], { env: { ...around.env, PATH: "/nonexistent" } });
  expect(without.exitCode).toBe(2);
  expect(without.stderr).toMatch(/^error: git could not be run \(ENOENT\)/mu);
});

test("a repository that git does not trust is told with the command that mends it", async () => {
  const { cwd, around, rooms } = repository();
  // What git's own tests use for the same.
  const foreign = { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const ended = await run(cwd, ["--base-ref", "main"], { env: { ...around.env, ...foreign } });
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr).toMatch(/^error: git does not trust the repository \/.*, because it belongs to another user$/mu);
  expect(ended.stderr).toContain(`git config --global --add safe.directory '${cwd}'`);
  expect(rooms()).toEqual([]);
});

test("a git that is too old, and a place where no folder can be made, are told", async () => {
  const { cwd, around } = repository();
  const bin = temporaryFolder();
  chmodSync(bin, 0o700);
  writeFileSync(join(bin, "git"), "#!/bin/sh\necho git version 2.20.1\n", { mode: 0o755 });
  const old = await run(cwd, ["--base-ref", "main"], { env: { ...around.env, PATH: bin } });
  expect(old).toMatchObject({ exitCode: 2 });
  expect(old.stderr).toMatch(/^error: git 2\.20\.1 is too old$/mu);
  const nowhere = await run(cwd, ["--base-ref", "main"], { env: { TMPDIR: join(bin, "git") } });
  expect(nowhere).toMatchObject({ exitCode: 2 });
  expect(nowhere.stderr).toMatch(/^error: no folder for the revisions can be made in /mu);
});

test("a program that git ignores is missing without --build, and the hint says so", async () => {
  const { cwd, around } = repository();
  writeFileSync(join(cwd, "server.cjs"), SERVER);
  const ended = await run(cwd, ["--base-ref", "main", "--only", "slow", "-q"], around);
  expect(ended.exitCode).toBe(3);
  expect(ended.stderr).toMatch(/^hint: Neither revision has what git ignores \(server\.cjs.*\)\. Make it: --build/mu);
});
