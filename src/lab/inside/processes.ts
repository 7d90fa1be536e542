import { type ChildProcess, spawn } from "node:child_process";
import type { ProcessTimes } from "../../sampler/types.js";
import type { FromAgent } from "../messages.js";
import type { SpawnSpec } from "../types.js";
import { cpuTimeOfChild } from "./cpu-time.js";
import { Output } from "./output.js";
import { prepareFolders, type Sight } from "./own-folders.js";
import { requireFolder, shellLine } from "./shell.js";

/** The processes that an agent has started on its host: their output and messages go to the conductor. */
export class Processes {
  readonly #children = new Map<string, ChildProcess>();
  readonly #tell: (message: FromAgent) => void;

  constructor(tell: (message: FromAgent) => void) {
    this.#tell = tell;
  }

  /** Resolves once it runs. Rejects with the errno's error when it cannot be started. */
  async start(processId: string, spec: SpawnSpec): Promise<void> {
    prepareFolders(sightOf(spec));
    const { file, args, ipc, ...around } = commandOf(spec);
    if (around.cwd !== undefined) requireFolder(around.cwd, spec.label);
    const child = spawn(file, args, {
      ...around,
      // A group of its own: without a PID namespace the group is what can be killed as one.
      detached: true,
      stdio: ["ignore", "pipe", "pipe", ...(ipc ? (["ipc"] as const) : [])],
    });
    this.#children.set(processId, child);
    const output = new Output((line) => this.#tell({ type: "line", processId, line }));
    const closed = [child.stdout, child.stderr].map((stream) => output.follow(stream!));
    child.on("message", (message) => this.#tell({ type: "message", processId, message }));
    child.once("exit", (code, signal) => {
      this.#children.delete(processId);
      // The last words may still be in the pipe; a grandchild that keeps the pipe open must not delay the news.
      const patience = new Promise((resolve) => setTimeout(resolve, 100));
      void Promise.race([Promise.all(closed), patience]).then(() =>
        this.#tell({ type: "exit", processId, code, signal, lastLines: [...output.lastLines] }),
      );
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => {
        this.#children.delete(processId);
        reject(error);
      });
    });
    child.on("error", () => {
      // A message to a process that has just ended; its exit is reported anyway.
    });
  }

  send(processId: string, message: unknown): void {
    const child = this.#children.get(processId);
    if (child?.connected === true) child.send(message as object, () => {});
  }

  /** With all that it has started. */
  kill(processId: string): void {
    const child = this.#children.get(processId);
    if (child?.pid !== undefined) killGroup(child.pid);
  }

  killAll(): void {
    for (const processId of this.#children.keys()) this.kill(processId);
  }

  /** By process id; those whose times cannot be read are left out. */
  cpuTimes(): Record<string, ProcessTimes> {
    const times: Record<string, ProcessTimes> = {};
    for (const [processId, child] of this.#children) {
      const time = child.pid === undefined ? null : cpuTimeOfChild(child.pid);
      if (time !== null) times[processId] = time;
    }
    return times;
  }
}

interface Started {
  file: string;
  args: string[];
  ipc: boolean;
  /** Absent: where we are. */
  cwd?: string;
}

function commandOf({ program }: SpawnSpec): Started {
  if ("entry" in program) return { file: process.execPath, args: [program.entry], ipc: true };
  if (!("shell" in program)) return { file: program.file, args: program.args, ipc: false };
  const { shell, cwd, env = {}, asUser = [] } = program;
  const { file, args } = shellLine(shell, env);
  const [first = file, ...rest] = [...asUser, file, ...args];
  return { file: first, args: rest, ipc: false, ...(cwd === undefined ? {} : { cwd }) };
}

/** What a program of the user's needs to see; null for one of ours. */
function sightOf({ program }: SpawnSpec): Sight | null {
  if ("shell" in program) return { cwd: program.cwd, texts: [program.shell, ...Object.values(program.env ?? {})] };
  if (!("entry" in program) || program.runs === undefined) return null;
  return { cwd: program.runs.cwd, texts: [program.runs.command] };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
