import { readdirSync, readFileSync } from "node:fs";

/** How long threads ran, and how long they were ready to run and waited for a processor. */
export interface Scheduled {
  runMs: number;
  waitMs: number;
}

/** @returns null where the kernel does not tell: zeros mean that it does not keep count (fs/proc/base.c, proc_pid_schedstat) */
export function parseSchedstat(text: string): Scheduled | null {
  const [run, wait] = text.trim().split(/\s+/u).map(Number);
  if (run === undefined || wait === undefined || !(run > 0) || !(wait >= 0)) return null;
  return { runMs: run / 1e6, waitMs: wait / 1e6 };
}

/** Of the thread that calls, since it began; null where the kernel does not tell. */
export function ownThread(): Scheduled | null {
  try {
    return parseSchedstat(readFileSync("/proc/thread-self/schedstat", "latin1"));
  } catch {
    return null;
  }
}

/**
 * Of all threads that a process has now: what those did that have ended is in no sum of the kernel's. null where it does
 * not tell. @param pid as /proc shows it
 */
export function threadsOf(pid: string): Scheduled | null {
  const folder = `/proc/${pid}/task`;
  const sum = { runMs: 0, waitMs: 0 };
  let known = false;
  for (const thread of readdirSync(folder)) {
    try {
      const one = parseSchedstat(readFileSync(`${folder}/${thread}/schedstat`, "latin1"));
      if (one === null) continue;
      known = true;
      sum.runMs += one.runMs;
      sum.waitMs += one.waitMs;
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return known ? sum : null;
}
