import { type ChildProcess, spawn } from "node:child_process";
import { BenchError } from "../errors.js";
import { howToPermit } from "./permission.js";

/** What gives us the right to make network namespaces: a user namespace of our own, or being root. */
type Right = "user-namespace" | "root";

/** Enough for the 28,232 or so sockets of a default port range without long chains. */
export const SMALLEST_HASH = 65_536;

/**
 * Says `ready` only where the lab will work: namespaces were made, and a sysctl could really be written. Then it waits
 * for lines of `ip -batch`, and is gone when its input ends, however the conductor ends.
 */
const script = (hashBuckets: number): string => `
  echo ${hashBuckets} 2>/dev/null >/proc/sys/net/ipv4/tcp_child_ehash_entries
  cat /proc/sys/net/ipv4/tcp_fin_timeout >/proc/sys/net/ipv4/tcp_fin_timeout || exit 1
  echo ready
  exec ip -batch -`;

/** The namespaces from which a lab's hosts are made and wired; needed only until they stand. */
export class Holder {
  readonly #child: ChildProcess;
  readonly #right: Right;
  #stderr = "";

  private constructor(child: ChildProcess, right: Right) {
    this.#child = child;
    this.#right = right;
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    child.stdin!.on("error", () => {});
    child.on("error", () => {});
  }

  /**
   * With a user namespace where that is permitted, else as root.
   * @param hashBuckets of each host's own table of sockets, a power of two: small makes a dump cheap and keeps
   * neighbours out (Documentation/networking/ip-sysctl.rst, tcp_child_ehash_entries; ignored before Linux 6.1)
   * @throws BenchError `isolation-not-permitted`, which says how to permit it; `tool-missing`
   */
  static async open(hashBuckets = SMALLEST_HASH): Promise<Holder> {
    try {
      return await Holder.#openWith("user-namespace", ["--user", "--map-root-user"], hashBuckets);
    } catch (error) {
      if (error instanceof BenchError) throw error;
      if (process.getuid?.() !== 0) throw notPermitted((error as Error).message);
      try {
        return await Holder.#openWith("root", [], hashBuckets);
      } catch (asRoot) {
        throw notPermitted((asRoot as Error).message);
      }
    }
  }

  static async #openWith(right: Right, flags: string[], hashBuckets: number): Promise<Holder> {
    const args = [...flags, "--net", "/bin/sh", "-c", script(hashBuckets)];
    const holder = new Holder(spawn("unshare", args, { stdio: ["pipe", "pipe", "pipe"], detached: true }), right);
    await new Promise<void>((resolve, reject) => {
      holder.#child.once("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "ENOENT" ? toolMissing("unshare", "util-linux") : error),
      );
      holder.#child.once("close", (code) => reject(new Error(holder.#stderr.trim() || `unshare ended with ${code}`)));
      holder.#child.stdout!.once("data", resolve);
    });
    return holder;
  }

  /** What to put before a command so that it runs in a network and PID namespace of its own, beside this one. */
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
      "--fork",
      "--kill-child",
      "--",
    ];
  }

  /** Runs lines of `ip -batch` between the hosts; after this the holder is gone. @throws BenchError `lab-failed` */
  async finish(lines: readonly string[]): Promise<void> {
    const ended = new Promise<number | null>((resolve) => {
      if (this.#child.exitCode !== null) resolve(this.#child.exitCode);
      else this.#child.once("close", resolve);
    });
    this.#child.stdin!.end(lines.map((line) => line + "\n").join(""));
    const code = await ended;
    if (code === 0) return;
    throw code === 127
      ? toolMissing("ip", "iproute2")
      : new BenchError(
          "lab-failed",
          `the lab's hosts could not be wired: ${this.#stderr.trim() || `ip ended with ${code}`}`,
          "The kernel needs veth (CONFIG_VETH); try `--set lab.topology=loopback`, or run `bench doctor`.",
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

function toolMissing(tool: string, packageName: string): BenchError {
  return new BenchError("tool-missing", `the program ${tool} was not found`, `Install the package ${packageName}.`);
}
