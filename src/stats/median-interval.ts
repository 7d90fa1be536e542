import { quantile } from "./quantile.js";

/** Of five values even the whole range holds the middle less often than 95 % of the time (1 − 2/2^5). */
export const FEWEST_FOR_MEDIAN_INTERVAL = 6;

const CONFIDENCE = 0.95;

/**
 * The bounds between which the median lies with 95 % confidence, whatever the values' distribution: order statistics by
 * the sign test, with Hettmansperger and Sheather's interpolation (1986) between the two nearest pairs of them. A
 * percentile bootstrap is too narrow for so few values. null for fewer than six.
 */
export function medianInterval(values: readonly number[]): { low: number; high: number } | null {
  const n = values.length;
  if (n < FEWEST_FOR_MEDIAN_INTERVAL) return null;
  const sorted = Float64Array.from(values).toSorted();
  let depth = 1;
  while (confidence(depth + 1, n) >= CONFIDENCE) depth++;
  const [wide, narrow] = [confidence(depth, n), confidence(depth + 1, n)];
  const share = (wide - CONFIDENCE) / (wide - narrow);
  const part = ((n - depth) * share) / (depth + (n - 2 * depth) * share);
  const between = (outer: number, inner: number): number => outer + part * (inner - outer);
  return {
    low: between(sorted[depth - 1]!, sorted[depth]!),
    high: between(sorted[n - depth]!, sorted[n - depth - 1]!),
  };
}

/** The least and the greatest, for too few values to say more. */
export function rangeOf(values: readonly number[]): { low: number; high: number } {
  const sorted = Float64Array.from(values).toSorted();
  return { low: quantile(sorted, 0), high: quantile(sorted, 1) };
}

/** How often the median lies between the `depth`th value from below and from above: 1 − 2 P(Binomial(n, ½) < depth). */
function confidence(depth: number, n: number): number {
  let chance = 2 ** -n;
  let below = 0;
  for (let count = 0; count < depth; count++) {
    below += chance;
    chance = (chance * (n - count)) / (count + 1);
  }
  return 1 - 2 * below;
}
