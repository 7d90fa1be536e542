import { readlinkSync, statSync } from "node:fs";
import { BenchError } from "../errors.js";
import { Entered } from "../states/entered.js";
import { isAlive, noSuchProcess } from "../states/lookout.js";
import { Eye } from "./look.js";
import { sayOnWatch } from "../words/watch.js";
import type { Note, ReadRequest, Seen } from "./types.js";

const INSIDE = "dist/watch/inside.js";

export type WatchTarget = { kind: "machine" } | { kind: "process"; pid: number } | { kind: "netns"; path: string };

/** Reads one namespace again and again, from the best place that there is for it. */
export class Post {
  readonly #target: WatchTarget;
  readonly #eye = new Eye();
  #entered: Entered<ReadRequest, Seen> | null = null;

  constructor(target: WatchTarget) {
    if (process.platform !== "linux")
      throw new BenchError(
        "not-on-this-platform",
        `bench watch reads Linux's own interfaces, and this is ${process.platform}`,
        "Run it on the Linux machine that it is to watch.",
      );
    this.#target = target;
  }

  /** @throws BenchError `no-such-process`, also when it ends meanwhile; `states-not-readable` */
  async look(request: ReadRequest): Promise<Seen> {
    const target = this.#target;
    try {
      if (target.kind === "machine") return await this.#eye.lookHere(request);
      if (target.kind === "netns") return await this.#lookInside({ netns: target.path }, request);
      if (!isAlive(target.pid)) throw noSuchProcess(target.pid);
      return await this.#lookAt(target.pid, request);
    } catch (error) {
      if (error instanceof BenchError) throw error;
      if (target.kind === "process" && !isAlive(target.pid)) throw noSuchProcess(target.pid);
      throw new BenchError(
        "states-not-readable",
        `the sockets of ${nameOf(target)} cannot be read: ${(error as Error).message}`,
        target.kind === "netns" ? hintFor(target.path) : "It needs /proc; another user's process needs sudo.",
        { cause: error },
      );
    }
  }

  /** A process of ours in a namespace keeps it alive: it leaves when the one has ended whose namespace it is. */
  letGo(): void {
    if (this.#target.kind === "process" && !isAlive(this.#target.pid)) this.close();
  }

  close(): void {
    this.#entered?.close();
    this.#entered = null;
  }

  async #lookAt(pid: number, request: ReadRequest): Promise<Seen> {
    const outside = (why: Note): Promise<Seen> => this.#eye.lookFromOutside(pid, why, request);
    let isOurs: boolean;
    try {
      isOurs = readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync("/proc/self/ns/net");
    } catch {
      return outside({ code: "foreign", pid });
    }
    if (isOurs) return this.#eye.lookHere(request);
    try {
      return await this.#lookInside({ pid }, request);
    } catch (error) {
      return outside({ code: "not-entered", pid, cause: (error as Error).message });
    }
  }

  async #lookInside(into: { pid: number } | { netns: string }, request: ReadRequest): Promise<Seen> {
    try {
      this.#entered ??= new Entered<ReadRequest, Seen>(into, INSIDE);
      return await this.#entered.look(request);
    } catch (error) {
      this.close();
      throw error;
    }
  }
}

/** Why a namespace cannot be entered by its path. */
function hintFor(path: string): string {
  try {
    statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return "There is no such file. Those of ip-netns are below /run/netns: --netns /run/netns/NAME";
  }
  return process.getuid?.() === 0
    ? "It has to be the file of a network namespace, as below /run/netns or /proc/PID/ns/net."
    : "Only root may enter it by its path: sudo npx bench watch --netns …";
}

/** For sentences, in the language of what is being drawn. */
export function nameOf(target: WatchTarget): string {
  switch (target.kind) {
    case "machine":
      return sayOnWatch("this-machine");
    case "process":
      return sayOnWatch("namespace-of", { pid: target.pid });
    case "netns":
      return sayOnWatch("namespace-at", { path: target.path });
  }
}
