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
  "process-stopped": EXIT.incomplete,
  "nothing-answered": EXIT.incomplete,
  "build-failed": EXIT.incomplete,
  "open-files-limit": EXIT.incomplete,
  "memory-too-small": EXIT.incomplete,
  "no-lab-running": EXIT.incomplete,
  "no-such-counter": EXIT.incomplete,
  "states-not-readable": EXIT.incomplete,
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
