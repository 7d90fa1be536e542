import type { TerminalHandles } from "../screen/types.js";

/** What a command may know of the process it runs in; handed in by cli.ts, so that tests can hand in another. */
export interface World {
  /** What the user calls us: `bench`, or `time-wait-bench`. */
  program: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The next line that is typed, or stands in what is piped in; null at its end, or once we are interrupted. */
  readLine(): Promise<string | null>;
  stdout: Output;
  stderr: Output;
  /** The one behind stderr, for what takes all of it for itself; null where stderr is none. */
  terminal: TerminalHandles | null;
  /** Aborted by the first Ctrl-C. */
  interrupted: AbortSignal;
  /** The number of the user who runs us; -1 where there are none. */
  userId: number;
}

export interface Output {
  /** @returns false when whoever read it has gone. */
  write(text: string): boolean;
  /** Of a terminal; null for a pipe or a file. A terminal changes its size while we run. */
  readonly columns: number | null;
  readonly rows: number | null;
  /** Whether control codes may be written: a terminal, and no NO_COLOR. */
  color: boolean;
}

/** Without a terminal a report is as wide as it was designed for. */
export const DEFAULT_WIDTH = 100;
