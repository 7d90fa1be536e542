import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Owner } from "./types.js";

/** Looking through every descriptor of every process costs some 5 µs each: seldom, and not for ever. */
const EVERY_MS = 30_000;
const MOST_DESCRIPTORS = 50_000;

/** Whose sockets they are, by inode: /proc/PID/fd names it. Of other users' processes only root may see that. */
export class Owners {
  readonly #known = new Map<number, Owner>();
  #lastMs = -Infinity;

  of(inodes: readonly number[], nowMs: number): Record<number, Owner> {
    const unknown = inodes.filter((inode) => inode !== 0 && !this.#known.has(inode));
    if (unknown.length > 0 && nowMs - this.#lastMs >= EVERY_MS) {
      this.#lastMs = nowMs;
      this.#known.clear();
      for (const [inode, owner] of ownersOf(new Set(inodes))) this.#known.set(inode, owner);
    }
    return Object.fromEntries(
      inodes.flatMap((inode) => {
        const owner = this.#known.get(inode);
        return owner === undefined ? [] : [[inode, owner]];
      }),
    );
  }
}

function ownersOf(wanted: ReadonlySet<number>): Map<number, Owner> {
  const found = new Map<number, Owner>();
  let looked = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/u.test(name))) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        if (looked++ >= MOST_DESCRIPTORS) return found;
        const inode = Number(/^socket:\[(\d+)\]$/u.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? 0);
        if (wanted.has(inode)) found.set(inode, { pid: Number(pid), name: nameOf(pid) });
      }
    } catch {
      // Another user's, or gone meanwhile.
    }
  }
  return found;
}

function nameOf(pid: string): string {
  return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
}
