import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode, newHistogram, recordMs, summarize } from "../../src/stats/histogram.js";

describe("histograms", () => {
  it("hold every latency to three significant digits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_600_000_000 }), (us) => {
        const histogram = newHistogram();
        recordMs(histogram, us / 1000);
        expect(Math.abs(summarize(histogram)!.p50 - us) / us).toBeLessThanOrEqual(0.001);
      }),
    );
  });

  it("come out of their text as they went in", () => {
    const latencies = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(latencies, (of) => {
        const histogram = newHistogram();
        for (const ms of of) recordMs(histogram, ms);
        const again = decode(encode(histogram)!);
        expect(again.totalCount).toBe(of.length);
        const [before, after] = [summarize(histogram)!, summarize(again)!];
        // The least and the greatest value themselves are not in the text, only the buckets that they are in.
        expect(after.min / before.min).toBeCloseTo(1, 2);
        expect(after.max / before.max).toBeCloseTo(1, 2);
        expect({ ...after, min: 0, max: 0 }).toEqual({ ...before, min: 0, max: 0 });
      }),
    );
  });

  it("give no figure where nothing was recorded", () => {
    expect(summarize(newHistogram())).toBeNull();
    expect(encode(newHistogram())).toBeNull();
  });

  it("take the shortest for a microsecond and the longest for an hour", () => {
    const histogram = newHistogram();
    recordMs(histogram, 0);
    recordMs(histogram, 1e12);
    const summary = summarize(histogram)!;
    expect(summary.min).toBe(1);
    expect(summary.max / 3_600_000_000).toBeCloseTo(1, 2);
  });
});
