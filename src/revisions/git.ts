import { BenchError } from "../errors.js";
import { type Ended, runQuietly, type Surroundings } from "./quiet-process.js";

/** Where git was told to look by whoever started us, such as a hook: here the folder alone decides. */
const NOT_INHERITED = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/** A repository as seen from one of its folders. */
export interface Repository {
  /** The folder that we were asked from, below the repository's own: empty, or `packages/api/`. */
  prefix: string;
  /** Runs git there. @throws BenchError `bad-revision` with what git says */
  git(args: readonly string[], wanted: string): Promise<string>;
  /** The same where it does not matter what git says. */
  tryGit(args: readonly string[]): Promise<Ended>;
}

/** @throws BenchError `bad-revision`: no git, or no repository */
export async function openRepository(cwd: string, env: Surroundings["env"]): Promise<Repository> {
  const clean = withoutGit(env);
  const run = (args: readonly string[], folder: string): Promise<Ended> =>
    // Hooks are for whoever works in the repository.
    runQuietly("git", ["-c", "core.hooksPath=/dev/null", ...args], { cwd: folder, env: clean });
  const found = await run(["rev-parse", "--show-toplevel", "--show-prefix"], cwd);
  if (found.errno !== null)
    throw refusal(`git could not be run (${found.errno})`, "Install git, or compare two commands: --base, --head");
  const [root, prefix = ""] = found.stdout.split("\n");
  if (found.code !== 0 || root === undefined || root === "")
    throw refusal(
      `${cwd} is in no git repository: ${lastWords(found)}`,
      "Go to the repository of the service, or compare two commands: --base, --head",
    );
  const tryGit = (args: readonly string[]): Promise<Ended> => run(args, root);
  return {
    prefix,
    tryGit,
    async git(args, wanted) {
      const ended = await tryGit(args);
      if (ended.code === 0) return ended.stdout;
      throw refusal(`git could not ${wanted}: ${lastWords(ended)}`, "Try the same by hand in the repository.");
    },
  };
}

/** The commit that a revision stands for, in full. @throws BenchError `bad-revision` */
export async function commitOf(repository: Repository, ref: string, option: string): Promise<string> {
  const found = await repository.tryGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  const commit = found.stdout.trim();
  if (found.code === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw refusal(
    `there is no revision ${ref} in this repository (${option})`,
    "See git log --all. A clone made by CI often has one commit only: fetch the other first (actions/checkout: fetch-depth: 0).",
  );
}

export function withoutGit(env: Surroundings["env"]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_INHERITED.includes(name)));
}

/** `fatal: not a git repository` → `not a git repository` */
function lastWords({ lastLines }: Ended): string {
  return (lastLines.at(-1) ?? "it said nothing").replace(/^fatal: /, "");
}

function refusal(sentence: string, hint: string): BenchError {
  return new BenchError("bad-revision", sentence, hint);
}
