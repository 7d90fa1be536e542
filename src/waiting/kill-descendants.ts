import { readlinkSync } from "node:fs";
import { descendantsOf } from "./process-tree.js";

/** A program that starts others as fast as we end them would keep us here for ever. */
const LONGEST_MS = 1_000;
const PAUSE_MS = 1;

/**
 * Ends a process of ours and all that descends from it, whatever state they are in.
 * @returns false where descendants cannot be found: then nothing was done
 */
export function killTree(pid: number): boolean {
  if (!numbersAreOurs()) return false;
  // Stopped, it starts nothing more, and still adopts what it is to adopt.
  signal(pid, "SIGSTOP");
  killDescendants(String(pid));
  signal(pid, "SIGKILL");
  return true;
}

/**
 * Ends all that descends from a process, and returns when nothing of it runs any more. SIGKILL also ends what is
 * stopped. A daemon has neither a parent nor a group that would take it along: for whom it counts as a descendant, see
 * kernel/subreaper.ts.
 * @param pid this process unless said otherwise
 */
export function killDescendants(pid = String(process.pid)): void {
  // In a PID namespace whose /proc is that of another one, numbers mean other processes.
  if (!numbersAreOurs()) return;
  const deadline = performance.now() + LONGEST_MS;
  for (let before: string | null = null; performance.now() < deadline;) {
    const all = descendantsOf(pid);
    const running = all.filter(({ state }) => state !== "Z" && state !== "X");
    // One look is not enough: a process that ends while we look hands its children up, behind our back.
    const seen = all.map((one) => one.pid).join();
    if (running.length === 0 && seen === before) return;
    before = seen;
    for (const one of running) signal(Number(one.pid), "SIGKILL");
    if (running.length > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

function numbersAreOurs(): boolean {
  try {
    return readlinkSync("/proc/self") === String(process.pid);
  } catch {
    return false;
  }
}

function signal(pid: number, name: "SIGSTOP" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}
