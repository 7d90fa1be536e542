import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { BenchError } from "../../errors.js";

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
    const file = openSync(fileOf(key), "r+");
    try {
      writeSync(file, value);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new BenchError("sysctl-refused", `the sysctl ${key} = ${value} was not taken: ${reason(errno)}`, hint(errno));
  }
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
