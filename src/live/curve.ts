/** So many points of a line are kept, however long a run lasts. */
export const MOST_KEPT = 2_000;

/**
 * A line that grows while a run goes on. All readings are kept until there are too many; then of each four points the
 * least and the greatest stay, and of what comes later as many readings become two points. No peak is ever lost.
 * Plain data, so that a browser gets it as it is.
 */
export interface Curve {
  atMs: number[];
  values: (number | null)[];
  /** So many readings become two points. 1: each is a point. */
  every: number;
  /** The least and the greatest of the readings that are no points yet. */
  open: { count: number; low: Reading; high: Reading } | null;
  /** The newest reading; null before the first. */
  last: Reading | null;
  /** The greatest value of all readings; null while there is none. */
  most: number | null;
  /** How often it was thinned: points that were handed on before are others now. */
  thinned: number;
}

interface Reading {
  atMs: number;
  /** null: nothing could be read then. */
  value: number | null;
}

export function newCurve(): Curve {
  return { atMs: [], values: [], every: 1, open: null, last: null, most: null, thinned: 0 };
}

/** @param atMs not before the last reading's */
export function push(curve: Curve, atMs: number, value: number | null): void {
  const reading = { atMs, value };
  curve.last = reading;
  if (value !== null && (curve.most === null || value > curve.most)) curve.most = value;
  if (curve.every === 1) keep(curve, reading);
  else {
    const { open } = curve;
    if (open === null) curve.open = { count: 1, low: reading, high: reading };
    else {
      open.count++;
      if (isBelow(reading, open.low)) open.low = reading;
      if (isAbove(reading, open.high)) open.high = reading;
    }
    if (curve.open!.count >= curve.every) closeOpen(curve);
  }
  if (curve.atMs.length > MOST_KEPT) thinOut(curve);
}

/** All that is to be drawn, the newest reading included. */
export function pointsOf({ atMs, values, open, last }: Curve): { atMs: number[]; values: (number | null)[] } {
  const more = open === null ? [] : inTime(open.low, open.high);
  const end = last !== null && last.atMs > (more.at(-1)?.atMs ?? atMs.at(-1) ?? -Infinity) ? [last] : [];
  const tail = [...more, ...end];
  return { atMs: [...atMs, ...tail.map((one) => one.atMs)], values: [...values, ...tail.map(({ value }) => value)] };
}

/** A line of which all readings are there already. */
export function curveOf(atMs: readonly number[], values: readonly (number | null)[]): Curve {
  const curve = newCurve();
  for (const [at, value] of values.entries()) push(curve, atMs[at] ?? 0, value);
  return curve;
}

function closeOpen(curve: Curve): void {
  const { low, high } = curve.open!;
  curve.open = null;
  for (const one of inTime(low, high)) keep(curve, one);
}

function keep({ atMs, values }: Curve, { atMs: at, value }: Reading): void {
  atMs.push(at);
  values.push(value);
}

function thinOut(curve: Curve): void {
  const { atMs, values } = curve;
  curve.atMs = [atMs[0]!];
  curve.values = [values[0]!];
  for (let from = 1; from < atMs.length; from += 4) {
    let [low, high] = [from, from];
    for (let at = from + 1; at < Math.min(from + 4, atMs.length); at++) {
      const [reading, least, most] = [at, low, high].map((i) => ({ atMs: atMs[i]!, value: values[i]! }));
      if (isBelow(reading!, least!)) low = at;
      if (isAbove(reading!, most!)) high = at;
    }
    for (const at of new Set([Math.min(low, high), Math.max(low, high)])) {
      curve.atMs.push(atMs[at]!);
      curve.values.push(values[at]!);
    }
  }
  curve.every = curve.every === 1 ? 4 : curve.every * 2;
  curve.thinned++;
}

/** What could not be read is neither the least nor the greatest, while there is another. */
function isBelow(a: Reading, b: Reading): boolean {
  if (a.value === null) return false;
  return b.value === null || a.value < b.value;
}

function isAbove(a: Reading, b: Reading): boolean {
  if (a.value === null) return false;
  return b.value === null || a.value > b.value;
}

function inTime(low: Reading, high: Reading): Reading[] {
  if (low.atMs === high.atMs) return [low];
  return low.atMs < high.atMs ? [low, high] : [high, low];
}
