import { BenchError } from "../errors.js";
import type { Host, HostProcess, ListeningSocket, ProcessExit } from "../lab/types.js";
import { hintForListener, listenersAsText } from "./listeners.js";

export interface Waiting {
  timeoutMs: number;
  /** Who it is, for errors. */
  who?: string;
  /** Where it should listen: then the error says where it does. `already`: what listened before it was started. */
  where?: { host: Host; port: number; already?: readonly ListeningSocket[] };
}

/** The host's answer about its sockets is for an error that is told anyway: it has to come soon. */
const LOOK_MS = 1_000;

/** Waits for a server until it is ready, until it dies, or until its time is over, whichever comes first. */
export async function untilReady(
  process: HostProcess,
  ready: Promise<unknown>,
  { timeoutMs, who = "server", where }: Waiting,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const lastLines: string[] = [];
  process.onLine((line) => {
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
  });
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("its time is over")), timeoutMs);
  });
  const ended = process.exited.then((exit): never => {
    throw new Ended(exit);
  });
  ended.catch(() => {});
  try {
    await Promise.race([ready, ended, late]);
  } catch (error) {
    if (error instanceof BenchError) throw error;
    const sockets = where === undefined ? [] : without(await listenersOn(where.host), where.already ?? []);
    if (error instanceof Ended) throw endedError(error.exit, "before it was ready", who, sockets);
    const after = `the ${who} was not ready within ${timeoutMs / 1000} s`;
    const cause = error instanceof Error && error.message !== "its time is over" ? ` (${error.message})` : "";
    throw new BenchError(
      "server-not-ready",
      after + cause + (where === undefined ? "" : listenersAsText(sockets)) + output(lastLines),
      where === undefined ? moreTime(who) : hintForListener(sockets, placeOf(where), moreTime(who)),
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects when the process ends. Nobody has to be listening. */
export function died(process: HostProcess, when: string, who = "server"): Promise<never> {
  const death = process.exited.then((exit): never => {
    throw endedError(exit, when, who, []);
  });
  death.catch(() => {});
  return death;
}

class Ended extends Error {
  readonly exit: ProcessExit;

  constructor(exit: ProcessExit) {
    super("it ended");
    this.exit = exit;
  }
}

function placeOf({ host, port }: NonNullable<Waiting["where"]>): { address: string; port: number } {
  return { address: host.address, port };
}

/** What listens on the host now; nothing where it does not say so soon. */
export async function listenersOn(host: Host): Promise<ListeningSocket[]> {
  const nothing = new Promise<ListeningSocket[]>((resolve) => setTimeout(resolve, LOOK_MS, []).unref());
  return Promise.race([host.listening().catch(() => []), nothing]);
}

function without(sockets: readonly ListeningSocket[], others: readonly ListeningSocket[]): ListeningSocket[] {
  return sockets.filter((one) => !others.some(({ address, port }) => one.address === address && one.port === port));
}

/** @param sockets what listens all the same: a program that has put itself into the background */
function endedError(exit: ProcessExit, when: string, who: string, sockets: readonly ListeningSocket[]): BenchError {
  const how = exit.signal === null ? `exit code ${exit.code}` : `by ${exit.signal}`;
  const left = sockets.length === 0 ? "" : `, and left a program behind${listenersAsText(sockets)}`;
  return new BenchError(
    "server-died",
    `the ${who} ended ${when} (${how})${left}${output(exit.lastLines)}`,
    sockets.length === 0
      ? hintFor(exit)
      : "Keep it in the foreground: nginx -g 'daemon off;', gunicorn without --daemon, no & at the end of the command.",
  );
}

function moreTime(who: string): string {
  return `Give it more time (${who === "server" ? "--set server.readyTimeout=30s" : "readyTimeout"}), or see from its output what it waits for; in a lab it reaches none of this machine's services.`;
}

function output(lines: readonly string[]): string {
  return lines.length === 0
    ? "; it printed nothing"
    : `; the last lines of its output:\n${lines.map((line) => `  | ${line}`).join("\n")}`;
}

function hintFor(exit: ProcessExit): string {
  const taken = exit.lastLines.find((line) => /EADDRINUSE|address already in use/i.test(line));
  if (taken !== undefined && /unix:|\.sock\b/u.test(taken))
    return "A socket in the file system is left from before; remove it first: rm -f ... at the beginning of the command.";
  if (taken !== undefined) return "Its port is taken; choose another, such as --set server.port=18080";
  if (exit.code === 127) return "The command was not found on this machine; check its name and PATH.";
  if (exit.code === 0)
    return "It ended as if its work was done. Did listen() fail without a word: a port that is taken, or below 1024 without root?";
  return "Run its command by hand to see why it ends.";
}
