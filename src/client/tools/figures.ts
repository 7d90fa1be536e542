/** Reading figures out of a summary. */

/** The number in the first group; null where there is none. */
export function numberIn(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1];
  const value = found === undefined ? Number.NaN : Number(found);
  return Number.isFinite(value) ? value : null;
}

const US: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

/** `1.23ms` → microseconds. */
export function spanUs(text: string | undefined): number | null {
  const match = /^([\d.]+)(us|ms|s|m|h)$/u.exec(text ?? "");
  return match === null ? null : Math.round(Number(match[1]) * US[match[2]!]!);
}

export function toUs(value: number | null, unitUs: number): number | null {
  return value === null ? null : Math.round(value * unitUs);
}

/** An object of a JSON text; null where it is none. */
export function jsonIn(text: string): Record<string, unknown> | null {
  const start = text.indexOf("{");
  if (start < 0) return null;
  try {
    return JSON.parse(text.slice(start, text.lastIndexOf("}") + 1)) as Record<string, unknown>;
  } catch {
    return null;
  }
}

export function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const step of path) {
    if (typeof inner !== "object" || inner === null) return undefined;
    inner = (inner as Record<string, unknown>)[step];
  }
  return inner;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | null {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

/** Numbers of a map, by their keys. */
export function countsAt(value: unknown, ...path: readonly string[]): [string, number][] {
  const found = at(value, ...path);
  if (typeof found !== "object" || found === null) return [];
  return Object.entries(found).filter((entry): entry is [string, number] => typeof entry[1] === "number");
}

export function total(counts: readonly (readonly [string, number])[]): number {
  return counts.reduce((sum, [, n]) => sum + n, 0);
}
