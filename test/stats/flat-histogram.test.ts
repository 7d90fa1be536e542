import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FlatHistogram, type Pairs } from "../../src/stats/flat-histogram.js";
import { encode, type Histogram, newHistogram } from "../../src/stats/histogram.js";

function flatOf(values: Iterable<number>): FlatHistogram {
  const flat = new FlatHistogram();
  for (const value of values) flat.record(value);
  return flat;
}

function hdrOf(pairs: Pairs): Histogram {
  const histogram = newHistogram();
  for (let at = 0; at < pairs.length; at += 2) histogram.recordValueWithCount(pairs[at]!, pairs[at + 1]!);
  return histogram;
}

const MICROSECONDS = fc.integer({ min: 1, max: 3_600_000_000 });

describe("a flat histogram", () => {
  test("tells values apart exactly where HdrHistogram does", () => {
    fc.assert(
      fc.property(fc.array(MICROSECONDS, { maxLength: 300 }), (values) => {
        const direct = newHistogram();
        for (const value of values) direct.recordValue(value);
        expect(encode(hdrOf(flatOf(values).take()))).toBe(encode(direct));
      }),
    );
  });

  test("is exact up to 2047 and at each power of two", () => {
    const values = [1, 2, 1023, 1024, 2046, 2047, ...Array.from({ length: 20 }, (_, i) => 2 ** (i + 12))];
    expect([...flatOf(values).take()]).toEqual(values.flatMap((value) => [value, 1]));
  });

  test("rounds, and keeps what is out of its range at its ends", () => {
    expect([...flatOf([0, 0.2, -5, 1.4, 1.6, 2 ** 33]).take()]).toEqual([1, 4, 2, 1, 4_292_870_144, 1]);
  });

  test("is empty once it has handed out what it held", () => {
    const flat = flatOf([5, 5, 5_000_000]);
    expect([...flat.take()]).toEqual([5, 2, 4_997_120, 1]);
    expect([...flat.take()]).toEqual([]);
    flat.record(7);
    expect([...flat.take()]).toEqual([7, 1]);
  });

  test("takes in what others have handed out as if it had recorded it", () => {
    fc.assert(
      fc.property(fc.array(MICROSECONDS), fc.array(MICROSECONDS), (some, others) => {
        const sum = flatOf(some);
        sum.addPairs(flatOf(others).take());
        expect(sum.take()).toEqual(flatOf([...some, ...others]).take());
      }),
    );
  });
});
