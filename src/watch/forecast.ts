import { TIME_WAIT_MS } from "./gather.js";
import type { Until } from "./types.js";

/** What was closed so long ago says how it goes of late. */
const RECENT_SECONDS = 10;
/** What is faster over a shorter time has become faster; by less than so much, it is noise. */
const SHORTER_SECONDS = [5, 2];
const FASTER = 1.1;
/** Of closes that began a shorter time ago no rate is told: a burst of ten is no hundred a second. */
const LEAST_SECONDS = 2;
/** Few closes before are strays, not the beginning. */
const STRAYS = 0.1;
/** A TIME_WAIT lasts for 60 s and the slack of its timer, up to 4 s at HZ=1000 (kernel/time/timer.c). */
const SLACK = 64 / 60;

/** Closes a second over the last 60 s. */
export function minuteRate(closedAgo: readonly number[]): number {
  const seconds = TIME_WAIT_MS / 1000;
  return sum(closedAgo.slice(0, seconds)) / seconds;
}

/**
 * Closes a second over the last 10 s; over 5 or 2 s where that is clearly faster. null where it has only just begun.
 * @param closedAgo by age in whole seconds
 */
export function recentRate(closedAgo: readonly number[]): number | null {
  const within = (seconds: number): number => sum(closedAgo.slice(0, seconds));
  const all = within(RECENT_SECONDS);
  if (all > 0 && all - within(LEAST_SECONDS) < STRAYS * all) return null;
  return SHORTER_SECONDS.reduce((rate, seconds) => {
    const shorter = within(seconds) / seconds;
    return shorter > FASTER * rate ? shorter : rate;
  }, all / RECENT_SECONDS);
}

export interface PortUse {
  /** Not free now. */
  held: number;
  /** Those of them in TIME_WAIT, by age in whole seconds. */
  closedAgo: readonly number[];
  /** TIME_WAIT that this end will create a second; null where that is not known yet. */
  perSec: number | null;
  /** How long each of them keeps its port: 60 s, or what tcp_tw_reuse makes of it. */
  keptMs: number;
  /** net.ipv4.tcp_max_tw_buckets: no more can be in TIME_WAIT. */
  buckets: number;
  /** Ports that nothing gives back: CLOSE_WAIT that grows, a second. */
  leakPerSec: number;
}

/**
 * Until so many ports are held: each second `perSec` more, without those whose TIME_WAIT ends by then. Within a second the
 * curve is a line.
 * @returns 0 where they are held already; null too where what it tends to is too near to tell
 */
export function timeUntil(ports: number, use: PortUse): Until {
  const { closedAgo, perSec, leakPerSec } = use;
  const keptSec = use.keptMs / 1000;
  let held = freedNow(use);
  if (held >= ports) return 0;
  if (perSec === null) return null;
  const horizon = Math.ceil(keptSec);
  // Their timer has run out, and they are still there: it comes round to them soon.
  const overdue = use.keptMs >= TIME_WAIT_MS ? sum(closedAgo.slice(horizon)) : 0;
  const room = use.buckets - sum(closedAgo.slice(0, horizon)) - overdue;
  let most = held;
  // After that time what comes and what goes is the same, but for what nothing gives back.
  for (let second = 0, more = 0; second < horizon; second++) {
    const part = Math.min(1, keptSec - second);
    const freed = (closedAgo[horizon - 1 - second] ?? 0) * part + (second === 0 ? overdue : 0);
    const created = Math.min(perSec * part, Math.max(0, room - more + freed));
    more += created - freed;
    const next = held + created - freed + leakPerSec * part;
    if (next >= ports) return (second + ((ports - held) / (next - held)) * part) * 1000;
    held = next;
    most = Math.max(most, held);
  }
  if (leakPerSec > 0) return use.keptMs + ((ports - held) / leakPerSec) * 1000;
  return most * SLACK < ports ? "never" : null;
}

/** A port whose TIME_WAIT is older than it keeps its port may be taken again, though it is still in the table. */
function freedNow({ held, closedAgo, keptMs }: PortUse): number {
  return keptMs >= TIME_WAIT_MS ? held : held - sum(closedAgo.slice(Math.ceil(keptMs / 1000)));
}

/**
 * How long a TIME_WAIT keeps its port from the next connect() to the same peer (net/ipv4/tcp_ipv4.c, tcp_twsk_unique):
 * tcp_tw_reuse = 1 lets it be taken again after tcp_tw_reuse_delay, 2 only over loopback; both need timestamps.
 */
export function keepsPortMs(
  sysctls: Readonly<Record<string, string>>,
  { local, peer }: { local: string | null; peer: string | null },
): number {
  const reuse = sysctls["net.ipv4.tcp_tw_reuse"];
  if (sysctls["net.ipv4.tcp_timestamps"] === "0" || reuse === undefined || reuse === "0") return TIME_WAIT_MS;
  if (reuse === "2" && !isLoopback(local) && !isLoopback(peer)) return TIME_WAIT_MS;
  return Number(sysctls["net.ipv4.tcp_tw_reuse_delay"] ?? 1_000);
}

function isLoopback(address: string | null): boolean {
  return address !== null && (address.startsWith("127.") || address === "::1");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
