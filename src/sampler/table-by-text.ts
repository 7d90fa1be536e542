import { closeSync, openSync, readSync } from "node:fs";
import { TableParser } from "./parse-table.js";
import { NET } from "./read.js";
import type { SocketSink } from "./socket-counts.js";
import { inStretches } from "./stretches.js";

/** A seq_file hands out at most a page per read; a larger buffer only saves a little. */
const PIECE_BYTES = 65_536;

/**
 * Counts both families' sockets. A listener on `::` has its connections in tcp6 alone.
 * @returns what it cost, in milliseconds. @throws where there is no /proc/net; UnreadableError
 */
export async function readTextTable(counts: SocketSink): Promise<number> {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let costMs = 0;
  for (const name of ["tcp", "tcp6"]) {
    const file = openTable(name);
    if (file === null) continue;
    const parser = new TableParser(`/proc/net/${name}`, counts);
    try {
      costMs += await inStretches(() => {
        const bytes = readSync(file, buffer);
        if (bytes > 0) parser.push(buffer.subarray(0, bytes));
        return bytes > 0;
      });
    } finally {
      closeSync(file);
    }
    parser.end();
  }
  return costMs;
}

/** null where the kernel has no IPv6. */
function openTable(name: string): number | null {
  try {
    return openSync(NET + name, "r");
  } catch (error) {
    if (name === "tcp6" && (error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
