import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { DIST, RUN_MARK } from "./bench.js";

export interface Leftover {
  pid: number;
  /** `net:[4026531840]`; null where it may not be read. */
  netNamespace: string | null;
  command: string;
}

/**
 * Living processes in another network namespace than ours, or with our built code on their command line. With the mark
 * of a run: every living process of that run instead, wherever it lives, which is what a test wants on a machine where
 * other runs go on. Zombies do not count, and do not show: they have neither namespace, arguments nor environment left.
 */
export function leftovers(runMark?: string): Leftover[] {
  const here = netNamespace("self");
  return living().filter(({ pid, netNamespace: namespace, command }) =>
    runMark === undefined
      ? (namespace !== null && namespace !== here) || command.includes(DIST)
      : environmentOf(pid).includes(`${RUN_MARK}=${runMark}`),
  );
}

/** Every network namespace that a process lives in or a mount keeps alive: `net:[4026531840]`. */
export function namespaces(): Set<string> {
  const lived = living().flatMap(({ netNamespace: namespace }) => namespace ?? []);
  const mounted = orEmpty(() => readFileSync("/proc/self/mountinfo", "utf8")).match(/net:\[\d+\]/gu) ?? [];
  return new Set([...lived, ...mounted]);
}

function living(): Leftover[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .map((name) => ({
      pid: Number(name),
      netNamespace: netNamespace(name),
      command: orEmpty(() => readFileSync(`/proc/${name}/cmdline`, "utf8"))
        .replaceAll("\0", " ")
        .trim(),
    }));
}

function netNamespace(pid: string): string | null {
  return orEmpty(() => readlinkSync(`/proc/${pid}/ns/net`)) || null;
}

function environmentOf(pid: number): string[] {
  return orEmpty(() => readFileSync(`/proc/${pid}/environ`, "utf8")).split("\0");
}

/** A process may end, or belong to somebody else, between the listing and the look. */
function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
