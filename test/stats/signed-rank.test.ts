import { expect, test } from "vitest";
import { signedRankAtMost } from "../../src/stats/signed-rank.js";

/** By going through every set of ranks. */
function counted(sum: number, n: number): number {
  let sets = 0;
  for (let set = 0; set < 2 ** n; set++) {
    let total = 0;
    for (let rank = 1; rank <= n; rank++) if ((set >> (rank - 1)) & 1) total += rank;
    if (total <= sum) sets++;
  }
  return sets / 2 ** n;
}

test.each([1, 2, 5, 8, 11])("with %i values it is what counting gives", (n) => {
  for (let sum = 0; sum <= (n * (n + 1)) / 2; sum++) expect(signedRankAtMost(sum, n)).toBeCloseTo(counted(sum, n), 12);
  expect(signedRankAtMost(-1, n)).toBe(0);
  expect(signedRankAtMost(1e6, n)).toBe(1);
});

test("where it becomes an approximation it differs by less than a thousandth", () => {
  for (const part of [0.3, 0.4, 0.5, 0.6, 0.7]) {
    const at = (n: number): number => signedRankAtMost(Math.round((part * n * (n + 1)) / 2), n);
    // The distribution narrows a little from 60 to 61 values, and that is all that may differ.
    expect(Math.abs(at(60) - at(61))).toBeLessThan(0.006);
  }
  expect(signedRankAtMost((61 * 62) / 4, 61)).toBeCloseTo(0.5, 2);
});
