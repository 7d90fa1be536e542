import { spawn } from "node:child_process";
import { describeStopped, onStopped } from "../waiting/stopped.js";

export interface Ended {
  /** null when a signal ended it, or it could not even begin. */
  code: number | null;
  /** ENOENT and the like when it could not begin; null otherwise. */
  errno: string | null;
  /** Why we ended it ourselves: it was stopped, or took too long; null otherwise. */
  givenUp: string | null;
  stdout: string;
  /** The last lines of both streams, at most 20. */
  lastLines: string[];
}

export interface Surroundings {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Its end is the end of the process and of all that it has started; absent: it is left to end by itself. */
  signal?: AbortSignal;
}

const LAST_LINES = 20;
const MOST_CHARACTERS = 1_000_000;
/** A grandchild that keeps the pipes open must not delay the news. */
const LAST_WORDS_MS = 100;
const PATIENCE_MS = 500;
/** A build that says nothing may be at work; one that takes an hour is not for a benchmark to wait for. */
const LONGEST_MS = 3_600_000;

/**
 * Runs a program without a terminal until it has ended. In a group of its own: Ctrl-C on the terminal goes to us alone,
 * and ends it only where it is meant to. Never rejects.
 */
export function runQuietly(file: string, args: readonly string[], { cwd, env, signal }: Surroundings): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let all = "";
    const tail = (text: string): string => text.slice(-MOST_CHARACTERS);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = tail(stdout + text);
      all = tail(all + text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (all = tail(all + text)));
    const killGroup = (by: "SIGTERM" | "SIGKILL"): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, by);
      } catch {
        // All of it has ended.
      }
    };
    let givenUp: string | null = null;
    const giveUp = (why: string): void => {
      givenUp = why;
      killGroup("SIGKILL");
    };
    const late = setTimeout(() => giveUp(`has not ended for ${LONGEST_MS / 60_000} minutes`), LONGEST_MS);
    const endLook =
      child.pid === undefined ? () => {} : onStopped([child.pid], (found) => giveUp(describeStopped(found)));
    let impatience: NodeJS.Timeout | undefined;
    const abort = (): void => {
      killGroup("SIGTERM");
      impatience = setTimeout(() => killGroup("SIGKILL"), PATIENCE_MS);
    };
    const end = (code: number | null, errno: string | null): void => {
      clearTimeout(impatience);
      clearTimeout(late);
      endLook();
      signal?.removeEventListener("abort", abort);
      const lines = all.split("\n").filter((line) => line.trim() !== "");
      resolve({ code, errno, givenUp, stdout, lastLines: lines.slice(-LAST_LINES) });
    };
    child.once("error", (error: NodeJS.ErrnoException) => end(null, error.code ?? error.message));
    child.once("exit", (code) => {
      // What it left running in the background would outlive us.
      killGroup("SIGKILL");
      const closed = new Promise((done) => child.once("close", done));
      void Promise.race([closed, new Promise((done) => setTimeout(done, LAST_WORDS_MS))]).then(() => end(code, null));
    });
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted === true) abort();
  });
}
