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
  return (await readTextFamily("tcp", counts)) + (await readTextFamily("tcp6", counts));
}

/**
 * One of them, which may be another namespace's.
 * @param net the folder, with a slash at its end
 * @returns what it cost, in milliseconds; 0 where the kernel has no IPv6. @throws as above
 */
export async function readTextFamily(name: "tcp" | "tcp6", sink: SocketSink, net = NET): Promise<number> {
  const file = openTable(name, net);
  if (file === null) return 0;
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  const parser = new TableParser(`/proc/net/${name}`, sink);
  try {
    const costMs = await inStretches(() => {
      const bytes = readSync(file, buffer);
      if (bytes > 0) parser.push(buffer.subarray(0, bytes));
      return bytes > 0;
    });
    parser.end();
    return costMs;
  } finally {
    closeSync(file);
  }
}

/** null where the kernel has no IPv6. */
function openTable(name: string, net: string): number | null {
  try {
    return openSync(net + name, "r");
  } catch (error) {
    if (name === "tcp6" && (error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
