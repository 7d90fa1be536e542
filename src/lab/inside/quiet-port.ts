import { readFileSync } from "node:fs";

const TABLES = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];
const HIGHEST_PORT = 65_535;
const TRIES = 1_000;

/**
 * The first port from `from` on that no socket has at either end, not even one in TIME_WAIT from an earlier run: without
 * a lab that is what tells a trial's sockets from all others. `from` itself where the tables cannot be read.
 */
export function quietPort(from: number): number {
  const taken = new Set<number>();
  for (const table of TABLES) {
    try {
      for (const [, port] of readFileSync(table, "latin1").matchAll(/:([0-9A-F]{4}) /g))
        taken.add(Number.parseInt(port!, 16));
    } catch {
      // No IPv6, or not Linux.
    }
  }
  for (let port = from; port < from + TRIES && port <= HIGHEST_PORT; port++) if (!taken.has(port)) return port;
  return from;
}
