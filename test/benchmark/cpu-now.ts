import { readFileSync } from "node:fs";
import { markedHost } from "../../src/lab/mark.js";
import { threadsOf } from "../../src/schedstat.js";
import { descendantsOf } from "../../src/waiting/process-tree.js";

/** CPU time so far, in milliseconds, of threads that are still there. */
export interface CpuNow {
  /** Of those that look: this process, which conducts and shows, and each lab host's agent, which samples. */
  lookers: number;
  /** Of this process and all below it: those that look, the client and the server. */
  all: number;
}

export function cpuNow(): CpuNow {
  const self = String(process.pid);
  const now = { lookers: 0, all: 0 };
  for (const pid of [self, ...descendantsOf(self).map((one) => one.pid)]) {
    try {
      const runMs = threadsOf(pid)?.runMs ?? 0;
      now.all += runMs;
      if (pid === self || isAgent(pid)) now.lookers += runMs;
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return now;
}

function isAgent(pid: string): boolean {
  return markedHost(readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")) !== null;
}

/** What is left of the CPU time to others, with something switched on over without, when each used so much in its windows. */
export function cpuLeft(on: CpuNow, off: CpuNow): number {
  return 1 - (on.lookers / on.all - off.lookers / off.all);
}

export function cpuBetween(from: CpuNow, to: CpuNow): CpuNow {
  return { lookers: to.lookers - from.lookers, all: to.all - from.all };
}

export function cpuSum(some: readonly CpuNow[]): CpuNow {
  return some.reduce((sum, one) => ({ lookers: sum.lookers + one.lookers, all: sum.all + one.all }), {
    lookers: 0,
    all: 0,
  });
}
