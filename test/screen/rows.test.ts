import fc from "fast-check";
import { expect, test } from "vitest";
import { allot } from "../../src/screen/rows.js";
import { heights } from "../../src/screen/charts.js";

test("lines go to all at their least, then in order to whoever wants more", () => {
  const parts = [{ wants: [2] }, { wants: [1, 4] }, { wants: [0, 3, 6] }];
  expect(allot(parts, 2)).toEqual([2, 0, 0]);
  expect(allot(parts, 5)).toEqual([2, 3, 0]);
  expect(allot(parts, 9)).toEqual([2, 4, 3]);
  expect(allot(parts, 50)).toEqual([2, 4, 6]);
});

test("no more is given than there is, and no more than is wanted", () => {
  const wants = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 6 });
  fc.assert(
    fc.property(wants, fc.nat(80), (all, rows) => {
      const given = allot(
        all.map((one) => ({ wants: one })),
        rows,
      );
      const most = all.map((one) => Math.max(0, ...one));
      const sum = given.reduce((a, b) => a + b, 0);
      expect(sum).toBe(
        Math.min(
          rows,
          most.reduce((a, b) => a + b, 0),
        ),
      );
      for (const [at, lines] of given.entries()) expect(lines).toBeLessThanOrEqual(most[at]!);
    }),
  );
});

test("of the lines for charts, each that must be there gets one before any gets two", () => {
  const charts = [
    { least: 1, most: 6 },
    { least: 0, most: 1 },
    { least: 1, most: 2 },
  ] as const;
  expect(heights(charts, 1)).toEqual([1, 0, 0]);
  expect(heights(charts, 2)).toEqual([1, 0, 1]);
  expect(heights(charts, 3)).toEqual([1, 1, 1]);
  expect(heights(charts, 6)).toEqual([3, 1, 2]);
  expect(heights(charts, 50)).toEqual([6, 1, 2]);
});
