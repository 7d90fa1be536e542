import { readFileSync } from "node:fs";
import { freemem } from "node:os";
import { BenchError } from "../errors.js";
import type { Phase } from "../scenario/phases/types.js";
import type { Variant } from "../scenario/types.js";

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

/** How many connections or single sockets one process will hold at once, by what one step of the variant opens. */
export function mostAtOnce({ load, phases }: Pick<Variant, "load" | "phases">): number {
  return phases.length === 0 ? load.connections : Math.max(...phases.map(openedBy));
}

function openedBy(phase: Phase): number {
  if ("phases" in phase) return Math.max(0, ...phase.phases.map(openedBy));
  if (phase.do === "load") return phase.load.connections;
  return phase.do === "connect" || phase.do === "accept" ? phase.count : 0;
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

const MB = 1_000_000;

/** @throws BenchError `memory-too-small` when less than that can be had without swapping */
export function checkMemory(neededBytes: number): void {
  const available = availableMemoryBytes();
  if (available >= neededBytes) return;
  throw new BenchError(
    "memory-too-small",
    `the scenario needs ${Math.round(neededBytes / MB)} MB of free memory, and ${Math.round(available / MB)} MB are available`,
    "Close other programs, run it on a larger machine, or lower the figures of the scenario together with lab.memory.",
  );
}

/** MemAvailable: what the kernel thinks can be had without swapping (proc_meminfo(5)). */
function availableMemoryBytes(): number {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "latin1"))?.[1];
    return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
  } catch {
    return freemem();
  }
}
