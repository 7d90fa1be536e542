/** Whole numbers that add up to `total`, in proportion to the weights (largest remainder); evenly where all are zero. None for no weights. */
export function inProportion(total: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return [];
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const wanted = weights.map((weight) => (sum === 0 ? total / weights.length : (total * weight) / sum));
  const parts = wanted.map(Math.floor);
  const order = wanted.map((part, at) => at).toSorted((a, b) => (wanted[b]! % 1) - (wanted[a]! % 1));
  for (let at = 0; parts.reduce((all, part) => all + part, 0) < total; at++) parts[order[at % order.length]!]!++;
  return parts;
}
