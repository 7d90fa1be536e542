/** Of an odd number of values the middle one, of an even number the mean of the two in the middle. */
export function median(values: ArrayLike<number>): number {
  return quantile(Float64Array.from(values).toSorted(), 0.5);
}

/**
 * The value below which the share `p` of them lies, with a straight line between neighbours (Hyndman and Fan's type 7).
 * @param sorted ascending, at least one
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new Error("nothing has no quantile");
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (at - below) * (high - low);
}
