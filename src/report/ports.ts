import type { Metrics, Trial } from "../result/types.js";

/** TCP_TIMEWAIT_LEN, a constant of Linux (include/net/tcp.h). */
export const TIME_WAIT_SECONDS = 60;

/** What connect() fails with when no local port is left: by itself, and after a bind. */
export const PORT_ERRORS = ["EADDRNOTAVAIL", "EADDRINUSE"] as const;

export interface PortRange {
  low: number;
  high: number;
  size: number;
}

/** The ports that the client has, for all pairs of addresses it goes through; null when they were not read. */
export function clientPorts(trial: Trial): PortRange | null {
  const range = trial.kernel.client?.localPorts ?? null;
  return range === null || range.high < range.low
    ? null
    : { ...range, size: (range.high - range.low + 1) * trial.addressPairs };
}

/** Requests that failed because no local port was left. */
export function portErrors(metrics: Metrics): number {
  return PORT_ERRORS.reduce((sum, kind) => sum + (metrics.errors[kind] ?? 0), 0);
}

/** The most connections a second, whole ones, that the ports carry for ever: each comes back after 60 s. */
export function endlessPerSec(ports: PortRange): number {
  return Math.floor(ports.size / TIME_WAIT_SECONDS);
}
