import { readFileSync } from "node:fs";
import { parseCounters, parseSockstat } from "./parse-counters.js";
import type { Counters } from "./types.js";

/** Of the namespace that this process lives in. Not `/proc/net`, which is a link to the same: one lookup less. */
export const NET = "/proc/self/net/";

/** Population in TIME_WAIT. @throws where there is no /proc/net */
export function readTimeWait(): number {
  return parseSockstat(readFileSync(NET + "sockstat", "latin1")).timeWait;
}

/**
 * All counters of snmp and netstat, since the namespace began.
 * @param net the folder of the namespace, with a slash at its end
 * @throws where there is no /proc/net
 */
export function readCounters(net = NET): Counters {
  return {
    ...parseCounters(readFileSync(net + "snmp", "latin1"), "/proc/net/snmp"),
    ...parseCounters(readFileSync(net + "netstat", "latin1"), "/proc/net/netstat"),
  };
}

/** The range that connect() takes its ports from; null where it cannot be read. */
export function readLocalPorts(): { low: number; high: number } | null {
  try {
    const [low, high] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "latin1")
      .trim()
      .split(/\s+/)
      .map(Number);
    return low === undefined || high === undefined ? null : { low, high };
  } catch {
    return null;
  }
}
