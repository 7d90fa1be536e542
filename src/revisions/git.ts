import { BenchError } from "../errors.js";
import { type Ended, runQuietly, type Surroundings } from "./quiet-process.js";

/** Where git was told to look by whoever started us, such as a hook: here the folder alone decides. */
const NOT_INHERITED = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/** A repository as seen from one of its folders. */
export interface Repository {
  /** The folder that we were asked from, below the repository's own: empty, or `packages/api/`. */
  prefix: string;
  /** Runs git there. @throws BenchError `bad-revision` with what git says */
  git(args: readonly string[], wanted: string, signal?: AbortSignal): Promise<string>;
  /** The same where it does not matter what git says. */
  tryGit(args: readonly string[]): Promise<Ended>;
}

/** `rev-parse --end-of-options` came with 2.24 (2019), the youngest of what is used here. */
const OLDEST = { major: 2, minor: 24 };
const OTHERWISE = "compare two commands: --base, --head";

/** @throws BenchError `bad-revision`: no git, an old one, no repository, or one that git does not trust */
export async function openRepository(cwd: string, env: Surroundings["env"]): Promise<Repository> {
  // Its messages are read here, in English.
  const clean = { ...withoutGit(env), LC_ALL: "C" };
  const run = (args: readonly string[], folder: string, signal?: AbortSignal): Promise<Ended> =>
    // Hooks are for whoever works in the repository.
    runQuietly("git", ["-c", "core.hooksPath=/dev/null", ...args], {
      cwd: folder,
      env: clean,
      ...(signal === undefined ? {} : { signal }),
    });
  checkVersion(await run(["version"], "/"));
  const found = await run(["rev-parse", "--show-toplevel", "--show-prefix"], cwd);
  const [root, prefix = ""] = found.stdout.split("\n");
  if (found.code !== 0 || root === undefined || root === "") throw noRepository(cwd, found);
  const tryGit = (args: readonly string[]): Promise<Ended> => run(args, root);
  return {
    prefix,
    tryGit,
    async git(args, wanted, signal) {
      const ended = await run(args, root, signal);
      signal?.throwIfAborted();
      if (ended.code === 0) return ended.stdout;
      if (ended.code === null && ended.errno === null) throw lost(ended, wanted);
      throw refusal(
        `git could not ${wanted}: ${lastWords(ended)}`,
        "It notes each worktree in the repository's .git folder, which has to be writable; a clone of yours is.",
      );
    },
  };
}

function checkVersion({ errno, stdout }: Ended): void {
  if (errno !== null) throw refusal(`git could not be run (${errno})`, `Install git, or ${OTHERWISE}`);
  const [, version, major, minor] = /^git version ((\d+)\.(\d+)\S*)/u.exec(stdout) ?? [];
  if (version === undefined) return;
  const { major: leastMajor, minor: leastMinor } = OLDEST;
  if (Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor)) return;
  throw refusal(`git ${version} is too old`, `Install git ${leastMajor}.${leastMinor} or newer, or ${OTHERWISE}`);
}

/** Git refuses a repository of another user since 2.35.2 (CVE-2022-24765), in two wordings so far. */
function noRepository(cwd: string, found: Ended): BenchError {
  const said = found.lastLines.join("\n");
  const path = /(?:dubious ownership in|unsafe) repository (?:at )?\(?'([^']+)'/u.exec(said)?.[1];
  if (path === undefined)
    return refusal(
      `${cwd} is in no git repository: ${lastWords(found)}`,
      `Go to the repository of the service, or ${OTHERWISE}`,
    );
  return refusal(
    `git does not trust the repository ${path}, because it belongs to another user`,
    `If you trust it: git config --global --add safe.directory '${path.replaceAll("'", String.raw`'\''`)}'`,
  );
}

/** The commit that a revision stands for, in full. @throws BenchError `bad-revision` */
export async function commitOf(repository: Repository, ref: string, option: string): Promise<string> {
  const found = await repository.tryGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  const commit = found.stdout.trim();
  if (found.code === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw refusal(
    `there is no revision ${ref} in this repository (${option})`,
    `${await branchesOf(repository)} A clone made by CI often has one commit only: fetch the other first (actions/checkout: fetch-depth: 0).`,
  );
}

const BRANCHES_NAMED = 5;

/** What may have been meant. */
async function branchesOf(repository: Repository): Promise<string> {
  const list = ["for-each-ref", `--count=${BRANCHES_NAMED}`, "--sort=-committerdate", "--format=%(refname:short)"];
  const { code, stdout } = await repository.tryGit([...list, "refs/heads", "refs/remotes"]);
  const names = stdout.split("\n").filter((name) => name !== "");
  return code === 0 && names.length > 0 ? `It has ${names.join(", ")}.` : "See git log --all.";
}

export function withoutGit(env: Surroundings["env"]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_INHERITED.includes(name)));
}

function lost({ givenUp }: Ended, wanted: string): BenchError {
  return new BenchError(
    "process-lost",
    `git ${givenUp ?? "was ended by a signal"} (asked: ${wanted})`,
    "Something outside killed or stopped it: run it again.",
  );
}

/** `fatal: not a git repository` → `not a git repository` */
function lastWords({ lastLines, givenUp }: Ended): string {
  if (givenUp !== null) return `it ${givenUp}`;
  const fatal = lastLines.find((line) => line.startsWith("fatal: "));
  return (fatal ?? lastLines.at(-1) ?? "it said nothing").replace(/^fatal: /, "");
}

function refusal(sentence: string, hint: string): BenchError {
  return new BenchError("bad-revision", sentence, hint);
}
