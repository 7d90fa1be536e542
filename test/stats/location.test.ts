import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { chanceAbove, locate } from "../../src/stats/location.js";
import { seeded } from "../../src/stats/random.js";
import { normal } from "../calibrate/simulated.js";
import { coverage, SCATTERS } from "../calibrate/trials.js";

describe("locate", () => {
  it("finds the middle and leaves one wild value alone", () => {
    const { estimate, low, high } = locate([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000])!;
    expect(estimate).toBeCloseTo(5.5, 9);
    expect(low).toBeGreaterThan(1);
    expect(high).toBeLessThan(510);
  });

  it("is nothing for four values, and holds all of five", () => {
    expect(locate([1, 2, 3, 4])).toBeNull();
    const { low, high } = locate([1, 2, 3, 4, 5])!;
    expect(low).toBeCloseTo(0.9, 9);
    expect(high).toBeCloseTo(5.1, 9);
  });

  it("ends where the exact test begins to reject", () => {
    const random = seeded(3);
    for (let run = 0; run < 50; run++) {
      const values = Array.from({ length: 10 }, () => normal(random));
      const { low, high } = locate(values)!;
      // The steps of ten signed ranks next to 2.5 % are 2.4 % and 3.2 %.
      for (const chance of [
        chanceAbove(values.map((value) => value - low)),
        chanceAbove(values.map((value) => high - value)),
      ]) {
        expect(chance).toBeGreaterThan(0.0244);
        expect(chance).toBeLessThan(0.0323);
      }
    }
  });

  it("moves with its values, and turns round with their sign", () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.double({ min: -5, max: 5, noNaN: true }), (of, by) => {
        const [plain, moved, turned] = [locate(of)!, locate(of.map((x) => x + by))!, locate(of.map((x) => -x))!];
        expect(plain.low).toBeLessThanOrEqual(plain.estimate + 1e-12);
        expect(plain.high).toBeGreaterThanOrEqual(plain.estimate - 1e-12);
        expect(moved.estimate).toBeCloseTo(plain.estimate + by, 9);
        expect(moved.low).toBeCloseTo(plain.low + by, 9);
        expect(turned.high).toBeCloseTo(-plain.low, 9);
      }),
    );
  });

  it("takes a hundred values and a thousand", () => {
    for (const n of [61, 100, 1000]) {
      const { low, high } = locate(Array.from({ length: n }, (_, i) => Math.sin(i)))!;
      expect(low).toBeLessThan(0.05);
      expect(high).toBeGreaterThan(-0.05);
      expect(high - low).toBeLessThan(0.6);
    }
  });

  describe.each(Object.entries(SCATTERS))("with %s", (_name, scatter) => {
    it.each([5, 6, 7, 8, 10, 12, 15, 20])("covers the truth 95 ± 1 %% of the time with %i pairs", (pairs) => {
      // Of 4,000, the share itself scatters by 0.34 %; the long run of it is `npm run calibrate`.
      const covered = coverage(pairs, scatter, 4000);
      expect(covered).toBeGreaterThan(0.94 - 0.007);
      expect(covered).toBeLessThan(0.96 + 0.007);
    });
  });
});

test("the chance of values above zero is the exact one of the signed ranks", () => {
  expect(chanceAbove([1, 2, 3, 4, 5])).toBeCloseTo(1 / 32, 12);
  expect(chanceAbove([-1, -2, -3, -4, -5])).toBe(1);
  expect(chanceAbove([-1, 2, 3, 4, 5])).toBeCloseTo(2 / 32, 12);
  expect(chanceAbove([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBeCloseTo(1 / 1024, 12);
  // Hollander and Wolfe's depression scores, as in R's help on wilcox.test: V = 40, p = 0.01953.
  const scores = [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01];
  expect(chanceAbove(scores)).toBeCloseTo(0.01953, 5);
  expect(chanceAbove([])).toBe(1);
  expect(chanceAbove([0, 0, 0, 0, 0])).toBe(1);
});
