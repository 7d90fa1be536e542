import { BenchError } from "../errors.js";
import type { HostProcess, ProcessExit } from "../lab/types.js";

/**
 * Waiting for a server: until it is ready, until it dies, or until its time is over, whichever comes first.
 * @param who it is, for errors
 */
export async function untilReady(
  process: HostProcess,
  ready: Promise<unknown>,
  timeoutMs: number,
  who = "server",
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const lastLines: string[] = [];
  process.onLine((line) => {
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
  });
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(notReady(who, timeoutMs, lastLines)), timeoutMs);
  });
  try {
    await Promise.race([ready, died(process, "before it was ready", who), late]);
  } catch (error) {
    throw error instanceof BenchError ? error : notReady(who, timeoutMs, lastLines, (error as Error).message);
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects when the process ends. Nobody has to be listening. */
export function died(process: HostProcess, when: string, who = "server"): Promise<never> {
  const death = process.exited.then((exit): never => {
    throw new BenchError(
      "server-died",
      `the ${who} ended ${when} (${exit.signal === null ? `exit code ${exit.code}` : `by ${exit.signal}`})` +
        output(exit.lastLines),
      hintFor(exit),
    );
  });
  death.catch(() => {});
  return death;
}

function notReady(who: string, timeoutMs: number, lastLines: string[], cause?: string): BenchError {
  return new BenchError(
    "server-not-ready",
    `the ${who} was not ready within ${timeoutMs / 1000} s${cause === undefined ? "" : ` (${cause})`}` +
      output(lastLines),
    `Give it more time (${who === "server" ? "--set server.readyTimeout=30s" : "readyTimeout"}), or check that it listens on {host} and {port}.`,
  );
}

function output(lines: readonly string[]): string {
  return lines.length === 0
    ? "; it printed nothing"
    : `; the last lines of its output:\n${lines.map((line) => `  | ${line}`).join("\n")}`;
}

function hintFor(exit: ProcessExit): string {
  if (exit.lastLines.some((line) => /EADDRINUSE|address already in use/i.test(line)))
    return "Its port is taken; choose another, such as --set server.port=18080";
  if (exit.code === 127) return "The command was not found on this machine; check its name and PATH.";
  return "Run its command by hand to see why it ends.";
}
