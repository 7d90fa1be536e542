import { count } from "../text/figures.js";
import type { Metrics, Trial } from "../result/types.js";

/** TCP_TIMEWAIT_LEN, a constant of Linux (include/net/tcp.h). */
export const TIME_WAIT_SECONDS = 60;

/** What connect() fails with when no local port is left: by itself, and after a bind. */
export const PORT_ERRORS = ["EADDRNOTAVAIL", "EADDRINUSE"] as const;

export interface PortRange {
  low: number;
  high: number;
  /** For all pairs of addresses together. */
  size: number;
  /** `40000–40299`, and of how many pairs of addresses. */
  text: string;
}

/** The ports that the client has, for all pairs of addresses it goes through; null when they were not read. */
export function clientPorts(trial: Trial): PortRange | null {
  const range = trial.kernel.client?.localPorts ?? null;
  if (range === null || range.high < range.low) return null;
  // Results of earlier versions do not have it.
  const pairs = trial.addressPairs ?? 1;
  const each = range.high - range.low + 1;
  const text = `${range.low}–${range.high}${pairs === 1 ? "" : `, ${count(each)} × ${pairs} pairs of addresses`}`;
  return { ...range, size: each * pairs, text };
}

/** Requests that failed because no local port was left. */
export function portErrors(metrics: Metrics): number {
  return PORT_ERRORS.reduce((sum, kind) => sum + (metrics.errors[kind] ?? 0), 0);
}

/** The most TIME_WAIT a second that the ports carry for ever: each comes back after 60 s. */
export function endlessPerSec(ports: PortRange): number {
  const perSec = ports.size / TIME_WAIT_SECONDS;
  return perSec >= 10 ? Math.floor(perSec) : Math.floor(perSec * 100) / 100;
}
