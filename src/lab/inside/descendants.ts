import { readFileSync, readlinkSync } from "node:fs";
import { childrenOf } from "./cpu-time.js";

/** A program that starts others as fast as we end them would keep us here for ever. */
const MOST_ROUNDS = 100;

/**
 * Ends all that descends from this process. Without a PID namespace a daemon of its own has no parent and no group that
 * would take it along; see kernel/subreaper.ts.
 */
export function killDescendants(): void {
  try {
    const self = readlinkSync("/proc/self");
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const running = descendantsOf(self);
      if (running.length === 0) return;
      for (const pid of running) kill(Number(pid));
    }
  } catch {
    // No /proc, or a kernel that does not list children: there is nothing to go by.
  }
}

function descendantsOf(pid: string): string[] {
  const found: string[] = [];
  for (const child of childrenOf(pid)) {
    try {
      if (hasEnded(child)) continue;
      found.push(child, ...descendantsOf(child));
    } catch {
      // It ended meanwhile; what it had started is ours now, and found in the next round.
    }
  }
  return found;
}

/** Killed, and not waited for by anybody: it goes with us. */
function hasEnded(pid: string): boolean {
  return /^State:\s+[ZX]/mu.test(readFileSync(`/proc/${pid}/status`, "latin1"));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
