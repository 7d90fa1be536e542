import { readFileSync } from "node:fs";
import { monotonicMs } from "../kernel/clock.js";
import { parseCounters, parseSockstat, UnreadableError } from "./parse-counters.js";
import { NET } from "./read.js";
import type { Population } from "./types.js";

/**
 * What can be told without looking at a single socket, and so costs the same however many there are.
 * @param net the folder of the namespace, with a slash at its end
 * @throws where it cannot be read; UnreadableError
 */
export function readPopulation(net = NET): Population {
  const began = monotonicMs();
  const { timeWait, inUse } = parseSockstat(readFileSync(net + "sockstat", "latin1"));
  const ipv6 = parseInUse6(readOptional(net + "sockstat6"));
  const established = parseCounters(readFileSync(net + "snmp", "latin1"), "/proc/net/snmp")["Tcp:CurrEstab"];
  if (established === undefined) throw new UnreadableError("/proc/net/snmp has no Tcp:CurrEstab");
  return { timeWait, established, inUse: { ipv4: inUse, ipv6 }, costUs: Math.round((monotonicMs() - began) * 1000) };
}

/** 0 without a text, which is how a kernel without IPv6 shows. */
export function parseInUse6(text: string | null): number {
  if (text === null) return 0;
  const value = /^TCP6: inuse (\d+)$/mu.exec(text)?.[1];
  if (value === undefined) throw new UnreadableError('/proc/net/sockstat6 has no readable "inuse" in its TCP6 line');
  return Number(value);
}

function readOptional(file: string): string | null {
  try {
    return readFileSync(file, "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
