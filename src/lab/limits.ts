import { readFileSync } from "node:fs";
import { BenchError } from "../errors.js";

/** Descriptors that a Node process needs besides its connections, generously. */
const OWN_DESCRIPTORS = 64;

/** How many files each process may open, the hard limit (Node raises the soft one to it); null where unknown. */
export function openFilesLimit(): number | null {
  try {
    const line = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "latin1"));
    if (line === null) return null;
    return line[1] === "unlimited" ? Number.POSITIVE_INFINITY : Number(line[1]);
  } catch {
    return null;
  }
}

/** Client and server each hold every connection. @throws BenchError `open-files-limit` */
export function checkOpenFiles(connections: number): void {
  const limit = openFilesLimit();
  if (limit === null || connections + OWN_DESCRIPTORS <= limit) return;
  throw new BenchError(
    "open-files-limit",
    `${connections} connections need ${connections + OWN_DESCRIPTORS} open files in each process, and ${limit} are permitted`,
    `Raise the limit (ulimit -n ${connections + OWN_DESCRIPTORS}) or use fewer: --connections ${Math.max(1, limit - OWN_DESCRIPTORS)}`,
  );
}
