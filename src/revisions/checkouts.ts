import { existsSync } from "node:fs";
import { lstat, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { BenchError } from "../errors.js";
import { checkedFolder } from "../folder.js";
import { commitOf, openRepository, type Repository, withoutGit } from "./git.js";
import { runQuietly } from "./quiet-process.js";

export interface RevisionsAsked {
  base: string;
  head: string;
  /** Run by `sh -c` in each of them; null: there is nothing to build. */
  build: string | null;
}

export interface Surroundings {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C: what is under way ends. */
  signal: AbortSignal;
  /** What happens now, for whoever waits. */
  onStep(step: string): void;
}

/** One revision, laid out in a folder of its own outside of the repository. */
export interface Checkout {
  ref: string;
  commit: string;
  /** The folder in it that corresponds to one of the repository; the one where we were asked for any other. */
  folderIn(path: string): string;
}

export interface Checkouts {
  base: Checkout;
  head: Checkout;
  /** What of the working copy neither has, since git ignores it and nothing was built: `node_modules/`. */
  missing: readonly string[];
  /** Takes both away again, and what git noted of them. Never throws. */
  close(): Promise<void>;
}

const SIDES = ["base", "head"] as const;
const PREFIX = "time-wait-bench-";

/**
 * Two revisions of the repository as they would be after a checkout and a build, each in a worktree without a branch.
 * @throws BenchError `bad-revision`, `build-failed`; the signal's reason when it was interrupted. Nothing is left then.
 */
export async function openCheckouts(asked: RevisionsAsked, around: Surroundings): Promise<Checkouts> {
  const repository = await openRepository(around.cwd, around.env);
  const commits = {
    base: await commitOf(repository, asked.base, `--base-ref ${asked.base}`),
    head: await commitOf(repository, asked.head, `--head-ref ${asked.head}`),
  };
  await removeStale(repository);
  if (asked.head === "HEAD" && (await hasChanges(repository)))
    around.onStep("head is the commit HEAD: changes that are not committed are not in it");
  const room = await makeRoom();
  const close = async (): Promise<void> => {
    for (const side of SIDES) await removeWorktree(repository, join(room, side));
    await rm(room, { recursive: true, force: true }).catch(() => {});
  };
  const checkOut = async (side: (typeof SIDES)[number]): Promise<Checkout> => {
    const [ref, commit, worktree] = [asked[side], commits[side], join(room, side)];
    around.signal.throwIfAborted();
    around.onStep(`${side}: ${ref} (${commit.slice(0, 10)})${asked.build === null ? "" : `, ${asked.build}`}`);
    await repository.git(["worktree", "add", "--quiet", "--detach", worktree, commit], `lay out ${ref}`, around.signal);
    around.signal.throwIfAborted();
    const folder = join(worktree, repository.prefix);
    if (!existsSync(folder))
      throw new BenchError(
        "bad-revision",
        `there is no folder ${repository.prefix} in ${ref}, where bench was started`,
        "Start it from a folder that both revisions have.",
      );
    if (asked.build !== null) await build(asked.build, `${side} (${ref})`, folder, around);
    const folderIn = (path: string): string => {
      const inside = join(folder, relative(around.cwd, path));
      return inside === worktree || inside.startsWith(`${worktree}/`) ? inside : folder;
    };
    return { ref, commit, folderIn };
  };
  try {
    const missing = asked.build === null ? await ignoredPaths(repository) : [];
    return { base: await checkOut("base"), head: await checkOut("head"), missing, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Programs of it are run: nobody else may be able to put another folder in its place. */
async function makeRoom(): Promise<string> {
  const instead = "Set TMPDIR to a folder that you can write to, and that nobody else can change.";
  try {
    return await mkdtemp(join(await checkedFolder(tmpdir(), instead), `${PREFIX}${process.pid}-`));
  } catch (error) {
    if (error instanceof BenchError) throw error;
    const why = (error as Error).message;
    throw new BenchError("bad-revision", `no folder for the revisions can be made in ${tmpdir()}: ${why}`, instead);
  }
}

/** Folders first. */
async function ignoredPaths(repository: Repository): Promise<string[]> {
  const list = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"];
  const { stdout } = await repository.tryGit([...list, "--", repository.prefix || "."]);
  const paths = stdout.split("\0").filter((path) => path !== "");
  return [...paths.filter((path) => path.endsWith("/")), ...paths.filter((path) => !path.endsWith("/"))];
}

async function build(command: string, what: string, cwd: string, { env, signal }: Surroundings): Promise<void> {
  const { code, errno, givenUp, lastLines } = await runQuietly("/bin/sh", ["-c", command], {
    cwd,
    env: withoutGit(env),
    signal,
  });
  signal.throwIfAborted();
  if (code === 0) return;
  const how = givenUp ?? errno ?? (code === null ? "by a signal" : `exit code ${code}`);
  const said = lastLines.map((line) => `\n  | ${line}`).join("");
  throw new BenchError(
    "build-failed",
    `the build of ${what} failed (${how})${said === "" ? "" : `; the last lines of its output:${said}`}`,
    "Try --build by hand in a fresh checkout: nothing that git ignores is there, node_modules neither.",
  );
}

async function hasChanges(repository: Repository): Promise<boolean> {
  const { code, stdout } = await repository.tryGit(["status", "--porcelain", "--untracked-files=no"]);
  return code === 0 && stdout !== "";
}

/** Also one that is only half there. */
async function removeWorktree(repository: Repository, path: string): Promise<void> {
  const remove = ["worktree", "remove", "--force", "--force", path];
  if ((await repository.tryGit(remove)).code === 0) return;
  await rm(path, { recursive: true, force: true }).catch(() => {});
  // Of a folder that is gone git still has its notes.
  await repository.tryGit(remove);
}

/** Worktrees of runs that were killed before they could take them away. */
async function removeStale(repository: Repository): Promise<void> {
  const { stdout } = await repository.tryGit(["worktree", "list", "--porcelain"]);
  for (const [, path] of stdout.matchAll(/^worktree (.+)$/gmu)) {
    const room = dirname(path!);
    const pid = new RegExp(`^${PREFIX}(\\d+)-\\w{6}$`, "u").exec(basename(room))?.[1];
    if (pid === undefined || isRunning(Number(pid)) || !(await isOurs(room))) continue;
    await removeWorktree(repository, path!);
    await rm(room, { recursive: true, force: true }).catch(() => {});
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const stats = await lstat(folder).catch(() => null);
  return stats === null || (stats.isDirectory() && stats.uid === process.geteuid?.());
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
