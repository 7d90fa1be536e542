/**
 * Chances that were tried together, corrected so that comparing each with 5 % is wrong anywhere at most 5 % of the time
 * (Holm 1979): the least times their number, the next times one fewer, and none below one before it.
 */
export function holm(chances: readonly number[]): number[] {
  const order = chances.map((_, index) => index).toSorted((a, b) => chances[a]! - chances[b]!);
  const corrected = new Array<number>(chances.length).fill(1);
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, chances[index]! * (chances.length - rank)));
    corrected[index] = least;
  }
  return corrected;
}
