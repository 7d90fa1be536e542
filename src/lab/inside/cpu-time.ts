import { readFileSync, readlinkSync } from "node:fs";
import type { ProcessTimes } from "../../sampler/types.js";
import { threadsOf } from "../../schedstat.js";
import { childrenOf } from "../../waiting/process-tree.js";

/** USER_HZ: the unit of times in /proc/<pid>/stat, 100 a second on every Linux architecture that Node runs on. */
const TICK_MS = 10;

/**
 * User and system time of a child of ours with all its descendants, those that have ended and been waited for
 * included. null where the kernel does not list children (CONFIG_PROC_CHILDREN) or the child is gone.
 *
 * /proc may be mounted outside of this PID namespace and then shows other numbers than ours, so children are found by
 * walking down from ourselves, and told by the innermost number of their `NSpid`.
 */
export function cpuTimeOfChild(pid: number): ProcessTimes | null {
  try {
    const self = readlinkSync("/proc/self");
    const child = childrenOf(self).find((candidate) => innermostPid(candidate) === pid);
    return child === undefined ? null : cpuTimeOfTree(child);
  } catch {
    return null;
  }
}

function cpuTimeOfTree(pid: string): ProcessTimes {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The program's name, in parentheses, may hold spaces; proc(5) counts it as field 2. utime is field 14.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = (field: number): number => Number(fields[field - 3]);
  const total: ProcessTimes = {
    userMs: (ticks(14) + ticks(16)) * TICK_MS,
    systemMs: (ticks(15) + ticks(17)) * TICK_MS,
    waitMs: threadsOf(pid)?.waitMs ?? null,
  };
  for (const child of childrenOf(pid)) {
    try {
      const times = cpuTimeOfTree(child);
      total.userMs += times.userMs;
      total.systemMs += times.systemMs;
      if (times.waitMs !== null) total.waitMs = (total.waitMs ?? 0) + times.waitMs;
    } catch {
      // It ended between the listing and the reading; its time is its parent's to report next time.
    }
  }
  return total;
}

function innermostPid(pid: string): number {
  const line = /^NSpid:(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return Number(line?.trim().split(/\s+/).at(-1));
}
