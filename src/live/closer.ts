import type { LiveHost } from "./types.js";

/** One end has so many times as much as the other one: it closes first. */
const MORE = 9;

interface End {
  /** Sockets in TIME_WAIT; null where they were not read. */
  timeWait: number | null;
  host: LiveHost | undefined;
}

/**
 * Which end closes first, as far as TIME_WAIT tells: it is on that side (RFC 9293, section 3.6). null where it does not tell:
 * an end was not read, or its kernel keeps no more of them.
 */
export function closerOf(from: End, to: End): "from" | "to" | null {
  if (from.timeWait === null || to.timeWait === null) return null;
  if (from.timeWait > MORE * to.timeWait) return isFull(to.host) ? null : "from";
  if (to.timeWait > MORE * from.timeWait) return isFull(from.host) ? null : "to";
  return null;
}

/** What the kernel counts against net.ipv4.tcp_max_tw_buckets is all that the host holds, what was left there, too. */
export function isFull(host: LiveHost | undefined): boolean {
  if (host === undefined || host.timeWait === null || host.limits.buckets === null) return false;
  return host.timeWait + host.left + host.finWait2 >= host.limits.buckets;
}
