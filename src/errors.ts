/**
 * Errors that a user can do something about: a code that tests and scripts can rely on, one sentence that says what is
 * wrong, a hint that says what to do, and the exit code it ends in. Everything else is a bug of ours and keeps its stack.
 */

export const EXIT = {
  ok: 0,
  expectationFailed: 1,
  usage: 2,
  incomplete: 3,
  unclear: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Every code with the exit code it leads to. A new error starts with a line here. */
const EXIT_OF_CODE = {
  "bad-usage": EXIT.usage,
  "bad-scenario": EXIT.usage,
  "scenario-not-found": EXIT.usage,
  "bad-result": EXIT.usage,
  "bad-gate": EXIT.usage,
  "bad-lesson": EXIT.usage,
  "not-comparable": EXIT.usage,
  "output-not-writable": EXIT.usage,
  "remote-target": EXIT.usage,
  "no-such-process": EXIT.usage,
  "bad-revision": EXIT.usage,
  "isolation-not-permitted": EXIT.incomplete,
  "lab-failed": EXIT.incomplete,
  "sysctl-refused": EXIT.incomplete,
  "tool-missing": EXIT.incomplete,
  "server-not-ready": EXIT.incomplete,
  "server-died": EXIT.incomplete,
  "client-died": EXIT.incomplete,
  "probe-died": EXIT.incomplete,
  "process-lost": EXIT.incomplete,
  "nothing-answered": EXIT.incomplete,
  "build-failed": EXIT.incomplete,
  "open-files-limit": EXIT.incomplete,
  "out-of-resources": EXIT.incomplete,
  "not-installed": EXIT.incomplete,
  "memory-too-small": EXIT.incomplete,
  "no-lab-running": EXIT.incomplete,
  "no-such-counter": EXIT.incomplete,
  "states-not-readable": EXIT.incomplete,
  "cannot-listen": EXIT.incomplete,
  "unsafe-place": EXIT.incomplete,
  "not-on-this-platform": EXIT.incomplete,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof EXIT_OF_CODE;

export class BenchError extends Error {
  override readonly name = "BenchError";
  readonly code: ErrorCode;
  /** What the user can do about it; one sentence, or several lines where a command has to be shown. */
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(code: ErrorCode, sentence: string, hint: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
    this.hint = hint;
    this.exitCode = EXIT_OF_CODE[code];
  }
}

const FEW_FILES = "Raise the limit and try again: ulimit -n 1024";
const FREE_MEMORY = "End what else runs, or raise the limit (ulimit -a), and try again.";
/** What a machine, or a limit that was set on it, refuses: no bug, wherever it comes up. */
const EXHAUSTED: Readonly<Record<string, readonly [code: ErrorCode, sentence: string, hint: string]>> = {
  EMFILE: ["open-files-limit", "this process may not open as many files as it needs", FEW_FILES],
  ENFILE: ["open-files-limit", "this machine has as many files open as it allows", "End what else has files open."],
  // Node says this, too, where it may not open the package.json that it has found.
  ERR_MODULE_NOT_FOUND: [
    "not-installed",
    "a part of bench could not be loaded",
    "Install it again: npm ci. If few files may be open, raise that limit: ulimit -n 1024",
  ],
  EAGAIN: ["out-of-resources", "no more processes or threads may be started", FREE_MEMORY],
  ENOMEM: ["out-of-resources", "there is not enough memory", FREE_MEMORY],
  ENOSPC: ["out-of-resources", "there is no room left on the disk", "Free some room, and try again."],
  EDQUOT: ["out-of-resources", "your share of the disk is used up", "Free some room, and try again."],
};

/** The error as one that a user can do something about; null where it is a bug of ours. */
export function forUsers(error: unknown): BenchError | null {
  if (error instanceof BenchError) return error;
  const { code } = (error ?? {}) as { code?: unknown };
  const known = typeof code === "string" && Object.hasOwn(EXHAUSTED, code) ? EXHAUSTED[code] : undefined;
  return known === undefined ? null : new BenchError(...known, { cause: error });
}
