import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketCounts, bucketOf, commonScale, merge } from "../../src/stats/buckets.js";
import { type Histogram, newHistogram } from "../../src/stats/histogram.js";

function histogramOf(...values: number[]): Histogram {
  const histogram = newHistogram();
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

describe("bucketCounts", () => {
  it("puts each value into the bucket of its magnitude", () => {
    const scale = { low: 1, high: 10_000, buckets: 4 };
    expect(bucketCounts(histogramOf(2, 20, 21, 200, 2000), scale)).toEqual([1, 2, 1, 1]);
  });

  it("loses no value, whatever the scale", () => {
    const values = fc.array(fc.integer({ min: 1, max: 3_600_000_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (of, buckets) => {
        const histogram = histogramOf(...of);
        const scale = commonScale([histogram], buckets)!;
        expect(bucketCounts(histogram, scale).reduce((a, b) => a + b, 0)).toBe(of.length);
      }),
    );
  });

  it("can be asked twice: nothing of the first time is left", () => {
    const histogram = histogramOf(5, 50);
    const scale = { low: 1, high: 100, buckets: 2 };
    expect(bucketCounts(histogram, scale)).toEqual(bucketCounts(histogram, scale));
  });
});

describe("commonScale", () => {
  it("holds the values of every histogram and is never narrower than a decade", () => {
    const scale = commonScale([histogramOf(2000, 2100), histogramOf(2500)], 10)!;
    expect(scale.low).toBeLessThanOrEqual(2000);
    expect(scale.high).toBeGreaterThanOrEqual(2500);
    expect(scale.high / scale.low).toBeCloseTo(10);
  });

  it("starts at a microsecond, for nothing is shorter", () => {
    expect(commonScale([histogramOf(1, 2)], 10)).toMatchObject({ low: 1, high: 10 });
  });

  it("is null of nothing", () => {
    expect(commonScale([], 10)).toBeNull();
    expect(commonScale([newHistogram()], 10)).toBeNull();
  });
});

describe("bucketOf", () => {
  it("counts what is outside to the outermost buckets", () => {
    const scale = { low: 10, high: 1000, buckets: 5 };
    expect([1, 10, 1000, 5000].map((value) => bucketOf(scale, value))).toEqual([0, 0, 4, 4]);
  });
});

describe("merge", () => {
  it("adds up all counts and leaves the parts as they are", () => {
    const part = histogramOf(1, 2);
    expect(merge([part, histogramOf(3)])?.totalCount).toBe(3);
    expect(part.totalCount).toBe(2);
    expect(merge([])).toBeNull();
  });
});
