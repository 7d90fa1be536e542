import { execFile } from "node:child_process";
import { BenchError } from "../errors.js";
import { SBIN } from "./types.js";

/** Debian's packages, where they are called otherwise than the program. */
const PACKAGE: Readonly<Record<string, string>> = {
  ip: "iproute2",
  netstat: "net-tools",
  nft: "nftables",
  nginx: "nginx-light",
  nsenter: "util-linux",
  setpriv: "util-linux",
  ss: "iproute2",
  unshare: "util-linux",
};

/** It starts no program, and waits for nothing. */
const LONGEST_MS = 10_000;

/** @throws BenchError `tool-missing` for the first that is not there */
export async function requireTools(names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const script = `PATH="$PATH:${SBIN}"; for tool in "$@"; do command -v -- "$tool" >/dev/null || echo "$tool"; done`;
  const missing = await new Promise<string>((resolve, reject) => {
    const options = { timeout: LONGEST_MS, killSignal: "SIGKILL" } as const;
    execFile("/bin/sh", ["-c", script, "sh", ...names], options, (error, stdout) => {
      // A shell that cannot be started has an errno instead of an exit code; one that was killed has none.
      if (error !== null && typeof error.code !== "number") reject(new Error("/bin/sh did not run", { cause: error }));
      else resolve(stdout);
    });
  });
  const first = missing.split("\n").find((name) => name !== "");
  if (first !== undefined) throw toolMissing(first);
}

export function toolMissing(name: string): BenchError {
  return new BenchError(
    "tool-missing",
    `the program ${name} was not found`,
    `Install it (Debian's package: ${PACKAGE[name] ?? name}), or put its folder on PATH.`,
  );
}
