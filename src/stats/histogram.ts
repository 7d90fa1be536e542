import * as hdr from "hdr-histogram-js";
import { inflateSync } from "node:zlib";

/** Above an hour a latency is no latency any more; it is recorded as this. */
const HIGHEST_US = 3_600_000_000;
const SIGNIFICANT_DIGITS = 3;
/** Nine for each count of the largest histogram that fits the bounds of `checkSize`, and its head. */
const MOST_BYTES = 512 * 1024;

export type Histogram = hdr.Histogram;

/** Microseconds. */
export interface LatencySummary {
  min: number;
  mean: number;
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
}

/** An empty HdrHistogram for microseconds, three significant digits, 1 µs to an hour. */
export function newHistogram(): Histogram {
  return hdr.build({
    bitBucketSize: 64,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
    useWebAssembly: false,
  });
}

/** Records a latency given in milliseconds; less than a microsecond counts as one. */
export function recordMs(histogram: Histogram, latencyMs: number): void {
  histogram.recordValue(Math.min(HIGHEST_US, Math.max(1, Math.round(latencyMs * 1000))));
}

/** HdrHistogram V2, compressed, base64; null for an empty one. */
export function encode(histogram: Histogram): string | null {
  return histogram.totalCount === 0 ? null : hdr.encodeIntoCompressedBase64(histogram);
}

/** Throws when the text is no HdrHistogram, or one of more counts than bench ever keeps. */
export function decode(base64: string): Histogram {
  checkSize(base64);
  return hdr.decodeFromCompressedBase64(base64, 64, false);
}

/** A few bytes of deflate may be gigabytes, and a few of the head may ask for arrays of that size. */
function checkSize(base64: string): void {
  // Two words stand before what is compressed: a cookie and the length (HdrHistogram V2).
  const compressed = Buffer.from(base64, "base64").subarray(8);
  const head = inflateSync(compressed, { maxOutputLength: MOST_BYTES });
  const digits = head.readInt32BE(12);
  const highest = head.readBigInt64BE(24);
  if (digits < 0 || digits > SIGNIFICANT_DIGITS) throw new Error(`${digits} significant digits`);
  if (highest < 1n || highest > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error(`a highest value of ${highest}`);
}

/** null for an empty histogram: no figure stands for "nothing was measured". */
export function summarize(histogram: Histogram): LatencySummary | null {
  if (histogram.totalCount === 0) return null;
  return {
    min: histogram.minNonZeroValue,
    mean: Math.round(histogram.mean * 10) / 10,
    p50: histogram.getValueAtPercentile(50),
    p90: histogram.getValueAtPercentile(90),
    p99: histogram.getValueAtPercentile(99),
    p999: histogram.getValueAtPercentile(99.9),
    max: histogram.maxValue,
  };
}
