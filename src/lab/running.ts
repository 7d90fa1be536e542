import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { markedHost } from "./mark.js";

/** A host of a lab that some `bench` of this machine is running. */
export interface RunningHost {
  name: string;
  /** Of its agent, which lives in its namespaces. */
  pid: number;
  /** The process that runs the lab, and what it was told to do; null where it cannot be seen. */
  lab: { pid: number; command: string } | null;
}

/** Programs that stand between a conductor and its agents: see `Holder.intoNewHost`. */
const WRAPPERS = new Set(["unshare", "setpriv", "nsenter"]);
const ROOT = 0;

/** Hosts of labs that run now, of this user, or for root of every user: lab by lab, each in the order of its hosts. */
export function runningHosts(userId: number): RunningHost[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
  return pids
    .map(Number)
    .flatMap((pid): RunningHost[] => {
      const name = markedHost(commandLine(pid));
      return name !== null && belongsTo(pid, userId) ? [{ name, pid, lab: labOf(pid) }] : [];
    })
    .toSorted((a, b) => (a.lab?.pid ?? 0) - (b.lab?.pid ?? 0) || a.pid - b.pid);
}

function belongsTo(pid: number, userId: number): boolean {
  try {
    return userId === ROOT || statSync(`/proc/${pid}`).uid === userId;
  } catch {
    return false;
  }
}

/** The conductor: the nearest process above that is not just a way into a namespace. Numbered as we see it. */
function labOf(agent: number): RunningHost["lab"] {
  for (let pid = parentOf(agent); pid > 1; pid = parentOf(pid)) {
    const [program = "", ...rest] = commandLine(pid);
    if (WRAPPERS.has(basename(program))) continue;
    return program === "" ? null : { pid, command: rest.slice(1).join(" ") };
  }
  return null;
}

/** 0 where there is none to be seen. */
function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/mu.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Empty for a process that is gone, or of which nothing is left but its exit code. */
function commandLine(pid: number): string[] {
  return read(`/proc/${pid}/cmdline`).split("\0").slice(0, -1);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
