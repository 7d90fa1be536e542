import type { Options } from "execa";
import { createHash, randomUUID } from "node:crypto";
import { chmod, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { BenchError } from "./errors.js";
import { isOwnFile, makeOwnFolder } from "./folder.js";
import type { GoProgram } from "./scenario/types.js";
import { answerOf } from "./waiting/answer.js";
import { killTree } from "./waiting/kill-descendants.js";

/** The first one compiles the standard library, which takes minutes on a small machine. */
const LONGEST_BUILD_MS = 900_000;

export interface GoSource {
  /** The folder with its `go.mod`. */
  folder: string;
  /** What the file in the cache begins with. */
  name: string;
  /** What it is called in errors: `the Go server`. */
  title: string;
  /** What to do where there is no Go: `use --server node`. */
  instead: string;
}

const OLDEST_MINOR = 19;

/**
 * Builds into the cache unless this source was already built by this toolchain.
 * @param onBuild called when it was not, before the build, which takes seconds to minutes
 * @throws BenchError `tool-missing`: no Go, too old, or it does not build
 */
export async function buildGo(
  source: GoSource,
  cacheFolder: string,
  onBuild: (title: string) => void = () => {},
): Promise<GoProgram> {
  const howToGet = `Install Go 1.${OLDEST_MINOR} or newer (Debian and Ubuntu: apt-get install golang-go), or ${source.instead}.`;
  const version = await goVersion(howToGet);
  const key = createHash("sha256").update(version);
  const files = (await readdir(source.folder)).filter((file) => /\.(?:go|mod)$/u.test(file));
  for (const file of files.toSorted()) key.update(await readFile(join(source.folder, file)));
  const cache = await prepareCache(cacheFolder, source.title);
  const binary = join(cache, `${source.name}-${key.digest("hex").slice(0, 16)}`);
  if (await isOwnFile(binary)) return { binary, version };
  onBuild(source.title);
  const unfinished = `${binary}.${randomUUID()}`;
  try {
    await go(["build", "-trimpath", "-o", unfinished, "."], {
      cwd: source.folder,
      // Go wants a cache of its own even where the user has no home.
      env: {
        GOCACHE: join(cache, "go-build"),
        GOTOOLCHAIN: "local",
        GOFLAGS: "-buildvcs=false",
        CGO_ENABLED: "0",
      },
    });
    await chmod(unfinished, 0o755);
    await rename(unfinished, binary);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new BenchError("tool-missing", `${source.title} could not be built: ${lastLine(error as Error)}`, howToGet);
  }
  return { binary, version };
}

/** As results name it: `go 1.26.8`. */
export function goName(version: string): string {
  return version.replace(/^go/, "go ");
}

/** Only we may write there: what lies in the cache is run. */
async function prepareCache(folder: string, title: string): Promise<string> {
  const instead = "Set XDG_CACHE_HOME to a folder that only you can change.";
  try {
    return await makeOwnFolder(folder, instead);
  } catch (error) {
    if (error instanceof BenchError) throw error;
    throw new BenchError(
      "tool-missing",
      `the cache folder ${folder} for ${title} cannot be made: ${(error as Error).message}`,
      instead,
    );
  }
}

/**
 * Runs the toolchain, and ends it with all that it has started when it is stopped or takes too long. The library is loaded
 * when Go is called: it would be a fifth of what every run without Go loads.
 */
async function go(args: string[], options: Options = {}): Promise<{ stdout: string }> {
  const { execa } = await import("execa");
  const child = execa("go", args, options);
  const { pid } = child;
  try {
    const wait = { takesMs: LONGEST_BUILD_MS, pid };
    const { stdout } = await answerOf(child, (why) => new Error(`the program go ${why}`), wait);
    return { stdout: String(stdout) };
  } catch (error) {
    if (pid !== undefined) killTree(pid);
    throw error;
  }
}

/** `go1.26.8` */
async function goVersion(howToGet: string): Promise<string> {
  let version: string;
  try {
    version = /go\d+\.\d+\S*/.exec((await go(["version"])).stdout)?.[0] ?? "";
  } catch {
    throw new BenchError("tool-missing", "the Go toolchain was not found", howToGet);
  }
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);
  if (minor < OLDEST_MINOR) throw new BenchError("tool-missing", `${version} is too old`, howToGet);
  return version;
}

function lastLine(error: Error & { stderr?: string }): string {
  return (error.stderr ?? error.message).trim().split("\n").at(-1) ?? "";
}
