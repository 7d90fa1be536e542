import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { startBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";
import { run, saved, SCENARIO, SERVER } from "./service.js";

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
    const named = ["--base-ref", "main", "--head-ref", "main", "--build", BUILD];
    const same = await run(cwd, [...named, "--trials", "2", "--only", "slow", "-q"], around);
    expect(same).toMatchObject({ exitCode: 0, stderr: "" });
  },
);

test("what is not committed is not measured, and that is said", async () => {
  const { cwd, around } = repository();
  writeFileSync(join(cwd, "mode"), "keeps");
  const args = ["--base-ref", "main", "--build", BUILD, "--only", "slow", "--trials", "1"];
  const ended = await run(cwd, args, around);
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
  const next = ["--base-ref", "main", "--head-ref", "main", "--build", BUILD, "--only", "slow", "--trials", "1"];
  expect((await run(cwd, next, around)).exitCode).toBe(0);
  expect(state()).toBe(before);
  expect(rooms()).toEqual([]);
});

test.each([
  [
    ["--base-ref", "no-such-branch"],
    /there is no revision no-such-branch [^]*It has feature, main\.[^]*fetch-depth: 0/u,
  ],
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
  const ended = await run(
    cwd,
    ["--base-ref", "main", "--build", BUILD, "--only", "slow", "-q", "--trials", "1", ...set],
    around,
  );
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
