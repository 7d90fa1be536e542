import * as hdr from "hdr-histogram-js";
import { newHistogram, type Histogram } from "./histogram.js";

/** A range of values cut into buckets of equal width on a logarithmic axis. */
export interface LogScale {
  low: number;
  high: number;
  buckets: number;
}

/** The bucket that a value falls into; values outside the range count to the outermost buckets. */
export function bucketOf(scale: LogScale, value: number): number {
  const position = Math.log(value / scale.low) / Math.log(scale.high / scale.low);
  return Math.min(scale.buckets - 1, Math.max(0, Math.floor(position * scale.buckets)));
}

/** How many of the recorded values fall into each bucket; their sum is the histogram's count. */
export function bucketCounts(histogram: Histogram, scale: LogScale): number[] {
  const counts = new Array<number>(scale.buckets).fill(0);
  for (const [value, count] of recordedValues(histogram)) {
    const bucket = bucketOf(scale, value);
    counts[bucket] = (counts[bucket] ?? 0) + count;
  }
  return counts;
}

/** The sum of histograms; null of none. */
export function merge(histograms: readonly Histogram[]): Histogram | null {
  if (histograms.length === 0) return null;
  const sum = newHistogram();
  for (const histogram of histograms) sum.add(histogram);
  return sum;
}

/**
 * A range that holds every value of all the histograms, at least one decade wide, so that a narrow distribution looks
 * narrow. null when nothing was recorded.
 */
export function commonScale(histograms: readonly Histogram[], buckets: number): LogScale | null {
  const filled = histograms.filter((histogram) => histogram.totalCount > 0);
  if (filled.length === 0) return null;
  const low = Math.max(1, Math.min(...filled.map((histogram) => histogram.minNonZeroValue)));
  const high = Math.max(low, ...filled.map((histogram) => histogram.maxValue)) * 1.001;
  const widen = Math.max(1, Math.sqrt(10 / (high / low)));
  return low / widen < 1
    ? { low: 1, high: Math.max(10, high), buckets }
    : { low: low / widen, high: high * widen, buckets };
}

function* recordedValues(histogram: Histogram): Generator<[value: number, count: number]> {
  // The interface of the library names no iterator; its only class that decode() and build() give here has one.
  if (!(histogram instanceof hdr.JsHistogram)) throw new TypeError("a histogram without an iterator");
  const iterator = histogram.recordedValuesIterator;
  iterator.reset();
  while (iterator.hasNext()) {
    const step = iterator.next();
    yield [step.valueIteratedTo, step.countAddedInThisIterationStep];
  }
}
