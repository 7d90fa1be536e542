import {
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { BenchError } from "../../errors.js";
import { LibcUnavailableError } from "../../kernel/libc.js";
import { mount, MS_BIND, MS_NODEV, MS_NOSUID, MS_REC } from "../../kernel/mount.js";
import { ownFile } from "../../places.js";

/**
 * The folders in which programs keep what runs now: sockets, numbers of processes, logs, data. A host has its own, in memory,
 * and they go with it: programs find no trace of those that the machine runs, and leave none.
 */

/** Empty; what a command names below them is shown all the same, for people have their projects there. */
const TEMPORARY = ["/tmp", "/var/tmp", "/dev/shm"];
/** With the folders that the machine has there, which belong to their services, and without what is in them. */
const WITH_FOLDERS = ["/run", "/var/log"];
/** Empty, and its service's: what a service keeps for good. */
const DATA = [
  "/var/lib/mongodb",
  "/var/lib/mysql",
  "/var/lib/nginx",
  "/var/lib/pgsql",
  "/var/lib/php/sessions",
  "/var/lib/postgresql",
  "/var/lib/rabbitmq",
  "/var/lib/redis",
  "/var/lib/valkey",
  "/var/cache/nginx",
  "/var/spool/squid",
];
const FOLDERS_DEEP = 2;
const PATH = "PATH=";
const MODE_BITS = 0o7777;
const EVERYBODYS = 0o1777;
/** include/uapi/asm-generic/fcntl.h: to name it, and not to read it. */
const O_PATH = 0o10_000_000;
/** A path below one of the temporary folders, as it stands in a command line, or one that leads out of the folder of a command. */
const NAMED = /\/(?:var\/tmp|tmp|dev\/shm)\/[^\s'"`;|&<>(),:=]+|(?<![^\s'"=:])\.\.\/[^\s'"`;|&<>(),:=]+/gu;

/** Those of this host, once a program has asked for them, by path. */
const own = new Map<string, OwnFolder>();

/** Whether this host has it for itself, so that what is written there goes with it. */
export function hasOwn(path: string): boolean {
  return own.has(path);
}

export interface Sight {
  cwd: string | undefined;
  /** Command lines and variables, which may name files. */
  texts: readonly string[];
}

/**
 * Gives this host folders of its own, unless it has them, and shows in them what a program needs that is to run now.
 * Outside of a lab nothing happens.
 */
export function prepareFolders(sight: Sight | null): void {
  if (process.pid !== 1 || sight === null) return;
  const { cwd, texts } = sight;
  if (own.size === 0) makeOrSay();
  const variables = readFileSync("/proc/self/environ", "utf8").split("\0");
  for (const path of needed(cwd, variables)) for (const folder of own.values()) folder.show(path);
  for (const path of namedIn([...texts, ...variables], cwd ?? "/"))
    for (const top of TEMPORARY) own.get(top)?.show(path);
}

/** Paths below temporary folders, and some that are not. */
export function namedIn(texts: readonly string[], cwd: string): string[] {
  return texts.flatMap((text) => text.match(NAMED) ?? []).map((path) => resolve(cwd, path));
}

/** Our own code, Node, where programs are, and where this one is to run; each also by its path without links. */
function needed(cwd: string | undefined, variables: readonly string[]): string[] {
  const path = variables.find((variable) => variable.startsWith(PATH))?.slice(PATH.length) ?? "";
  const places = [ownFile("."), dirname(process.execPath), cwd ?? "/", ...path.split(delimiter)];
  return places
    .concat(places.map((place) => tried(() => realpathSync(place), place)))
    .filter((place) => isAbsolute(place));
}

/** Where no system call can be made, programs have the machine's folders, as without a lab. @throws BenchError `lab-failed` */
function makeOrSay(): void {
  try {
    makeOwn();
  } catch (error) {
    if (error instanceof LibcUnavailableError) return;
    throw new BenchError(
      "lab-failed",
      `a host could not get folders of its own: ${(error as Error).message}`,
      "In a container, permit mounts: --cap-add SYS_ADMIN --security-opt apparmor=unconfined.",
    );
  }
}

function makeOwn(): void {
  const withFolders = WITH_FOLDERS.map((path) => [path, FOLDERS_DEEP] as const);
  const empty = [...TEMPORARY, ...DATA].map((path) => [path, 0] as const);
  const there = [...withFolders, ...empty].filter(([path]) => tried(() => lstatSync(path).isDirectory(), false));
  const folders = there.map(([path, depth]) => new OwnFolder(path, depth));
  // Not in a container that hides parts of /proc: then programs see the processes of the machine.
  tried(() => mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV), undefined);
  for (const folder of folders) {
    folder.cover();
    own.set(folder.path, folder);
  }
}

class OwnFolder {
  readonly path: string;
  readonly #stats: Stats;
  readonly #folders: readonly { path: string; stats: Stats }[];
  /** What was there before. */
  readonly #machines: string;
  readonly #shown = new Set<string>();

  constructor(path: string, depth: number) {
    this.path = path;
    this.#stats = statSync(path);
    this.#folders = foldersIn(path, depth);
    this.#machines = `/proc/self/fd/${openSync(path, O_PATH | constants.O_DIRECTORY)}`;
  }

  cover(): void {
    mount("tmpfs", this.path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755");
    for (const { path } of this.#folders) mkdirSync(path);
    for (const { path, stats } of [{ path: this.path, stats: this.#stats }, ...this.#folders]) give(path, stats);
  }

  /** Shows the entry of this folder on which a path lies; all of them where it is the folder itself. */
  show(path: string): void {
    const below = relative(this.path, path);
    if (below.startsWith("..") || isAbsolute(below)) return;
    const [name = ""] = below.split("/");
    if (this.#shown.has("") || this.#shown.has(name)) return;
    this.#shown.add(name);
    const [from, to] = [join(this.#machines, name), join(this.path, name)];
    // What was made there since is the host's own.
    if (name !== "" && existsSync(to)) return;
    const stats = tried(() => (name === "" ? statSync(from) : lstatSync(from)), null);
    if (stats?.isSymbolicLink() === true) symlinkSync(readlinkSync(from), to);
    else if (stats?.isDirectory() === true || stats?.isFile() === true) {
      if (stats.isDirectory()) mkdirSync(to, { recursive: true });
      else writeFileSync(to, "");
      mount(from, to, "", MS_BIND | MS_REC);
    }
  }
}

function foldersIn(path: string, depth: number): { path: string; stats: Stats }[] {
  const found: { path: string; stats: Stats }[] = [];
  for (const entry of depth === 0 ? [] : tried(() => readdirSync(path, { withFileTypes: true }), [])) {
    const folder = join(path, entry.name);
    const stats = entry.isDirectory() ? tried(() => statSync(folder), null) : null;
    if (stats !== null) found.push({ path: folder, stats }, ...foldersIn(folder, depth - 1));
  }
  return found;
}

/** To whom it belongs on the machine. Where root is not mapped to itself, in the lab of a user, to all who are in it. */
function give(path: string, { uid, gid, mode }: Stats): void {
  if (!isRoots()) return chmodSync(path, EVERYBODYS);
  tried(() => chownSync(path, uid, gid), undefined);
  // Behind chown(2), which takes set-id bits away.
  chmodSync(path, mode & MODE_BITS);
}

/** Whether this lab's root is the machine's, or that of the container that we are in. */
function isRoots(): boolean {
  return statSync("/").uid === 0;
}

function tried<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
