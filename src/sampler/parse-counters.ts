import type { Counters } from "./types.js";

/** What a file of /proc/net should not look like. The message names the file and the line. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
}

/**
 * The `tw` and `inuse` figures of /proc/net/sockstat (net/ipv4/proc.c, sockstat_seq_show).
 * Only these two belong to the namespace: `orphan`, `alloc` and `mem` count the whole machine.
 */
export function parseSockstat(text: string): { timeWait: number; inUse: number } {
  const line = text.split("\n").find((candidate) => candidate.startsWith("TCP:"));
  if (line === undefined) throw new UnreadableError("/proc/net/sockstat has no line that starts with TCP:");
  const words = line.split(/\s+/);
  const figure = (name: string): number => {
    const at = words.indexOf(name);
    const value = at < 0 ? Number.NaN : Number(words[at + 1] || Number.NaN);
    if (!Number.isInteger(value) || value < 0)
      throw new UnreadableError(`/proc/net/sockstat has no readable "${name}" in its TCP line`);
    return value;
  };
  return { timeWait: figure("tw"), inUse: figure("inuse") };
}

/**
 * /proc/net/snmp and /proc/net/netstat: pairs of lines with the same prefix, names above values.
 * @returns by group and name: `Tcp:ActiveOpens`, `TcpExt:TW`
 */
export function parseCounters(text: string, file: string): Counters {
  const counters: Counters = {};
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length === 0) throw new UnreadableError(`${file} is empty`);
  for (let at = 0; at < lines.length; at += 2) {
    const names = lines[at]!.split(" ");
    const values = lines[at + 1]?.split(" ");
    if (values === undefined || names.length !== values.length || names[0] !== values[0])
      throw new UnreadableError(`${file}, line ${at + 1}: names without the values that belong to them`);
    for (let column = 1; column < names.length; column++) {
      const value = values[column] === "" ? Number.NaN : Number(values[column]);
      if (!Number.isFinite(value))
        throw new UnreadableError(`${file}, line ${at + 2}: ${names[column]} is not a number`);
      counters[names[0]! + names[column]!] = value;
    }
  }
  return counters;
}
