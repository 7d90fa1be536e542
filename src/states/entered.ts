import { type ChildProcess, spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { answerOf } from "../waiting/answer.js";
import type { FromInside } from "./inside.js";
import type { LookRequest, Reading } from "./types.js";
import { ownFile } from "../places.js";

/** The built program, as built. */
const INSIDE = ownFile("dist/states/inside.js");
const ROOT = 0;

/** A process of ours in another process's network namespace. */
export class Entered {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  #stderr = "";

  /** What it cannot do shows at the first look. */
  constructor(pid: number) {
    const { file, args } = intoNamespaceOf(pid);
    // A session of its own: Ctrl-C at the terminal is for us to handle. It ends when we do, by its IPC channel.
    this.#child = spawn(file, [...args, process.execPath, INSIDE], {
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
  async look(request: LookRequest): Promise<Reading> {
    const told = new Promise<FromInside>((resolve) => this.#child.once("message", resolve as (told: unknown) => void));
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
