import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Peer } from "./peers.js";

/** Where programs may lie; install-peers.sh puts them into the last three. */
export function programFolders(environment: NodeJS.ProcessEnv): string[] {
  const home = environment["HOME"] ?? "/root";
  return [
    ...(environment["PATH"] ?? "").split(":").filter(Boolean),
    "/usr/sbin",
    join(environment["CARGO_HOME"] ?? join(home, ".cargo"), "bin"),
    environment["GOBIN"] ?? join(environment["GOPATH"] ?? join(home, "go"), "bin"),
  ];
}

/** The first that may be run, with its path; null when there is none. */
export function findProgram(name: string, folders: readonly string[]): string | null {
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** As the program says itself; null when it says none. */
export async function versionOf(program: string, args: Peer["versionArgs"]): Promise<string | null> {
  if (args === null) return null;
  // Asked for its version, siege writes a configuration into the user's home.
  const home = mkdtempSync(join(tmpdir(), "time-wait-bench-benchmark-"));
  const output = await new Promise<string>((resolve) => {
    const options = { timeout: 5_000, env: { ...process.env, HOME: home } };
    // Some say it on stderr, and some end with an error after it.
    execFile(program, [...args], options, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  rmSync(home, { recursive: true, force: true });
  return parseVersion(output);
}

/** The first that stands by itself: `go1.26.8` is what a program was built with. */
export function parseVersion(output: string): string | null {
  return /(?<![\w.])v?(\d+\.\d+(?:\.\d+)*)/u.exec(output)?.[1] ?? null;
}
