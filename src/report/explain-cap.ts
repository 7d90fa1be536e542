import type { Metrics, TimeWaitFigures, Trial } from "../result/types.js";
import type { Role } from "../scenario/types.js";
import { count, decimal, plural, span } from "../text/figures.js";
import { type PortRange, TIME_WAIT_SECONDS, clientPorts, portErrors } from "./ports.js";
import type { VariantView } from "./view.js";

/** How near a population has to be to a limit to be called capped by it. */
const NEAR = 0.05;

/** With so many new connections a minute for each port, hardly any port is without its TIME_WAIT (1 − e^−3 = 95 %). */
const MANY_TIMES = 3;

/** Counts sockets that should have entered TIME_WAIT and did not, because of `net.ipv4.tcp_max_tw_buckets`. */
export const OVERFLOW = "TcpExt:TCPTimeWaitOverflow";

/** What the kernel of a side counted; nothing where other programs' connections are counted with it. */
export function counted(view: VariantView, side: Role, counter: string): number {
  return view.isolated ? (view.shown?.kernel[side]?.counters[counter] ?? 0) : 0;
}

/** What caps the population on a side, or what would if the load went on; null when the figures tell nothing. */
export function explainCap(view: VariantView, metrics: Metrics, trial: Trial, side: Role): string | null {
  const figures = metrics.timeWait?.[side];
  if (figures === undefined) return null;
  const { created, peak } = figures;
  const byBuckets = bucketLimit(view, trial, side, figures);
  if (byBuckets !== null || created === 0 || trial.durationMs <= 0) return byBuckets;
  const ports = clientPorts(trial);
  // What was created and is not there any more was opened again, taken over, or has expired.
  const limited = created > peak * (1 + NEAR);
  const byPorts = limited || portErrors(metrics) > 0 ? portLimit(ports, side, peak) : null;
  if (byPorts !== null) return byPorts;
  const seconds = trial.durationMs / 1000;
  if (seconds >= TIME_WAIT_SECONDS && near(peak, (TIME_WAIT_SECONDS * created) / seconds)) {
    return `TIME_WAIT on the ${side} levelled off at ${count(peak)}: 60 s × ${decimal(created / seconds)} created a second.`;
  }
  if (!limited) return notYet(view, trial, side, ports, created / seconds);
  return `Of ${count(created)} sockets that entered TIME_WAIT on the ${side}, at most ${count(peak)} were there at once${whereOthersWent(view, trial, side)}.`;
}

function bucketLimit(view: VariantView, trial: Trial, side: Role, { peak, created }: TimeWaitFigures): string | null {
  const overflow = counted(view, side, OVERFLOW);
  const limit = maxBuckets(trial, side);
  const name = `net.ipv4.tcp_max_tw_buckets${limit === null ? "" : ` = ${count(limit)}`}`;
  if (overflow > 0 && limit === 0) {
    return `${name} switches TIME_WAIT off on the ${side}: ${plural(overflow, "socket")} went without it (TCPTimeWaitOverflow).`;
  }
  if (overflow > 0) {
    return `On the ${side} ${name} caps TIME_WAIT at ${count(peak)}: ${plural(overflow, "more socket")} went without it (TCPTimeWaitOverflow).`;
  }
  if (limit !== null && limit > 0 && near(peak, limit) && created > peak) {
    return `On the ${side} TIME_WAIT peaked at ${count(peak)}, next to the limit ${name}.`;
  }
  return null;
}

function portLimit(ports: PortRange | null, side: Role, peak: number): string | null {
  if (ports === null) return null;
  const range = `the ${count(ports.size)} local ports (${ports.text})`;
  const why = side === "server" ? "One client address leaves at most one a port" : "Each socket in it holds one";
  const capped = (part: string, of: number): string =>
    `The client's ports cap TIME_WAIT: its peak of ${count(peak)} is ${peak === of ? "" : "about "}${part} ${range}. ${why}`;
  if (near(peak, ports.size)) return `${capped("all of", ports.size)}.`;
  // net/ipv4/inet_hashtables.c, __inet_hash_connect(): the other parity is tried only when every port of one is taken.
  if (side === "server" && near(peak, ports.size / 2)) {
    return `${capped("half of", ports.size / 2)}, and connect() takes every second one first.`;
  }
  return null;
}

/** No cap yet: the first of the three that the population would meet. */
function notYet(view: VariantView, trial: Trial, side: Role, ports: PortRange | null, perSec: number): string {
  const inTurn = side === "server" && !choosesPorts(view) ? (ports?.size ?? Infinity) / 2 : Infinity;
  const { at: levelOff, text: levelText } = levelOffAt(perSec, inTurn);
  const limit = maxBuckets(trial, side);
  // A server's may stop at half of the client's ports already: see portLimit().
  const portsAt = (ports?.size ?? Infinity) / (side === "server" ? 2 : 1);
  const orHalf = side === "server" ? ", or half of them," : "";
  const ahead = [
    { at: levelOff, text: levelText },
    { at: portsAt, text: `the client's ${count(ports?.size)} local ports${orHalf} would cap it before 60 s are over` },
    { at: limit ?? Infinity, text: `net.ipv4.tcp_max_tw_buckets = ${count(limit)} would cap it before 60 s are over` },
  ].toSorted((a, b) => a.at - b.at);
  return `Nothing capped it in ${span(trial.durationMs)}: ${ahead[0]?.text ?? ""}.`;
}

/** The client binds its connections to ports of its own choice, one after the other. */
function choosesPorts({ plan }: VariantView): boolean {
  return plan.load.sockets?.localPorts !== undefined && plan.load.sockets.localPorts !== null;
}

/**
 * Where a load would level off that went on for a minute. On the side that accepts, a port of the client that comes round
 * again opens its TIME_WAIT again: of H ports in turn, drawn as they come, those that were used in the last 60 s are
 * H · (1 − e^(−60 · rate / H)). connect() has the ports of one parity in turn first, half of the range
 * (net/ipv4/inet_hashtables.c, __inet_hash_connect); as it does not draw them quite by chance, there will be some more.
 */
function levelOffAt(perSec: number, inTurn: number): { at: number; text: string } {
  const created = TIME_WAIT_SECONDS * perSec;
  const rate = `60 s × ${decimal(perSec)} a second`;
  // So many more than ports, and each of them is in it.
  if (created > MANY_TIMES * inTurn) return { at: Infinity, text: "" };
  const at = Number.isFinite(inTurn) ? inTurn * -Math.expm1(-created / inTurn) : created;
  if (near(at, created)) return { at, text: `it would level off at ${rate} = ${count(Math.round(created))}` };
  const reopened = `for the client's ports come round and open sockets in TIME_WAIT again`;
  return { at, text: `it would level off at about ${count(Number(at.toPrecision(2)))} (${rate}, ${reopened})` };
}

/** A SYN that opens a TIME_WAIT again on the passive side is counted nowhere; but before 60 s nothing else ends one. */
function whereOthersWent(view: VariantView, trial: Trial, side: Role): string {
  const recycled = counted(view, side, "TcpExt:TWRecycled");
  if (recycled > 0) return `: new connections took over ${count(recycled)} (TWRecycled)`;
  if (side === "client" || trial.durationMs >= TIME_WAIT_SECONDS * 1000) return "";
  const ports = clientPorts(trial);
  const had = ports === null ? "" : `, of which the client has ${count(ports.size)},`;
  return `: new connections from the same ports${had} opened the others again`;
}

function maxBuckets(trial: Trial, side: Role): number | null {
  const text = trial.kernel[side]?.sysctls["net.ipv4.tcp_max_tw_buckets"];
  return text === undefined || !/^\d+$/u.test(text) ? null : Number(text);
}

function near(value: number, limit: number): boolean {
  return value >= limit * (1 - NEAR) && value <= limit * (1 + NEAR);
}
