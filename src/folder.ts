import type { Stats } from "node:fs";
import { lstat, mkdir, readlink, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BenchError } from "./errors.js";

/**
 * Folders and files that nobody else can have put there. Whoever may write to a folder on the way to a file decides which
 * file it is: by a link, or by a file of his own under that name. For root this would make a program of another user
 * run as root, or overwrite a file of root's. Nothing here depends on the sysctls fs.protected_*.
 */

/** As many links on one path as Linux follows (MAXSYMLINKS, include/linux/namei.h). */
const MOST_LINKS = 40;
const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_OTHERS = 0o002;
/** Only the owner of an entry may rename or remove it (sticky, as /tmp). */
const STICKY = 0o1000;

/**
 * Makes a folder and those that it lies in, unless it is there. Not with mkdir's `recursive`: Node's then never ends
 * below a folder like /proc, where making one is refused with ENOENT.
 * @throws the errno's error
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const there = await stat(folder).catch(() => null);
  if (there?.isDirectory() === true) return;
  if (there !== null) throw new Error(`${folder} is no folder`);
  if (dirname(folder) !== folder) await makeFolder(dirname(folder), mode);
  await mkdir(folder, mode).catch((error: NodeJS.ErrnoException) => {
    // Another run may have been quicker.
    if (error.code !== "EEXIST") throw error;
  });
}

/**
 * Makes a folder for our eyes alone, unless it is there, and makes sure that nobody else can change what is in it or on
 * the way to it.
 * @param instead what to do where it is refused
 * @returns its path without links
 * @throws BenchError `unsafe-place`; the errno's error where it cannot be made
 */
export async function makeOwnFolder(folder: string, instead: string): Promise<string> {
  await makeFolder(await checkedFolder(folder, instead), 0o700);
  const made = await checkedFolder(folder, instead);
  const { uid, mode, gid } = await lstat(made);
  if (uid !== process.geteuid?.()) throw unsafe(made, "belongs to another user", instead);
  if (isOpen({ uid, gid, mode: mode & ~STICKY })) throw unsafe(made, "can be written by other users", instead);
  return made;
}

/**
 * The folder's path without links, if only root and we can change which folder it is. It need not be there yet.
 * @throws BenchError `unsafe-place`
 */
export async function checkedFolder(folder: string, instead: string): Promise<string> {
  return resolved(folder, (path, stats, trusted) => {
    if (!trusted) throw unsafe(path, "belongs to another user", instead);
    if (!stats.isSymbolicLink() && isOpen(stats)) throw unsafe(path, "can be written by other users", instead);
  });
}

/**
 * The path without links, if each link on it is root's or ours. It need not be there yet.
 * @throws BenchError `unsafe-place`
 */
export async function followOwnLinks(path: string, instead: string): Promise<string> {
  return resolved(path, (at, stats, trusted) => {
    if (stats.isSymbolicLink() && !trusted) throw unsafe(at, "is a link that belongs to another user", instead);
  });
}

/** Whether it is there, a file and no link, ours, and nobody else can write to it. */
export async function isOwnFile(file: string): Promise<boolean> {
  const stats = await lstat(file).catch(() => null);
  return stats?.isFile() === true && stats.uid === process.geteuid?.() && !isOpen(stats);
}

/** Walks a path from the root folder on, link by link, and shows each step. */
async function resolved(path: string, look: (path: string, stats: Stats, trusted: boolean) => void): Promise<string> {
  // In a user namespace the machine's root has another number; it is who owns the root folder.
  const root = await lstat("/");
  const trusted = [0, root.uid, process.geteuid?.()];
  look("/", root, true);
  let at = "/";
  let rest = path.split("/");
  for (let links = 0; rest.length > 0;) {
    const [name = "", ...further] = rest;
    rest = further;
    if (name === "" || name === ".") continue;
    const next = join(at, name);
    const stats = await lstat(next).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (stats === null) return join(next, ...rest);
    look(next, stats, trusted.includes(stats.uid));
    if (!stats.isSymbolicLink()) at = next;
    else {
      if (++links > MOST_LINKS) throw new Error(`${path}: too many links`);
      const target = await readlink(next);
      if (target.startsWith("/")) at = "/";
      rest = [...target.split("/"), ...rest];
    }
  }
  return at;
}

/** Whether others may put something in a folder's place, or write to a file. */
function isOpen({ mode, uid, gid }: Pick<Stats, "mode" | "uid" | "gid">): boolean {
  if ((mode & STICKY) !== 0) return false;
  // A group of the same number as its user is his alone (user private groups), and many systems let it write.
  return (mode & WRITABLE_BY_OTHERS) !== 0 || ((mode & WRITABLE_BY_GROUP) !== 0 && gid !== uid);
}

function unsafe(path: string, why: string, instead: string): BenchError {
  return new BenchError("unsafe-place", `${path} ${why}, who could put something else in its place`, instead);
}
