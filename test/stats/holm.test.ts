import fc from "fast-check";
import { expect, test } from "vitest";
import { holm } from "../../src/stats/holm.js";

test("the least chance counts as often as there are chances, the next once less", () => {
  const corrected = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((value, i) => expect(corrected[i]).toBeCloseTo(value, 12));
  expect(holm([])).toEqual([]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});

test("no chance becomes less, and their order stays", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (chances) => {
      const corrected = holm(chances);
      chances.forEach((chance, i) => {
        expect(corrected[i]).toBeGreaterThanOrEqual(chance);
        chances.forEach((other, j) => {
          if (chance < other) expect(corrected[i]).toBeLessThanOrEqual(corrected[j]!);
        });
      });
    }),
  );
});
