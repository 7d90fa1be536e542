import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { BenchError } from "../errors.js";
import { answerOf } from "../waiting/answer.js";
import { batch, unobserved } from "./actions.js";
import { intoUser, mapIds } from "./ids.js";
import { howToPermit } from "./permission.js";
import { toolMissing } from "./tools.js";
import type { Observe } from "./types.js";

/** What gives us the right to make network namespaces: a user namespace of our own, or being root. */
type Right = "user-namespace" | "root";

/** Enough for the 28,232 or so sockets of a default port range without long chains. */
export const SMALLEST_HASH = 65_536;

/** A process that has ended is heard of so soon. */
const LAST_WORDS_MS = 100;
/** As of a shell that does not find a program. */
const TOOL_MISSING = 127;

const MADE = "made\n";
const READY = "ready\n";
const AS_USER = "as-user\n";

/** Waits until its ids are mapped: a program that begins as root of its namespace then has the rights of root in it. */
const BEGIN = 'echo made; read -r mapped; exec /bin/sh -c "$0"';

/**
 * Says `ready` only where the lab will work: namespaces were made, and a sysctl could really be written (of this namespace,
 * which is no host's). Then it waits for lines of `ip -batch`, and is gone when its input ends, however the conductor
 * ends. Before that it says `as-user` where programs can be led back to the user.
 */
const script = (hashBuckets: number, user: readonly string[]): string => `
  for tool in nsenter setpriv ip; do
    command -v "$tool" >/dev/null || { echo "$tool"; exit ${TOOL_MISSING}; }
  done
  ${user.length === 0 ? "" : `${user.join(" ")} /bin/sh -c : 2>/dev/null && echo as-user`}
  echo ${hashBuckets} 2>/dev/null >/proc/sys/net/ipv4/tcp_child_ehash_entries
  echo 60 >/proc/sys/net/ipv4/tcp_fin_timeout || exit 1
  echo ready
  exec ip -batch -`;

/** The namespaces from which a lab's hosts are made and wired; needed only until they stand. */
export class Holder {
  readonly #child: ChildProcess;
  readonly #right: Right;
  readonly #observe: Observe;
  /** How it ended: an exit code, or the name of a signal. Rejects when it could not even begin. */
  readonly #ended: Promise<string | number>;
  #stderr = "";
  #asUser: readonly string[] = [];
  /** Root has them without a namespace, too. */
  #accounts = true;

  private constructor(child: ChildProcess, right: Right, observe: Observe) {
    this.#child = child;
    this.#observe = observe;
    this.#right = right;
    this.#ended = new Promise((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "ENOENT" ? toolMissing("unshare") : error),
      );
      // Once all that it has said has been read.
      child.once("close", (code, signal) => resolve(signal ?? code ?? 0));
    });
    this.#ended.catch(() => {});
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    child.stdin!.on("error", () => {});
  }

  /**
   * With a user namespace where that is permitted, else as root.
   * @param hashBuckets of each host's own table of sockets, a power of two: small makes a dump cheap and keeps
   * neighbours out (Documentation/networking/ip-sysctl.rst, tcp_child_ehash_entries; ignored before Linux 6.1)
   * @param acquired gets what ends it, before it is ready
   * @throws BenchError `isolation-not-permitted`, which says how to permit it; `tool-missing`; `lab-failed`
   */
  static async open(
    hashBuckets = SMALLEST_HASH,
    acquired: (kill: () => void) => void = () => {},
    observe: Observe = unobserved,
  ): Promise<Holder> {
    const seen = { acquired, observe };
    try {
      return await Holder.#openWith("user-namespace", ["--user"], hashBuckets, seen);
    } catch (error) {
      if (error instanceof BenchError) throw error;
      if (process.getuid?.() !== 0) throw notPermitted((error as Error).message);
      try {
        return await Holder.#openWith("root", [], hashBuckets, seen);
      } catch (asRoot) {
        throw notPermitted((asRoot as Error).message);
      }
    }
  }

  static async #openWith(
    right: Right,
    flags: string[],
    hashBuckets: number,
    { acquired, observe }: { acquired: (kill: () => void) => void; observe: Observe },
  ): Promise<Holder> {
    const user = right === "root" ? [] : intoUser();
    const args = [...flags, "--net", "/bin/sh", "-c", BEGIN, script(hashBuckets, user)];
    const child = spawn("unshare", args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    const holder = new Holder(child, right, observe);
    acquired(() => holder.kill());
    let said = "";
    let begun = false;
    const ready = new Promise<void>((resolve, reject) =>
      holder.#child.stdout!.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (!begun && said.includes(MADE)) {
          begun = true;
          try {
            if (right === "user-namespace") holder.#accounts = mapIds(child.pid!);
            child.stdin.write("\n");
          } catch (error) {
            // One that has ended meanwhile is told by its end.
            if (!existsSync(`/proc/${child.pid}/uid_map`)) return;
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        }
        if (said.includes(AS_USER)) holder.#asUser = user;
        if (said.includes(READY)) resolve();
      }),
    );
    const failed = holder.#ended.then((how): never => {
      if (typeof how === "string") throw holder.#lost(`ended by ${how}`);
      if (how === TOOL_MISSING) throw toolMissing(said.trim().split("\n").at(-1) ?? "");
      throw new Error(holder.#stderr.trim() || `unshare ended with ${how}`);
    });
    failed.catch(() => {});
    try {
      const command = ["unshare", ...flags, "--net"].join(" ");
      await observe({ host: null, what: "make namespaces", command }, () =>
        holder.#unlessSilent(Promise.race([ready, failed])),
      );
    } catch (error) {
      holder.kill();
      throw error;
    }
    return holder;
  }

  /** What to put before a user's program so that it runs as that user; nothing where it does by itself. */
  get asUser(): readonly string[] {
    return this.#asUser;
  }

  /** Whether programs can be run as other accounts. */
  get accounts(): boolean {
    return this.#accounts;
  }

  /** What to put before a command so that it runs in namespaces of its own, beside this one: a host. */
  get intoNewHost(): string[] {
    return [
      "nsenter",
      `--target=${this.#child.pid}`,
      "--net",
      ...(this.#right === "user-namespace" ? ["--user", "--preserve-credentials"] : []),
      "--",
      // Two ways to go with the conductor: the kernel's signal here, and the agent's own look at its IPC channel.
      "setpriv",
      "--pdeathsig=KILL",
      "unshare",
      "--net",
      "--pid",
      "--mount",
      "--ipc",
      "--fork",
      "--kill-child",
      "--",
    ];
  }

  /** Runs lines of `ip -batch` between the hosts; after this the holder is gone. @throws BenchError `lab-failed` */
  finish(lines: readonly string[]): Promise<void> {
    return this.#observe({ host: null, what: "join hosts", command: batch(lines) }, () => this.#finish(lines));
  }

  async #finish(lines: readonly string[]): Promise<void> {
    this.#child.stdin!.end(lines.map((line) => line + "\n").join(""));
    const how = await this.#unlessSilent(this.#ended);
    if (how === 0) return;
    if (typeof how === "string") throw this.#lost(`ended by ${how}`);
    throw new BenchError(
      "lab-failed",
      `the lab's hosts could not be wired: ${this.#stderr.trim() || `ip ended with ${how}`}`,
      "The kernel needs veth (CONFIG_VETH); try `--set lab.topology=loopback`, or run `bench doctor`.",
    );
  }

  /** The error where a signal has ended it; else null. Whoever fails for want of it may be the first to know. */
  async loss(): Promise<BenchError | null> {
    const known = this.#ended.then((how) => (typeof how === "string" ? this.#lost(`ended by ${how}`) : null));
    return Promise.race([known, new Promise<null>((resolve) => setTimeout(resolve, LAST_WORDS_MS, null))]);
  }

  #unlessSilent<T>(answer: Promise<T>): Promise<T> {
    return answerOf(answer, (why) => this.#lost(why), { pid: this.#child.pid });
  }

  #lost(how: string): BenchError {
    return new BenchError(
      "lab-failed",
      `the process that makes the lab's namespaces (unshare, then ip) ${how}`,
      "Something outside killed or stopped it, or memory ran out; see the kernel's log, and run it again.",
    );
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

function notPermitted(cause: string): BenchError {
  return new BenchError(
    "isolation-not-permitted",
    `network namespaces are not permitted here: ${cause.split("\n")[0]}`,
    howToPermit(),
  );
}
