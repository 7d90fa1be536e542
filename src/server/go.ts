import { execa } from "execa";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BenchError } from "../errors.js";
import { makeFolder } from "../folder.js";
import type { Host } from "../lab/types.js";
import type { ServerPlan } from "../scenario/types.js";
import { lineThatMatches } from "./command.js";
import type { RunningServer } from "./types.js";
import { died, untilReady } from "./wait.js";

const SOURCE = fileURLToPath(new URL("../../src/server/go", import.meta.url));
const OLDEST_MINOR = 19;
const HOW_TO_GET = "Install Go 1.19 or newer (Debian and Ubuntu: apt-get install golang-go), or use --server node.";

/** The Go server, built once by the machine's own toolchain, ready when it says that it listens. */
export async function startGo(
  plan: ServerPlan & { kind: "go" },
  host: Host,
  cacheFolder: string,
): Promise<RunningServer> {
  const { binary, version } = await buildGoServer(cacheFolder);
  const address = `${host.listenAddress}:${plan.port}`;
  const server = await host.spawn({ label: "server", program: { file: binary, args: [address] } });
  await untilReady(server, lineThatMatches(server, /^listening on /u), plan.readyTimeoutMs);
  return {
    name: version.replace(/^go/, "go "),
    host: host.address,
    port: plan.port,
    processId: server.id,
    died: died(server, "during the run"),
    count: () => Promise.resolve(null),
  };
}

/**
 * Builds into the cache unless this source was already built by this toolchain.
 * @throws BenchError `tool-missing`: no Go, too old, or it does not build
 */
export async function buildGoServer(cacheFolder: string): Promise<{ binary: string; version: string }> {
  const version = await goVersion();
  const key = createHash("sha256").update(version);
  for (const name of ["go.mod", "main.go"]) key.update(await readFile(join(SOURCE, name)));
  const binary = join(cacheFolder, `hello-${key.digest("hex").slice(0, 16)}`);
  await prepareCache(cacheFolder);
  if (existsSync(binary)) return { binary, version };
  const unfinished = `${binary}.${process.pid}`;
  try {
    await execa("go", ["build", "-trimpath", "-o", unfinished, "."], {
      cwd: SOURCE,
      // Go wants a cache of its own even where the user has no home.
      env: {
        GOCACHE: join(cacheFolder, "go-build"),
        GOTOOLCHAIN: "local",
        GOFLAGS: "-buildvcs=false",
        CGO_ENABLED: "0",
      },
    });
    await chmod(unfinished, 0o755);
    await rename(unfinished, binary);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new BenchError("tool-missing", `the Go server could not be built: ${lastLine(error as Error)}`, HOW_TO_GET);
  }
  return { binary, version };
}

/** A cache that belongs to another user could hand us a program of theirs. */
async function prepareCache(folder: string): Promise<void> {
  try {
    await makeFolder(folder, 0o700);
  } catch (error) {
    throw new BenchError(
      "tool-missing",
      `the cache folder ${folder} for the Go server cannot be made: ${(error as Error).message}`,
      "Set XDG_CACHE_HOME to a folder of yours.",
    );
  }
  const owner = (await stat(folder)).uid;
  if (owner !== process.getuid?.())
    throw new BenchError(
      "tool-missing",
      `the cache folder ${folder} belongs to another user`,
      "Set XDG_CACHE_HOME to a folder of yours.",
    );
}

/** `go1.26.8` */
async function goVersion(): Promise<string> {
  let version: string;
  try {
    version = /go\d+\.\d+\S*/.exec((await execa("go", ["version"])).stdout)?.[0] ?? "";
  } catch {
    throw new BenchError("tool-missing", "the Go toolchain was not found", HOW_TO_GET);
  }
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);
  if (minor < OLDEST_MINOR) throw new BenchError("tool-missing", `${version} is too old`, HOW_TO_GET);
  return version;
}

function lastLine(error: Error & { stderr?: string }): string {
  return (error.stderr ?? error.message).trim().split("\n").at(-1) ?? "";
}
