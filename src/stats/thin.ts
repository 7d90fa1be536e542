/** So many points of a line are as many as can be seen. */
export const MOST_POINTS = 300;

/**
 * Which readings of a long column are drawn: of each of equal parts the least and the greatest, so that no peak is lost,
 * the first and the last one. Ascending; all of them where there are few.
 */
export function thin(values: readonly (number | null)[], most = MOST_POINTS): number[] {
  if (values.length <= most) return values.map((_, at) => at);
  const parts = Math.max(1, Math.floor((most - 2) / 2));
  const kept = new Set([0, values.length - 1]);
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * values.length) / parts);
    const to = Math.floor(((part + 1) * values.length) / parts);
    let [low, high] = [-1, -1];
    for (let at = from; at < to; at++) {
      const value = values[at];
      if (typeof value !== "number") continue;
      if (low < 0 || value < values[low]!) low = at;
      if (high < 0 || value > values[high]!) high = at;
    }
    // A part without a reading stays a gap.
    kept.add(low < 0 ? from : low).add(high < 0 ? from : high);
  }
  return [...kept].toSorted((a, b) => a - b);
}

/** The greatest number; null of none. A spread of a million arguments would be too many for a call. */
export function greatest(values: readonly (number | null | undefined)[]): number | null {
  let most: number | null = null;
  for (const value of values) if (typeof value === "number" && (most === null || value > most)) most = value;
  return most;
}

export function least(values: readonly (number | null | undefined)[]): number | null {
  let found: number | null = null;
  for (const value of values) if (typeof value === "number" && (found === null || value < found)) found = value;
  return found;
}
