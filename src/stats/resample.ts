/** Readings at points in time, as two columns of the same length, times ascending. */
export interface Series {
  atMs: readonly number[];
  /** null: nothing could be read then. */
  values: readonly (number | null)[];
}

/**
 * The greatest reading in each of `columns` equal parts of `fromMs` … `toMs`, so that no peak is lost. A part without a
 * reading repeats the last one before it, for a population stays until something changes it; before the first reading
 * and after the last one there is null.
 */
export function maxPerColumn(series: Series, fromMs: number, toMs: number, columns: number): (number | null)[] {
  const span = Math.max(1, toMs - fromMs);
  const out = new Array<number | null>(columns).fill(null);
  let previous: number | null = null;
  let next = 0;
  const length = Math.min(series.atMs.length, series.values.length);
  for (let i = 0; i < length; i++) {
    const [atMs, value] = [series.atMs[i]!, series.values[i]!];
    if (atMs > toMs) break;
    if (value === null) continue;
    if (atMs >= fromMs) {
      const column = Math.min(columns - 1, Math.floor(((atMs - fromMs) / span) * columns));
      for (; next < column; next++) out[next] = previous;
      out[column] = Math.max(value, out[column] ?? value);
      next = column + 1;
    }
    previous = value;
  }
  return out;
}
