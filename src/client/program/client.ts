import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { BenchError } from "../../errors.js";
import { monotonicMs } from "../../kernel/clock.js";
import type { LoadPlan, ProgramPlan } from "../../scenario/types.js";
import { noLoad } from "../books/no-load.js";
import { ProgressMeter } from "../books/progress.js";
import { warmUpPlan } from "../pace/warm-up.js";
import { originOf } from "../target.js";
import { quotable } from "../tools/shell.js";
import { TOOLS } from "../tools/tools.js";
import type { Claims } from "../tools/types.js";
import type { LoadBooks, LoadProgress, LoadTarget, PreparedLoad, ProgramRun, ThreadedClient } from "../types.js";
import { WITH_TOOLS } from "./find.js";
import { kept, Written } from "./output.js";

/** A program that is told how long may finish what is under way, as long as its requests may take, and write its summary. */
const SUMMARY_MS = 5_000;
/** Between the wish that it ends (SIGTERM) and its end (SIGKILL). */
const PATIENCE_MS = 400;

/**
 * Somebody else's program as the client: it runs on the client's host, and this process only starts it, ends it and keeps
 * what it writes. What its connections do, the kernels and the server count.
 */
export const programClient: ThreadedClient = {
  prepare(plan, target) {
    if (plan.program === undefined) throw new Error("a program was to make the load, and nobody looked for it");
    return Promise.resolve(new ProgramLoad(plan, plan.program, target));
  },
};

class ProgramLoad implements PreparedLoad {
  readonly clientName: string;
  readonly #plan: LoadPlan;
  readonly #program: ProgramPlan;
  readonly #target: LoadTarget;
  readonly #meter = new ProgressMeter();

  constructor(plan: LoadPlan, program: ProgramPlan, target: LoadTarget) {
    this.#plan = plan;
    this.#program = program;
    this.#target = target;
    this.clientName = program.tool === null ? program.command : nameOf(program.tool);
  }

  async warmUp(): Promise<void> {
    const plan = warmUpPlan(this.#plan);
    const command = filledIn(this.#program.command, plan, this.#target);
    await runProgram(command, { ...limits(plan, this.#program), signal: new AbortController().signal });
  }

  async run(signal: AbortSignal): Promise<LoadBooks> {
    const command = filledIn(this.#program.command, this.#plan, this.#target);
    const startMs = monotonicMs();
    this.#meter.begin(startMs);
    const program = signal.aborted
      ? { ...NOT_RUN, command }
      : { command, ...(await runProgram(command, { ...limits(this.#plan, this.#program), signal })) };
    return { ...booksOf(startMs, monotonicMs()), program: withClaims(program, this.#program) };
  }

  progress(): LoadProgress {
    const nothing = { succeeded: 0, failed: 0, connections: 0, noPort: 0 };
    return this.#meter.read(nothing, { atMs: [], perSec: [], p50Us: [], p99Us: [] });
  }
}

interface Limits {
  cwd: string;
  asUser: readonly string[];
  /** It knows how long to run, and ends by itself: every known tool is told. */
  isTold: boolean;
  longestMs: number;
}

type Ended = Pick<ProgramRun, "exitCode" | "signal" | "stopped"> & { stdout: Written; stderr: Written };

const NOT_RUN: Ended = {
  exitCode: null,
  signal: null,
  stopped: "interrupted",
  stdout: new Written(),
  stderr: new Written(),
};

/** @returns when it and whatever it started in its group has ended @throws BenchError when there is no shell */
function runProgram(
  command: string,
  { cwd, asUser, isTold, longestMs, signal }: Limits & { signal: AbortSignal },
): Promise<Ended> {
  const [stdout, stderr] = [new Written(), new Written()];
  // A group of its own, so that what the shell has started ends with it.
  const [file, ...args] = [...asUser, "/bin/sh", "-c", `${WITH_TOOLS} ${command}`];
  const child = spawn(file, args, {
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout.add(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr.add(text));
  let stopped: Ended["stopped"] = null;
  let harder: NodeJS.Timeout | undefined;
  const stop = (why: Ended["stopped"]): void => {
    if (stopped !== null) return;
    stopped = why;
    tell(child, "SIGTERM");
    harder = setTimeout(() => tell(child, "SIGKILL"), PATIENCE_MS);
  };
  const over = setTimeout(() => stop(isTold ? "late" : "time"), longestMs);
  const interrupt = (): void => stop("interrupted");
  signal.addEventListener("abort", interrupt, { once: true });
  return new Promise<Ended>((resolve, reject) => {
    child.once("error", (error) => {
      const hint = "Check that its folder is there, and that /bin/sh may be run.";
      reject(new BenchError("client-died", `the program could not be started: ${error.message}`, hint));
    });
    child.once("exit", (exitCode, killedBy) => {
      // What it left running would go on making a load, and would hold its pipes open.
      tell(child, "SIGKILL");
      const done = (): void => resolve({ exitCode, signal: killedBy, stopped, stdout, stderr });
      child.once("close", done);
      setTimeout(done, PATIENCE_MS).unref();
    });
  }).finally(() => {
    clearTimeout(over);
    clearTimeout(harder);
    signal.removeEventListener("abort", interrupt);
  });
}

/** To all of its group. */
function tell({ pid }: ChildProcessByStdio<null, Readable, Readable>, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

/** A program that is not told how long to run ends with the load; one that is, or makes a number of requests, by itself. */
function limits({ durationMs, timeoutMs }: LoadPlan, { command, cwd, asUser = [], tool }: ProgramPlan): Limits {
  const isTold = tool !== null || command.includes("{seconds}");
  return { cwd, asUser, isTold, longestMs: durationMs + (isTold ? timeoutMs + SUMMARY_MS : 0) };
}

const PLACE = /(?<!\$)\{(url|origin|host|port|path|ca|connections|seconds|rate|requests)\}/gu;

/** The command line with its places filled in. */
export function filledIn(command: string, plan: LoadPlan, target: LoadTarget): string {
  const values: Record<string, string> = {
    url: `${originOf(target)}${quotable(plan.path)}`,
    origin: originOf(target),
    host: target.host,
    port: String(target.port),
    path: quotable(plan.path),
    ca: target.tls?.caFile ?? "",
    connections: String(plan.connections),
    seconds: String(plan.durationMs / 1000),
    rate: String(plan.pace?.stages[0]?.toPerSec ?? ""),
    requests: String(plan.requests ?? ""),
  };
  return command.replaceAll(PLACE, (whole, place: string) => values[place] ?? whole);
}

function nameOf({ name, version }: NonNullable<ProgramPlan["tool"]>): string {
  return `${name} ${version}`;
}

function withClaims({ stdout, stderr, ...ended }: Ended & { command: string }, { tool }: ProgramPlan): ProgramRun {
  const run = { ...ended, ...kept(stdout, stderr), claims: null, unreadable: null };
  if (tool === null || ended.stopped === "interrupted") return run;
  const { exitCode } = ended;
  const said = TOOLS[tool.name].read({ stdout: stdout.text, stderr: stderr.text, exitCode });
  const claims: Claims | null = said && { tool: nameOf(tool), ...said, exitCode };
  return { ...run, claims, unreadable: claims === null ? `${nameOf(tool)} wrote no summary that can be read` : null };
}

/** What a program does not tell is not known. */
function booksOf(startedAtMs: number, endedAtMs: number): LoadBooks {
  const { clientName: _nobody, ...nothing } = noLoad(startedAtMs, endedAtMs);
  return nothing;
}
