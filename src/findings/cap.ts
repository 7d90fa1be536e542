import type { CapFigures, End, Ports } from "./figures.js";
import { type Around, counted, type Hop, holderOf, isMostlyReset, isReused, TIME_WAIT_SECONDS } from "./hops.js";
import type { Load } from "./loads.js";
import { OVERFLOW } from "./overflows.js";
import { fact, type Sighting } from "./sighting.js";

/** How near a population has to be to a limit to be called capped by it. */
const NEAR = 0.05;

/** What capped the population at an end of a link; nothing where nothing did. */
export function cap(load: Load, hop: Hop, end: End, hasPortErrors: boolean): Sighting[] {
  const figures = capped(hop, end, hasPortErrors);
  return figures === null ? [] : [fact("cap", { step: load.step, link: hop.link }, figures)];
}

function capped(hop: Hop, end: End, hasPortErrors: boolean): CapFigures | null {
  const { durationMs, ports } = hop;
  const { created = 0, peak = 0 } = hop.timeWait?.[end] ?? {};
  // Who was refused TIME_WAIT is told by a finding of its own, with the limit.
  if (created === 0 || counted(hop, end, OVERFLOW) > 0) return null;
  const told = (by: CapFigures["by"], more: Partial<CapFigures> = {}): CapFigures => {
    const none = { limit: null, perSec: null, recycled: 0 };
    return { end, by, created, peak, ports, ...none, ...more };
  };
  const limit = maxBuckets(hop, end);
  if (limit !== null && limit > 0 && near(peak, limit) && created > peak) return told("buckets", { limit });
  if (durationMs <= 0) return null;
  const byPorts = isReopened(hop, end) || hasPortErrors ? portLimit(ports, end, peak) : null;
  if (byPorts !== null) return told(byPorts);
  const perSec = (created * 1000) / durationMs;
  if (durationMs >= TIME_WAIT_SECONDS * 1000 && near(peak, TIME_WAIT_SECONDS * perSec)) return told("rate", { perSec });
  if (!isReopened(hop, end)) return null;
  const recycled = counted(hop, end, "TcpExt:TWRecycled");
  if (recycled > 0) return told("recycled", { recycled });
  // A SYN that opens a TIME_WAIT again on the passive side is counted nowhere; but before 60 s nothing else ends one.
  return told(end === "to" && durationMs < TIME_WAIT_SECONDS * 1000 ? "reopened" : "fewer");
}

/** What was created and is not there any more was opened again, taken over, or has expired. */
function isReopened({ timeWait }: Hop, end: End): boolean {
  const { created = 0, peak = 0 } = timeWait?.[end] ?? {};
  return created > peak * (1 + NEAR);
}

function portLimit(ports: Ports | null, end: End, peak: number): "ports" | "half-ports" | null {
  if (ports === null) return null;
  if (near(peak, ports.size)) return "ports";
  // net/ipv4/inet_hashtables.c, __inet_hash_connect(): the other parity is tried only when every port of one is taken.
  return end === "to" && near(peak, ports.size / 2) ? "half-ports" : null;
}

/** net.ipv4.tcp_max_tw_buckets of an end; null where it was not read. */
export function maxBuckets({ kernels }: Hop, end: End): number | null {
  const text = kernels[end]?.sysctls["net.ipv4.tcp_max_tw_buckets"];
  return text === undefined || !/^\d+$/u.test(text) ? null : Number(text);
}

export function near(value: number, limit: number): boolean {
  return value >= limit * (1 - NEAR) && value <= limit * (1 + NEAR);
}

/** The end whose population is worth a word: the one that holds TIME_WAIT, else where more of it is. */
export function endToTell(load: Load, hop: Hop, around: Around): End | null {
  const { timeWait } = hop;
  if (timeWait === null || isMostlyReset(hop) || isReused(hop, load) || !isRate(load, hop, around)) return null;
  const end = holderOf(hop) ?? (timeWait.from.peak > (timeWait.to?.peak ?? 0) ? "from" : "to");
  return end === "to" && timeWait.to === null ? null : end;
}

/**
 * Whether connections came and went all the time. Those that were opened once and closed at the end, or a given number
 * of requests, are no rate that could go on for a minute.
 */
export function isRate({ errors }: Load, { opened }: Hop, { plan }: Around): boolean {
  if (plan.requests !== null) return false;
  return opened > plan.connections || Object.values(errors).some((n) => n > 0);
}
