import { maxBuckets, near } from "./cap.js";
import type { End, ForecastFigures, Ports } from "./figures.js";
import { type Around, counted, type Hop, holderOf, isShared, TIME_WAIT_SECONDS } from "./hops.js";
import type { Load } from "./loads.js";
import { OVERFLOW } from "./overflows.js";
import { fact, type Sighting } from "./sighting.js";

/** With so many new connections a minute for each port, hardly any port is without its TIME_WAIT (1 − e^−3 = 95 %). */
const MANY_TIMES = 3;
/** More requests than this share that were due and not sent: the rate at the end of a ramp is not known. */
const UNSENT = 0.01;

/** Where the population would level off if the load went on: the first limit that it would meet. */
export function population(load: Load, hop: Hop, end: End, around: Around): Sighting[] {
  const created = hop.timeWait?.[end]?.created ?? 0;
  // It is capped already, which is told by a finding of its own.
  if (counted(hop, end, OVERFLOW) > 0) return [];
  const rate = rateOf(created, load, hop, around);
  if (rate === null || rate.perSec <= 0) return [];
  const { ports, durationMs } = hop;
  const inTurn = end === "to" && !choosesPorts(around) ? (ports?.size ?? Infinity) / 2 : Infinity;
  // A population at the end that accepts may stop at half of the ports already: see cap.ts.
  const portsAt = (ports?.size ?? Infinity) / (end === "to" ? 2 : 1);
  const ahead = [
    levelOff(rate.perSec, inTurn),
    { by: "ports" as const, at: portsAt },
    { by: "buckets" as const, at: maxBuckets(hop, end) ?? Infinity },
  ].toSorted((a, b) => a.at - b.at);
  const figures = { of: "population", end, durationMs, ports, ...rate, ...ahead[0]! } as const;
  return [fact("forecast", { step: load.step, link: hop.link }, figures)];
}

/** How long the ports of the end that connects last at the rate that was seen; nothing where that is not known. */
export function portsLast(load: Load, hop: Hop, around: Around, ranOut: boolean): Sighting[] {
  const { ports, closedFirst } = hop;
  if (ports === null) return [];
  const closes = holderOf(hop) === "from";
  // Only a connection that leaves a TIME_WAIT holds its port: one that ends in a reset gives it back at once.
  const count = closes ? (hop.timeWait?.from.created ?? 0) : hop.opened * (1 - (closedFirst?.reset ?? 0));
  const rate = rateOf(count, load, hop, around);
  if (rate === null || (rate.perSec <= 0 && !ranOut)) return [];
  const endless = endlessPerSec(ports);
  const lastMs = rate.perSec <= endless && !ranOut ? null : (ports.size / rate.perSec) * 1000;
  const reuse = reuseSetting(hop, around);
  const figures = { of: "ports", ports, closes, lastMs, endlessPerSec: endless, reuse, ranOut, ...rate } as const;
  return [fact("forecast", { step: load.step, link: hop.link }, figures)];
}

type Rate = Pick<ForecastFigures, "perSec" | "ramp">;

/**
 * So many a second, as they would go on: of a pace that changes those at its end, for its mean is the rate of hardly any
 * moment. null where it is not known.
 */
function rateOf(
  count: number,
  { requests, unsent }: Load,
  { durationMs }: Hop,
  { plan: { pace } }: Around,
): Rate | null {
  const rates = pace?.stages.flatMap(({ fromPerSec, toPerSec }) => [fromPerSec, toPerSec]) ?? [];
  if (new Set(rates).size <= 1) return durationMs <= 0 ? null : { perSec: (count * 1000) / durationMs, ramp: false };
  if (requests.sent === null || requests.sent === 0 || (unsent ?? 0) > UNSENT * requests.sent) return null;
  return { perSec: (rates.at(-1)! * count) / requests.sent, ramp: true };
}

/** The client binds its connections to ports of its own choice, one after the other. */
function choosesPorts({ plan }: Around): boolean {
  return plan.sockets?.localPorts !== undefined && plan.sockets.localPorts !== null;
}

/**
 * Where a load would level off that went on for a minute. At the end that accepts, a port of the other one that comes round
 * again opens its TIME_WAIT again: of H ports in turn, drawn as they come, those that were used in the last 60 s are
 * H · (1 − e^(−60 · rate / H)). connect() has the ports of one parity in turn first, half of the range
 * (net/ipv4/inet_hashtables.c, __inet_hash_connect); as it does not draw them quite by chance, there will be some more.
 */
function levelOff(perSec: number, inTurn: number): { by: "rate" | "reopened"; at: number } {
  const created = TIME_WAIT_SECONDS * perSec;
  // So many more than ports, and each of them is in it.
  if (created > MANY_TIMES * inTurn) return { by: "reopened", at: Infinity };
  const at = Number.isFinite(inTurn) ? inTurn * -Math.expm1(-created / inTurn) : created;
  return near(at, created) ? { by: "rate", at: created } : { by: "reopened", at };
}

/** The most TIME_WAIT a second that the ports carry for ever: each comes back after 60 s. */
function endlessPerSec({ size }: Ports): number {
  const perSec = size / TIME_WAIT_SECONDS;
  return perSec >= 10 ? Math.floor(perSec) : Math.floor(perSec * 100) / 100;
}

/**
 * The setting, if with it the ports come back after a second already (Documentation/networking/ip-sysctl.rst: 1
 * everywhere, 2 on loopback); else null.
 */
export function reuseSetting({ kernels }: Hop, around: Around): string | null {
  const value = kernels.from?.sysctls["net.ipv4.tcp_tw_reuse"];
  return value === "1" || (value === "2" && isShared(around)) ? value : null;
}
