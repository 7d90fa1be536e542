import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { requireFolder, shellLine } from "./shell.js";
import { type CommandRequest, type HostReading, SBIN } from "../types.js";
import { Output } from "./output.js";
import { prepareFolders } from "./own-folders.js";

/** More different groups than that are no count any more; what comes later is left out. */
const MOST_GROUPS = 1_000;
const LONGEST_LINE = 10_000;
/** Of what a command printed: its end says what came of it. */
const MOST_LINES_KEPT = 5;
/** What was written to stderr before the end is there by then. */
const STDERR_MS = 100;

const running = new Set<number>();

/**
 * Runs a command line on this host and counts what it prints. It finds the programs that `requireTools` finds. Its figures
 * are those of the step `command`: scenario/phases/host-kinds.ts.
 */
export async function runCommand({
  command,
  cwd,
  env,
  count,
  number,
  timeoutMs,
}: CommandRequest): Promise<HostReading> {
  prepareFolders({ cwd, texts: [command, ...Object.values(env)] });
  requireFolder(cwd, "command");
  // A group of its own, so that what it has started can be killed with it.
  const { file, args } = shellLine(`PATH="$PATH:${SBIN}"\n${command}`, env);
  const child = spawn(file, args, {
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve, reject) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    child.once("error", reject);
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  const tally = new Tally(count, number);
  const said = new Output(() => {});
  const read = forEachLine(child.stdout, (line) => {
    tally.line(line);
    said.line(line);
  });
  const readErrors = said.follow(child.stderr);
  let timedOut = 0;
  const late = setTimeout(() => {
    timedOut = 1;
    if (pid !== undefined) kill(pid);
    // What has left the group may keep the pipe open.
    child.stdout.destroy();
  }, timeoutMs);
  try {
    const [{ exitCode, signal }] = await Promise.all([exited, read]);
    // What it leaves running may keep stderr, and goes on.
    await Promise.race([readErrors, new Promise((resolve) => setTimeout(resolve, STDERR_MS))]);
    const output = said.lastLines.slice(-MOST_LINES_KEPT).join("\n") || null;
    const ended = { exitCode, signal: signal ?? "none", timedOut, output };
    return { ...tally.groups(), number: tally.number, ...ended, lines: tally.lines };
  } finally {
    clearTimeout(late);
    if (pid !== undefined) running.delete(pid);
  }
}

/** All that still run. */
export function killCommands(): void {
  for (const pid of running) kill(pid);
}

/** Resolves when the stream is closed. */
function forEachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let pending = "";
  stream.on("data", (piece: Buffer) => {
    const lines = (pending + decoder.write(piece)).split("\n");
    pending = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    for (const line of lines) onLine(line);
  });
  return new Promise((resolve) =>
    stream.once("close", () => {
      if (pending !== "") onLine(pending);
      resolve();
    }),
  );
}

class Tally {
  readonly #count: RegExp | null;
  readonly #number: RegExp | null;
  readonly #groups = new Map<string, number>();
  #counted = 0;
  lines = 0;
  /** Of the first match that has one. */
  number: number | null = null;

  constructor(count: string | null, number: string | null) {
    this.#count = count === null ? null : new RegExp(count);
    this.#number = number === null ? null : new RegExp(number);
  }

  line(text: string): void {
    this.lines++;
    const group = this.#count?.exec(text)?.[1];
    if (group !== undefined) this.#counted++;
    if (group !== undefined && (this.#groups.has(group) || this.#groups.size < MOST_GROUPS))
      this.#groups.set(group, (this.#groups.get(group) ?? 0) + 1);
    if (this.number !== null) return;
    const found = this.#number?.exec(text)?.[1];
    const value = found === undefined || found.trim() === "" ? Number.NaN : Number(found);
    if (Number.isFinite(value)) this.number = value;
  }

  groups(): Record<string, number> {
    if (this.#count === null) return {};
    return { ...Object.fromEntries(this.#groups), counted: this.#counted };
  }
}

function kill(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
