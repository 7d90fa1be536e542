import { type ChildProcess, spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { answerOf } from "../waiting/answer.js";
import type { FromInside } from "./answers.js";
import { ownFile } from "../places.js";

const ROOT = 0;

/** Whose network namespace: a process's, or the one that a file stands for (ip-netns(8)). */
export type Into = { pid: number } | { netns: string };

/** A process of ours in another network namespace. */
export class Entered<Request extends object, Reading> {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  #stderr = "";

  /**
   * What it cannot do shows at the first look.
   * @param inside the program that looks, as built: see `answerEach`
   */
  constructor(into: Into, inside: string) {
    const { file, args } = "pid" in into ? intoNamespaceOf(into.pid) : intoNamespaceAt(into.netns);
    // A session of its own: Ctrl-C at the terminal is for us to handle. It ends when we do, by its IPC channel.
    this.#child = spawn(file, [...args, process.execPath, ownFile(inside)], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      detached: true,
    });
    this.#child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.#ended = new Promise((_, reject) => {
      this.#child.once("error", (error) => reject(new Error(`${file}: ${error.message}`)));
      this.#child.once("close", (code, signal) =>
        reject(new Error(this.#stderr.trim().split("\n").at(-1) || `${file} ended with ${signal ?? code}`)),
      );
    });
    // Whoever waits for a look hears of it.
    this.#ended.catch(() => {});
  }

  /** One at a time. @throws when the namespace could not be entered, or nothing can be read in it */
  async look(request: Request): Promise<Reading> {
    const told = new Promise<FromInside<Reading>>((resolve) =>
      this.#child.once("message", resolve as (told: unknown) => void),
    );
    this.#child.send(request, () => {});
    const asked = Promise.race([told, this.#ended]);
    const answer = await answerOf(asked, (why) => new Error(`the process in it ${why}`), { pid: this.#child.pid });
    if ("failure" in answer) throw new Error(answer.failure);
    return answer.reading;
  }

  close(): void {
    // It holds nothing, and may be stopped.
    this.#child.kill("SIGKILL");
  }
}

/**
 * The user namespace has to be joined as well where it is another one, unless we are root there already; where it is
 * our own, joining it again is an error (setns(2), EINVAL).
 */
function intoNamespaceOf(pid: number): { file: string; args: string[] } {
  const isOurs = readlinkSync(`/proc/${pid}/ns/user`) === readlinkSync("/proc/self/ns/user");
  const user = isOurs || process.getuid?.() === ROOT ? [] : ["--user", "--preserve-credentials"];
  return { file: "nsenter", args: [`--target=${pid}`, "--net", ...user, "--"] };
}

function intoNamespaceAt(path: string): { file: string; args: string[] } {
  return { file: "nsenter", args: [`--net=${path}`, "--"] };
}
