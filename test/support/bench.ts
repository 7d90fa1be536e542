import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const DIST = `${ROOT}dist/`;
const CLI = `${DIST}cli.js`;

/** An environment variable that everything a run starts inherits, so that it can be told from other runs. */
export const RUN_MARK = "TIME_WAIT_BENCH_TEST_RUN";
/**
 * What the test runner and CI put into the environment, and a user's shell does not have. Node parses all of
 * NODE_EXTRA_CA_CERTS before it starts: where it is set, that takes longer than the rest of its start.
 */
const NOT_A_USERS =
  /^(?:CI|NO_COLOR|FORCE_COLOR|NODE_ENV|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|VITEST.*|VITE_.*|TEST|DEV|PROD|MODE|BASE_URL|SSR)$/u;

export interface StartOptions {
  cwd?: string;
  /** Added to the environment; `undefined` takes a variable out. */
  env?: Record<string, string | undefined>;
  /** Runs as this user and group, which only root can ask for. */
  uid?: number;
  /** A command that runs the rest as its arguments: `["sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"]`. */
  wrapper?: readonly string[];
  /** Its standard input is a pipe, for `type`. */
  typed?: boolean;
  /** After so long the run is killed, and its promise rejects with what it had said. */
  timeoutMs?: number;
}

export interface RunOptions extends StartOptions {
  /** Sends a signal once the pattern stands on stdout or stderr, or after so many milliseconds. */
  signalAfter?: { signal: NodeJS.Signals; after: RegExp | number };
}

export interface BenchRun {
  /** The value of RUN_MARK in it. */
  mark: string;
  stdout: string;
  stderr: string;
  /** null when a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  elapsedMs: number;
}

/** A run of the built command line that goes on beside the test. */
export interface RunningBench {
  mark: string;
  pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Writes to its standard input. */
  type(text: string): void;
  /** Resolves with what matches once the pattern stands on stdout or stderr; rejects when the run ends without it. */
  said(pattern: RegExp): Promise<string>;
  finished: Promise<BenchRun>;
}

/** Runs `bench` with these arguments until it ends. */
export function runBench(args: readonly string[], options: RunOptions = {}): Promise<BenchRun> {
  return runProgram(process.execPath, [CLI, ...args], options);
}

/** Starts `bench` with these arguments. */
export function startBench(args: readonly string[], options: StartOptions = {}): RunningBench {
  return startProgram(process.execPath, [CLI, ...args], options);
}

/** The same for any program, in the same environment. */
export function runProgram(file: string, args: readonly string[], options: RunOptions = {}): Promise<BenchRun> {
  const running = startProgram(file, args, options);
  const { signalAfter } = options;
  if (signalAfter !== undefined) {
    const { signal, after } = signalAfter;
    if (typeof after === "number") setTimeout(() => running.kill(signal), after).unref();
    // A run that ends without the words is seen by what `finished` says.
    else
      void running.said(after).then(
        () => running.kill(signal),
        () => {},
      );
  }
  return running.finished;
}

export function startProgram(file: string, args: readonly string[], options: StartOptions = {}): RunningBench {
  const mark = randomUUID();
  const startedAt = performance.now();
  const [command = file, ...rest] = [...(options.wrapper ?? []), file, ...args];
  const child = spawn(command, rest, {
    cwd: options.cwd ?? ROOT,
    env: environment({ ...options.env, [RUN_MARK]: mark }),
    stdio: [options.typed === true ? "pipe" : "ignore", "pipe", "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const output = new Output(child);
  const timeoutMs = options.timeoutMs ?? 100_000;
  const finished = new Promise<BenchRun>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`still running after ${timeoutMs} ms: ${args.join(" ")}\n${output.stdout}${output.stderr}`));
    }, timeoutMs);
    child.once("error", reject);
    child.once("close", (exitCode, signal) => {
      clearTimeout(timer);
      const { stdout, stderr } = output;
      resolve({ mark, stdout, stderr, exitCode, signal, elapsedMs: performance.now() - startedAt });
    });
  });
  return {
    mark,
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    type: (text) => void child.stdin?.write(text),
    said: (pattern) => output.said(pattern, finished),
    finished,
  };
}

/** What a user's shell would hand over: ours without the test runner's own variables. */
export function environment(changes: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !NOT_A_USERS.test(name));
  return { ...Object.fromEntries(ours), ...changes };
}

class Output {
  stdout = "";
  stderr = "";
  readonly #listeners = new Set<() => void>();

  constructor(child: ChildProcess) {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#heard((this.stdout += text)));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#heard((this.stderr += text)));
  }

  said(pattern: RegExp, finished: Promise<BenchRun>): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
        if (found === null) return;
        this.#listeners.delete(look);
        resolve(found[0]);
      };
      this.#listeners.add(look);
      look();
      finished.then(
        (run) =>
          reject(new Error(`ended with ${run.exitCode ?? run.signal} before it said ${pattern}:\n${run.stderr}`)),
        reject,
      );
    });
  }

  #heard(_text: string): void {
    for (const look of this.#listeners) look();
  }
}
