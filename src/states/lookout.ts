import { existsSync, readlinkSync } from "node:fs";
import { BenchError } from "../errors.js";
import { type RunningHost, runningHosts } from "../lab/running.js";
import { Entered } from "./entered.js";
import { lookFromOutside, lookHere } from "./look.js";
import type { LookRequest, NamespaceStates, Place, Reading } from "./types.js";

const INSIDE = "dist/states/inside.js";

export type Target =
  | { kind: "machine" }
  | { kind: "process"; pid: number }
  /** Hosts of running labs of this user; of everybody's for root. */
  | { kind: "labs"; userId: number };

/** Looks at the same namespaces again and again. */
export class Lookout {
  readonly #target: Target;
  /** By the process whose namespace it is. */
  readonly #entered = new Map<number, Entered<LookRequest, Reading>>();

  constructor(target: Target) {
    if (process.platform !== "linux")
      throw new BenchError(
        "not-on-this-platform",
        `the table of states is read from Linux's own interfaces, and this is ${process.platform}`,
        "Here: netstat -an | awk '/^tcp/ {++S[$NF]} END {for (a in S) print a, S[a]}'",
      );
    this.#target = target;
  }

  /**
   * Labs come and go: for them the list may be empty, or shorter than before.
   * @throws BenchError `no-such-process`, `states-not-readable`
   */
  async look(request: LookRequest): Promise<NamespaceStates[]> {
    switch (this.#target.kind) {
      case "machine":
        return [{ place: { kind: "machine" }, ...(await readable(lookHere(request))) }];
      case "process": {
        const { pid } = this.#target;
        return [{ place: { kind: "process", pid }, ...(await this.#lookAt(pid, request)) }];
      }
      case "labs": {
        const hosts = runningHosts(this.#target.userId);
        this.letGo();
        const looks = await Promise.all(hosts.map((host) => this.#lookAtHost(host, request)));
        return looks.filter((look) => look !== null);
      }
    }
  }

  /** A process of ours in a namespace keeps it alive: it leaves when the one has ended whose namespace it is. */
  letGo(): void {
    for (const [pid, entered] of this.#entered) {
      if (isAlive(pid)) continue;
      entered.close();
      this.#entered.delete(pid);
    }
  }

  close(): void {
    for (const entered of this.#entered.values()) entered.close();
    this.#entered.clear();
  }

  /** null when it has gone meanwhile, as hosts do at the end of each trial. */
  async #lookAtHost({ name, pid, lab }: RunningHost, request: LookRequest): Promise<NamespaceStates | null> {
    const place: Place = { kind: "host", pid, host: name, lab };
    try {
      return { place, ...(await this.#lookAt(pid, request)) };
    } catch (error) {
      if (error instanceof BenchError && error.code === "no-such-process") return null;
      throw error;
    }
  }

  /** @throws BenchError `no-such-process` also when the process ends meanwhile; `states-not-readable` */
  async #lookAt(pid: number, request: LookRequest): Promise<Reading> {
    if (!isAlive(pid)) throw noSuchProcess(pid);
    try {
      return await this.#lookFromBestPlace(pid, request);
    } catch (error) {
      throw isAlive(pid) ? error : noSuchProcess(pid);
    }
  }

  async #lookFromBestPlace(pid: number, request: LookRequest): Promise<Reading> {
    const outside = (why: string): Promise<Reading> => readable(lookFromOutside(pid, why, request));
    let isOurs: boolean;
    try {
      isOurs = readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync("/proc/self/ns/net");
    } catch {
      return outside(`read as text: process ${pid} is another user's, and its namespace cannot be entered`);
    }
    if (isOurs) return readable(lookHere(request));
    try {
      let entered = this.#entered.get(pid);
      if (entered === undefined) this.#entered.set(pid, (entered = new Entered({ pid }, INSIDE)));
      return await entered.look(request);
    } catch (error) {
      this.#entered.get(pid)?.close();
      this.#entered.delete(pid);
      return outside(`read as text: the namespace of process ${pid} cannot be entered (${(error as Error).message})`);
    }
  }
}

/** Of a process that has ended and waits to be counted only the exit code is left: it is in no namespace any more. */
export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/net/sockstat`);
}

async function readable(reading: Promise<Reading>): Promise<Reading> {
  try {
    return await reading;
  } catch (error) {
    throw new BenchError(
      "states-not-readable",
      `the table of sockets cannot be read: ${(error as Error).message}`,
      "It needs /proc; for another user's process, its namespace too: sudo npx bench states --pid …",
      { cause: error },
    );
  }
}

export function noSuchProcess(pid: number): BenchError {
  return new BenchError(
    "no-such-process",
    `there is no running process ${pid}`,
    "See what there is: ps -e. Where /proc is mounted with hidepid, other users' processes do not show.",
  );
}
