import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxPerColumn } from "../../src/stats/resample.js";

describe("maxPerColumn", () => {
  it("keeps the peak of each column", () => {
    expect(maxPerColumn({ atMs: [0, 10, 20, 30], values: [1, 9, 2, 3] }, 0, 40, 2)).toEqual([9, 3]);
  });

  it("repeats the last reading over a gap, not the greatest of its column", () => {
    expect(maxPerColumn({ atMs: [0, 5, 35], values: [9, 4, 7] }, 0, 40, 4)).toEqual([9, 4, 4, 7]);
  });

  it("knows nothing before the first reading and after the last one", () => {
    expect(maxPerColumn({ atMs: [10], values: [5] }, 0, 40, 4)).toEqual([null, 5, null, null]);
  });

  it("begins with the last reading before the range, if there is one", () => {
    expect(maxPerColumn({ atMs: [-20, -10, 25], values: [8, 3, 5] }, 0, 40, 4)).toEqual([3, 3, 5, null]);
  });

  it("takes a series without readings, and one whose columns differ in length", () => {
    expect(maxPerColumn({ atMs: [], values: [] }, 0, 10, 2)).toEqual([null, null]);
    expect(maxPerColumn({ atMs: [0, 5], values: [1] }, 0, 10, 2)).toEqual([1, null]);
  });

  it("never loses the greatest reading within the range", () => {
    const readings = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 500 }), value: fc.nat(100_000) }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(readings, fc.integer({ min: 1, max: 90 }), (of, columns) => {
        let at = 0;
        const atMs = of.map(({ gap }) => (at += gap));
        const values = of.map(({ value }) => value);
        const drawn = maxPerColumn({ atMs, values }, 0, at, columns).filter((value) => value !== null);
        expect(Math.max(...drawn)).toBe(Math.max(...values));
      }),
    );
  });
});
