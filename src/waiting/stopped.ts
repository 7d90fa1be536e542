import { commandLineOf, descendantsOf, stateOf } from "./process-tree.js";

/** A look at the dozen processes of a run costs about a millisecond. */
const LOOK_EVERY_MS = 1_000;
/** Who is stopped on purpose for a moment may go on. */
const LONGEST_STOP_LOOKS = 5;
const STOPPED = "T";

/** A process that was stopped (SIGSTOP) and did not go on. */
export interface StoppedProcess {
  pid: string;
  commandLine: readonly string[];
  /** The command lines of those between it and us, the nearest first. */
  above: readonly (readonly string[])[];
}

/**
 * Looks whether one of these processes, or of all that they have started, is stopped and does not go on. Looks are
 * counted, not time: see Watchdog. Where there is no /proc nothing is ever found.
 * @param pids may grow meanwhile
 * @param tell is called once
 * @returns ends the looking
 */
export function onStopped(pids: readonly number[], tell: (stopped: StoppedProcess) => void): () => void {
  let looks = new Map<string, number>();
  const timer = setInterval(() => {
    const stopped = stoppedAmong(pids.map(String));
    looks = new Map(stopped.map(({ pid }) => [pid, (looks.get(pid) ?? 0) + 1]));
    const found = stopped.find(({ pid }) => looks.get(pid) === LONGEST_STOP_LOOKS);
    if (found === undefined) return;
    clearInterval(timer);
    tell({
      pid: found.pid,
      commandLine: commandLineOf(found.pid),
      above: found.above.map(commandLineOf),
    });
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** Whether one of them, or of all that they have started, is stopped at this moment. */
export function isAnyStopped(pids: readonly number[]): boolean {
  return stoppedAmong(pids.map(String)).length > 0;
}

/** `was stopped (process 4242: node server.js)` */
export function describeStopped({ pid, commandLine }: StoppedProcess): string {
  return `was stopped (process ${pid}: ${commandLine.join(" ").slice(0, 100)})`;
}

function stoppedAmong(pids: readonly string[]): { pid: string; above: readonly string[] }[] {
  return pids
    .flatMap((pid) => [{ pid, state: stateOf(pid), above: [] }, ...descendantsOf(pid)])
    .filter(({ state }) => state === STOPPED);
}
