import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DIST, ROOT } from "./bench.js";

/** What commands of the documents read; copies, for they write beside it. */
const COPIED = [
  ".gitignore",
  "results/sample.json",
  "results/baseline.json",
  "test/fixtures/service",
  "test/published",
];
const LINKED = ["scenarios", "package.json"];

const GIT = ["-c", "user.name=n", "-c", "user.email=e@example.org"];

export interface Checkout {
  cwd: string;
  /** In which `npx bench` and `bench` run this checkout's build. */
  env: Record<string, string>;
}

/** Makes `folder/work` like a checkout, that commands may write into, in a git repository with one commit. */
export function likeACheckout(folder: string): Checkout {
  const { cwd, env } = ownProject(folder);
  for (const path of COPIED) cpSync(join(ROOT, path), join(cwd, path), { recursive: true });
  for (const path of LINKED) symlinkSync(join(ROOT, path), join(cwd, path));
  git(cwd, "init", "--quiet", "--initial-branch", "main");
  keep(cwd);
  return { cwd, env };
}

/** Makes `folder/work` a folder of a user's own, with nothing in it. */
export function ownProject(folder: string): Checkout {
  const [cwd, programs] = [join(folder, "work"), join(folder, "bin")];
  for (const made of [cwd, programs]) mkdirSync(made);
  const bench = `exec "${process.execPath}" "${DIST}cli.js" "$@"\n`;
  const program = (name: string, text: string): void =>
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}`, { mode: 0o755 });
  program("bench", bench);
  program("time-wait-bench", bench);
  // `npx bench …` and `npx --no bench …`, as npx would find it.
  program("npx", `while [ "\${1#-}" != "$1" ]; do shift; done\nexec "$@"\n`);
  return { cwd, env: { PATH: `${programs}:${process.env["PATH"]}` } };
}

/** Commits all that is there and not ignored. */
export function keep(checkout: string): void {
  git(checkout, "add", "--all");
  git(checkout, "commit", "--quiet", "--allow-empty", "-m", "kept");
}

/** What is new or changed since, apart from what .gitignore names. */
export function leftIn(checkout: string): string {
  return (
    git(checkout, "status", "--porcelain", "--untracked-files=all") + git(checkout, "worktree", "prune", "--dry-run")
  );
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", [...GIT, ...args], { cwd, encoding: "utf8" });
}
