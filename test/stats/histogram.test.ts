import fc from "fast-check";
import { deflateSync } from "node:zlib";
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

describe("what is read from a file is bounded", () => {
  /** HdrHistogram V2: a cookie and the length, then deflated a head of 40 bytes and counts. */
  function text(digits: number, highest: bigint, counts: Buffer): string {
    const head = Buffer.alloc(40);
    head.writeInt32BE(0x1c849313, 0);
    head.writeInt32BE(counts.length, 4);
    head.writeInt32BE(digits, 12);
    head.writeBigInt64BE(1n, 16);
    head.writeBigInt64BE(highest, 24);
    const packed = deflateSync(Buffer.concat([head, counts]));
    const cookie = Buffer.alloc(8);
    cookie.writeInt32BE(0x1c849314, 0);
    cookie.writeInt32BE(packed.length, 4);
    return Buffer.concat([cookie, packed]).toString("base64");
  }

  it("reads one of ordinary size", () => {
    expect(decode(text(3, 3_600_000_000n, Buffer.from([2, 2]))).totalCount).toBe(2);
  });

  it.each([
    ["a bomb of deflate", text(3, 3_600_000_000n, Buffer.alloc(64 * 1024 * 1024))],
    ["five digits", text(5, 3_600_000_000n, Buffer.alloc(1))],
    ["values beyond what numbers count", text(3, 2n ** 62n, Buffer.alloc(1))],
  ])("refuses %s", (_, base64) => {
    expect(() => decode(base64)).toThrow();
  });
});
