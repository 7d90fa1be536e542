import { basename } from "node:path";

/** What an agent's arguments say of it, so that it can be found in /proc, whichever installation of bench started it. */
const MARK = "--time-wait-bench-host=";

/** The argument that an agent is started with. */
export function hostMark(host: string): string {
  return MARK + host;
}

/**
 * The name of the host whose agent has this command line; null when it is no agent's. What leads an agent into its
 * namespace (unshare) has the same words further back.
 */
export function markedHost(commandLine: readonly string[]): string | null {
  const [, script, mark] = commandLine;
  if (script === undefined || basename(script) !== "agent.js" || mark?.startsWith(MARK) !== true) return null;
  return mark.slice(MARK.length);
}

/** The name of the host to which a process belongs, by its own command line or by that of one above it; null for none. */
export function hostNamedIn(commandLines: readonly (readonly string[])[]): string | null {
  const mark = commandLines.flat().find((argument) => argument.startsWith(MARK));
  return mark === undefined ? null : mark.slice(MARK.length).trim();
}
