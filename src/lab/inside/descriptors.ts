import { readdirSync, readlinkSync } from "node:fs";
import { childrenOf } from "../../waiting/process-tree.js";

/**
 * Open files of all that the agent has started on this host, with what those have started; null where a process does
 * not let us look, since a part would pass for the whole.
 */
export function openDescriptors(): number | null {
  try {
    return childrenOf(readlinkSync("/proc/self")).reduce((sum, pid) => sum + descriptorsOfTree(pid), 0);
  } catch {
    return null;
  }
}

function descriptorsOfTree(pid: string): number {
  try {
    const own = readdirSync(`/proc/${pid}/fd`).length;
    return childrenOf(pid).reduce((sum, child) => sum + descriptorsOfTree(child), own);
  } catch (error) {
    // It ended between the listing and the look.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return 0;
    throw error;
  }
}
