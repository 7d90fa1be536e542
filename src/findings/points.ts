import { usedAtOnce } from "./closers.js";
import type { CauseFigures, End, Spread } from "./figures.js";
import type { FiguresOf, Place } from "./types.js";

/** What a sentence depends on, whatever its language: catalogues hold words alone. */

export function fromOf({ link }: Place): string {
  return link?.from ?? "client";
}

export function toOf({ link }: Place): string {
  return link?.to ?? "server";
}

/** The name of the host at an end of the link. */
export function nameAt(end: End, at: Place): string {
  return end === "from" ? fromOf(at) : toOf(at);
}

/** Whether one host is at both ends: its name alone does not say which of them is meant. */
export function isToItself(at: Place): boolean {
  return fromOf(at) === toOf(at);
}

export function opposite(end: End): End {
  return end === "to" ? "from" : "to";
}

/** How long connections were idle, in ms: one figure, or two where they differ by much; null: not known. */
export type Idle = { kind: "about"; ms: number } | { kind: "between"; low: number; high: number };

/** By the client's clock, which starts later than the server's: a limit is told with two digits. */
export function idleOf({ min, median, max }: Spread): Idle {
  const round = (ms: number): number => Number(ms.toPrecision(2));
  return max - min <= 0.2 * median + 50
    ? { kind: "about", ms: round(median) }
    : { kind: "between", low: round(min), high: round(max) };
}

/** What is told of the time before the server closed: that the connection was used at once, or how long it had been idle. */
export function staleOf(idleMs: Spread | null): { kind: "at-once"; ms: number } | Idle | null {
  if (idleMs === null) return null;
  return usedAtOnce(idleMs) ? { kind: "at-once", ms: Math.max(1, idleMs.max) } : idleOf(idleMs);
}

/** When an answer said that the connection ends: at each request, after so many, or now and then. */
export function answeredAt({ requests }: CauseFigures): "each" | number | null {
  if (requests === null || requests.median !== requests.max) return null;
  return requests.max === 1 ? "each" : requests.max;
}

/** The kinds of failures, the most frequent first. */
export function byNumber(kinds: Readonly<Record<string, number>>): [kind: string, failed: number][] {
  return Object.entries(kinds).toSorted(([, a], [, b]) => b - a);
}

type Exhausted = FiguresOf["ports-exhausted"];

/** How it is known that ports had run out. */
export function exhaustedOf({
  used,
  ports,
  synRetrans,
}: Exhausted): "nat" | "unknown" | "all" | "nearly" | "none-free" {
  if (synRetrans !== null) return "nat";
  if (ports === null) return "unknown";
  if (used !== null && used >= ports) return "all";
  return used !== null && used >= 0.9 * ports ? "nearly" : "none-free";
}

/** Requests that failed for want of a port. */
export function unopened({ refused }: Exhausted): number {
  return Object.values(refused).reduce((sum, n) => sum + n, 0);
}

/** What a command said, in one line; empty where it said nothing. */
export function inOneLine(output: string | null): string {
  const lines = (output ?? "").split("\n").filter((line) => line.trim() !== "");
  return lines.join(" | ");
}

/** The ends of a link that kept TIME_WAIT. */
export function keepers(
  { from, to }: FiguresOf["link-churns"]["timeWait"],
  at: Place,
): { host: string; ends: number }[] {
  return [
    { host: fromOf(at), ends: from },
    { host: toOf(at), ends: to ?? 0 },
  ].filter(({ ends }) => ends > 0);
}
