import { type ChildProcess, spawn } from "node:child_process";
import { BenchError, type ErrorCode } from "../errors.js";
import { answerOf } from "../waiting/answer.js";
import { killTree } from "../waiting/kill-descendants.js";
import { actionOf, unobserved } from "./actions.js";
import { hostMark } from "./mark.js";
import type { FromAgent, RequestName, Requests } from "./messages.js";
import type { Observe, ReadyProbe } from "./types.js";
import { ownFile } from "../places.js";

/** The built agent, as built. */
const AGENT = ownFile("dist/agent.js");
/** An agent that has not left so long after its line was cut is killed. */
const FAREWELL_MS = 2_000;

/** What an agent says unasked. */
export type Told = Exclude<FromAgent, { type: "hello" | "answer" | "failed" }>;

/** The conductor's end of the line to one host's agent: questions with answers, and what the agent tells unasked. */
export class AgentLink {
  readonly #host: string;
  /** The command line that started it. */
  readonly #command: readonly [program: string, ...args: string[]];
  readonly #observe: Observe;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  readonly #onTold: (told: Told) => void;
  readonly #ended: Promise<void>;
  #stderr = "";
  #lastId = 0;
  /** From its greeting until its end is asked for. */
  #stands = false;
  #gone = false;

  /**
   * Starts an agent, through `wrapper` (a program and arguments that lead into a namespace) where there is one.
   * @param host its name, for those who look for running labs
   * @param onEnd gets an error when a host that stood ends although nobody has asked for it
   */
  constructor(
    host: string,
    wrapper: readonly string[],
    onTold: (told: Told) => void,
    onEnd: (lost: BenchError | null) => void,
    observe: Observe = unobserved,
  ) {
    const [file, ...args] = [...wrapper, process.execPath, AGENT, hostMark(host)];
    // A session of its own: Ctrl-C at the terminal is for the conductor to handle, in order.
    const child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], detached: true });
    this.#host = host;
    this.#command = [file, ...args];
    this.#observe = observe;
    this.#child = child;
    this.#onTold = onTold;
    child
      .stderr!.setEncoding("utf8")
      .on("data", (text: string) => (this.#stderr = (this.#stderr + text).slice(-4_000)));
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#gone = true;
        for (const { reject } of this.#waiting.values()) reject(this.#lost());
        this.#waiting.clear();
        onEnd(this.#stands ? this.#lost() : null);
        resolve();
      };
      child.once("exit", end);
      child.once("error", end);
    });
    child.on("error", () => {});
    child.on("message", (message) => this.#receive(message as FromAgent));
  }

  /** Of the process that leads into the namespace: it lives in it, but in our PID namespace. */
  get pid(): number {
    return this.#child.pid!;
  }

  /** @throws the agent's own error; BenchError `lab-failed` when the agent is gone, or does not answer */
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]["ask"]): Promise<Requests[Name]["answer"]> {
    const action = actionOf(this.#host, name, ask);
    return action === null ? this.#ask(name, ask) : this.#observe(action, () => this.#ask(name, ask));
  }

  #ask<Name extends RequestName>(name: Name, ask: Requests[Name]["ask"]): Promise<Requests[Name]["answer"]> {
    if (this.#gone) return Promise.reject(this.#lost());
    const id = ++this.#lastId;
    const answer = new Promise<Requests[Name]["answer"]>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.#child.send({ id, name, ask }, (error) => {
        if (error !== null && this.#waiting.delete(id)) reject(this.#lost());
      });
    });
    return answerOf(answer, (why) => lostAgent(this.#host, `${why} (asked: ${name})`), {
      takesMs: takesMs(ask),
    });
  }

  /** Ends the host with all that runs on it, also what is stopped. Resolves when nothing of it is left. */
  async end(): Promise<void> {
    this.#stands = false;
    if (this.#gone) return;
    if (!killTree(this.pid)) await this.#leaves();
    await this.#ended;
  }

  /** Where we cannot see what runs on the host: its agent ends it, once its line is cut. */
  async #leaves(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), FAREWELL_MS);
    await this.#ended;
    clearTimeout(killer);
  }

  /** Resolves when the agent has said hello. @throws BenchError `lab-failed` */
  greeted(): Promise<void> {
    const action = { host: this.#host, what: "make host", command: this.#command.join(" ") };
    return this.#observe(action, () => this.#greeted());
  }

  async #greeted(): Promise<void> {
    const [program] = this.#command;
    const greeted = new Promise<void>((resolve, reject) => {
      const fail = (cause: string): void =>
        reject(
          new BenchError(
            "lab-failed",
            `the lab's host ${this.#host.trim()} could not be made: ${cause}`,
            "Run `bench doctor` to see what this machine permits.",
          ),
        );
      this.#child.once("message", () => {
        this.#stands = true;
        resolve();
      });
      this.#child.once("error", (error) => fail(`${program}: ${error.message}`));
      this.#child.once("exit", (code, signal) =>
        fail(this.#stderr.trim() || `${program} ended with ${signal ?? code}`),
      );
    });
    return answerOf(greeted, (why) => lostAgent(this.#host, `${why} (asked: to start)`), { pid: this.#child.pid });
  }

  #receive(message: FromAgent): void {
    switch (message.type) {
      case "hello":
        return;
      case "answer":
        this.#take(message.id)?.resolve(message.answer);
        return;
      case "failed":
        this.#take(message.id)?.reject(errorFrom(message));
        return;
      case "samples":
      case "sampler-fault":
      case "message":
      case "line":
      case "exit":
        this.#onTold(message);
    }
  }

  #take(id: number): { resolve: (answer: unknown) => void; reject: (error: Error) => void } | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #lost(): BenchError {
    // What leads into the namespace says of an agent that was killed only that it cannot be killed likewise.
    const own = this.#stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("unshare: "));
    const last = own.at(-1) ?? "";
    return lostAgent(this.#host, `ended in the middle of the run${last === "" ? "" : `: ${last}`}`);
  }
}

function lostAgent(host: string, how: string): BenchError {
  return new BenchError(
    "lab-failed",
    `the agent of the host ${host.trim()} ${how}`,
    "Something outside killed or stopped it, or memory ran out; see the kernel's log, and run it again.",
  );
}

/** What the answer may take by itself: some questions say so. */
function takesMs(ask: unknown): number {
  const { timeoutMs, withinMs, probe } = ask as { timeoutMs?: number; withinMs?: number; probe?: ReadyProbe };
  return timeoutMs ?? withinMs ?? probe?.timeoutMs ?? 0;
}

function errorFrom(failed: FromAgent & { type: "failed" }): Error {
  if (failed.code !== undefined) return new BenchError(failed.code as ErrorCode, failed.message, failed.hint ?? "");
  const error = new Error(failed.message);
  if (failed.stack !== undefined) error.stack = failed.stack;
  return error;
}
