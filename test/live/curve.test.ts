import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST_KEPT, newCurve, pointsOf, push, curveOf } from "../../src/live/curve.js";

test("few readings are all kept, also those that could not be read", () => {
  const { atMs, values } = pointsOf(curveOf([0, 5, 9], [1, null, 3]));
  expect([atMs, values]).toEqual([
    [0, 5, 9],
    [1, null, 3],
  ]);
  expect(pointsOf(newCurve())).toEqual({ atMs: [], values: [] });
});

test("of many, so many points stay that hold the first, the last, the least and the greatest, in time's order", () => {
  const reading = fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: null, freq: 10 });
  const many = fc
    .array(reading, { minLength: 1, maxLength: 40 })
    .chain((some) => fc.integer({ min: 1, max: 400 }).map((times) => Array.from({ length: times }, () => some).flat()));
  fc.assert(
    fc.property(many, (all) => {
      const curve = newCurve();
      for (const [at, value] of all.entries()) push(curve, at, value);
      const { atMs, values } = pointsOf(curve);
      const there = all.filter((value) => value !== null);
      const kept = values.filter((value) => value !== null);
      expect(atMs.length).toBeLessThanOrEqual(MOST_KEPT + 3);
      expect(atMs).toEqual(atMs.toSorted((a, b) => a - b));
      expect([atMs[0], atMs.at(-1)]).toEqual([0, all.length - 1]);
      expect([values[0], values.at(-1)]).toEqual([all[0], all.at(-1)]);
      for (const [at, atOf] of atMs.entries()) expect(values[at]).toBe(all[atOf]);
      if (there.length === 0) return;
      const [low, high] = [Math.min(...there), Math.max(...there)];
      expect([Math.min(...kept), Math.max(...kept), curve.most]).toEqual([low, high, high]);
    }),
    { numRuns: 25 },
  );
});

test("the greatest is kept where the first of those that become two points could not be read", () => {
  const values = Array.from({ length: 4 * MOST_KEPT }, (_, at) => [null, 840, 549, 3][at % 4]!);
  const { values: kept } = pointsOf(
    curveOf(
      values.map((_, at) => at),
      values,
    ),
  );
  expect(Math.max(...kept.filter((value) => value !== null))).toBe(840);
});
