import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { BenchError } from "../../errors.js";
import type { SysctlOutcome, SysctlRequest } from "../types.js";

/** `net.ipv4.tcp_tw_reuse` → its file. As in sysctl(8), a name that holds a dot itself is written with slashes. */
function fileOf(key: string): string {
  const path = key.includes("/") ? key : key.replaceAll(".", "/");
  return `/proc/sys/${path}`;
}

/**
 * Writes one sysctl of the network namespace that this process lives in, with one write(2): errno tells three
 * different things apart.
 * @throws BenchError `sysctl-refused`
 */
export function writeSysctl(key: string, value: string): void {
  try {
    write(key, value);
  } catch (error) {
    const errno = errnoOf(error);
    throw new BenchError("sysctl-refused", `the sysctl ${key} = ${value} was not taken: ${reason(errno)}`, hint(errno));
  }
}

/** Reads one sysctl, and writes it unless `value` is null. That it cannot be had is an answer too, never an error. */
export function trySysctl({ key, value }: SysctlRequest): SysctlOutcome {
  const before = readSysctl(key) ?? null;
  let outcome: SysctlOutcome["outcome"];
  try {
    if (value === null) readFileSync(fileOf(key));
    else write(key, value);
    outcome = value === null ? "read" : "written";
  } catch (error) {
    outcome = OUTCOME_OF_ERRNO[errnoOf(error)] ?? "refused";
  }
  return { outcome, before, after: readSysctl(key) ?? null };
}

const OUTCOME_OF_ERRNO: Readonly<Record<string, SysctlOutcome["outcome"]>> = {
  ENOENT: "absent",
  EACCES: "forbidden",
  EPERM: "forbidden",
  EROFS: "forbidden",
};

function write(key: string, value: string): void {
  const file = openSync(fileOf(key), constants.O_WRONLY);
  try {
    writeSync(file, value);
  } finally {
    closeSync(file);
  }
}

function errnoOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown";
}

/** As one line, words parted by a space; undefined where the kernel has no such key. */
export function readSysctl(key: string): string | undefined {
  try {
    return readFileSync(fileOf(key), "latin1").trim().replaceAll(/\s+/g, " ");
  } catch {
    return undefined;
  }
}

function reason(errno: string): string {
  switch (errno) {
    case "ENOENT":
      return "this kernel has none of that name, or not one of its own in a network namespace (ENOENT)";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `it may not be written in a lab (${errno})`;
    case "EINVAL":
    case "ERANGE":
      return `the kernel refuses the value (${errno})`;
    default:
      return errno;
  }
}

function hint(errno: string): string {
  switch (errno) {
    case "ENOENT":
      return "Check its spelling, or take it out of lab.sysctl: this kernel may be too old or too new for it.";
    case "EINVAL":
    case "ERANGE":
      return "Choose a value in the range that the kernel's ip-sysctl documentation gives.";
    default:
      return "Take it out of lab.sysctl; it belongs to the whole machine, which a run never changes.";
  }
}
