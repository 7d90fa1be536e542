import { readdirSync, readFileSync } from "node:fs";

/** Processes below another one, from /proc (proc(5)). Numbers are those that this /proc shows. */

/** Processes that this one has started and that are not waited for yet. @throws when it is gone */
export function childrenOf(pid: string): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    // A thread may end between the listing and the look; its children are then another thread's.
    return read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean);
  });
}

export interface Descendant {
  pid: string;
  /** As in /proc/<pid>/stat: `R`, `S`, `T` for stopped, `Z` for ended and not waited for, … */
  state: string;
  /** Those above it, up to the process that was asked for, the nearest first. */
  above: readonly string[];
}

/** All that descends from a process; empty where the kernel does not list children (CONFIG_PROC_CHILDREN). */
export function descendantsOf(pid: string, above: readonly string[] = [pid]): Descendant[] {
  const found: Descendant[] = [];
  for (const child of childrenIfThere(pid)) {
    const state = stateOf(child);
    if (state !== "") found.push({ pid: child, state, above }, ...descendantsOf(child, [child, ...above]));
  }
  return found;
}

function childrenIfThere(pid: string): string[] {
  try {
    return childrenOf(pid);
  } catch {
    return [];
  }
}

/** Empty for a process that is gone. */
export function stateOf(pid: string): string {
  const stat = read(`/proc/${pid}/stat`);
  // The program's name, in parentheses, may hold anything.
  return stat.charAt(stat.lastIndexOf(")") + 2);
}

/** Empty for a process that is gone, or of which nothing is left but its exit code. */
export function commandLineOf(pid: string): string[] {
  return read(`/proc/${pid}/cmdline`).split("\0").slice(0, -1);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
