import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { monotonicMs } from "./clock.js";
import { parseCounters, parseSockstat } from "./parse-counters.js";
import { noSockets, type SideCounts, TableParser } from "./parse-table.js";
import type { Counters } from "./types.js";

/** Of the namespace that this process lives in. Not `/proc/net`, which is a link to the same: one lookup less. */
const NET = "/proc/self/net/";
/** A seq_file hands out at most a page per read; a larger buffer only saves a little. */
const PIECE_BYTES = 65_536;
/** How long a table may be read at a stretch before others in this process get their turn. */
const STRETCH_MS = 4;

/** Population in TIME_WAIT. @throws where there is no /proc/net */
export function readTimeWait(): number {
  return parseSockstat(readFileSync(NET + "sockstat", "latin1")).timeWait;
}

/** All counters of snmp and netstat, since the namespace began. @throws where there is no /proc/net */
export function readCounters(): Counters {
  return {
    ...parseCounters(readFileSync(NET + "snmp", "latin1"), "/proc/net/snmp"),
    ...parseCounters(readFileSync(NET + "netstat", "latin1"), "/proc/net/netstat"),
  };
}

/** The range that connect() takes its ports from; null where it cannot be read. */
export function readLocalPorts(): { low: number; high: number } | null {
  try {
    const [low, high] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "latin1")
      .trim()
      .split(/\s+/)
      .map(Number);
    return low === undefined || high === undefined ? null : { low, high };
  } catch {
    return null;
  }
}

/**
 * Counts both families' sockets by side and state. A listener on `::` has its connections in tcp6 alone.
 * Gives way every few milliseconds, so that a large table delays no gauge; `costMs` is the time spent reading.
 */
export async function readTable(serverPort: number): Promise<{ sides: SideCounts; costMs: number }> {
  const sides = noSockets();
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let costMs = 0;
  for (const name of ["tcp", "tcp6"]) {
    const file = openTable(name);
    if (file === null) continue;
    const parser = new TableParser(`/proc/net/${name}`, serverPort, sides);
    try {
      for (let open = true; open;) {
        const began = monotonicMs();
        while (open && monotonicMs() - began < STRETCH_MS) {
          const bytes = readSync(file, buffer);
          if (bytes === 0) open = false;
          else parser.push(buffer.subarray(0, bytes));
        }
        costMs += monotonicMs() - began;
        if (open) await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      closeSync(file);
    }
    parser.end();
  }
  return { sides, costMs };
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
