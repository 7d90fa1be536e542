import { normalBelow } from "./normal.js";

/** With more values the normal approximation differs by less than a thousandth. */
const MOST_EXACT = 60;

const exact = new Map<number, readonly number[]>();

/**
 * How likely Wilcoxon's signed-rank sum of `n` values is at most `sum`, when each value is as likely above zero as
 * below: exactly, by counting the subsets of the ranks 1 … n, as R's psignrank() does.
 */
export function signedRankAtMost(sum: number, n: number): number {
  const most = (n * (n + 1)) / 2;
  if (sum < 0) return 0;
  if (sum >= most) return 1;
  if (n > MOST_EXACT) {
    const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    return normalBelow((Math.floor(sum) + 0.5 - most / 2) / deviation);
  }
  return distribution(n)[Math.floor(sum)]!;
}

function distribution(n: number): readonly number[] {
  const known = exact.get(n);
  if (known !== undefined) return known;
  const most = (n * (n + 1)) / 2;
  // The chance of each sum, rank by rank: a rank is in it or not, with the same chance.
  const chances = new Array<number>(most + 1).fill(0);
  chances[0] = 1;
  for (let rank = 1; rank <= n; rank++)
    for (let sum = most; sum >= 0; sum--) chances[sum] = (chances[sum]! + (chances[sum - rank] ?? 0)) / 2;
  let total = 0;
  const cumulative = chances.map((chance) => (total += chance));
  exact.set(n, cumulative);
  return cumulative;
}
