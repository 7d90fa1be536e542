import { counted, listed, say } from "../../words/say.js";
import type { Trial } from "../../result/types.js";
import { bucketCounts, type LogScale, merge } from "../../stats/buckets.js";
import { decode, type Histogram } from "../../stats/histogram.js";
import { fit } from "../../text/width.js";
import { micros } from "../../text/figures.js";
import type { Axis, ChartView, SeriesView } from "../types.js";
import { latencyAxis, percentileAxis, shareAxis } from "./axes.js";
import { BUCKETS } from "./bars.js";
import { greatest, least } from "../../stats/thin.js";

const PERCENTILE_POINTS = 80;

/** The latencies of all trials behind the figures together; null where there are none, or they cannot be read. */
export function latenciesOf(trials: readonly Pick<Trial, "histograms">[]): Histogram | null {
  try {
    const texts = trials.map(({ histograms }) => histograms.latencyUs).filter((text) => text !== null);
    const sum = merge(texts.map(decode));
    return sum === null || sum.totalCount === 0 ? null : sum;
  } catch {
    return null;
  }
}

/** One scale of latencies for all variants, so that they can be compared by eye; null where none has any. */
export function commonLatencyAxis(histograms: readonly (Histogram | null)[]): Axis | null {
  const there = histograms.filter((histogram) => histogram !== null);
  const low = least(there.map(({ minNonZeroValue }) => minNonZeroValue));
  const high = greatest(there.map(({ maxValue }) => maxValue));
  return low === null || high === null ? null : latencyAxis(low, high);
}

/** The share of the requests that the fullest bucket holds. */
export function fullest(histogram: Histogram | null, axis: Axis): number {
  return histogram === null ? 0 : (greatest(bucketCounts(histogram, bucketsOf(axis))) ?? 0) / histogram.totalCount;
}

export function histogramChart(id: string, histogram: Histogram, x: Axis, most: number): ChartView {
  const scale = bucketsOf(x);
  const counts = bucketCounts(histogram, scale);
  const edge = (bucket: number): number => scale.low * (scale.high / scale.low) ** (bucket / scale.buckets);
  const [p50, p99, p999] = [50, 99, 99.9].map((percentile) => histogram.getValueAtPercentile(percentile)) as [
    number,
    number,
    number,
  ];
  const filled = counts.flatMap((n, bucket) => (n === 0 ? [] : [{ n, bucket }]));
  return {
    id,
    title: say("Latency-of", { requests: counted("request", histogram.totalCount) }),
    sentence: say("histogram-sentence", { p50: micros(p50), p99: micros(p99), max: micros(histogram.maxValue) }),
    kind: "bars",
    x,
    y: shareAxis(most),
    series: [
      {
        name: say("requests"),
        label: "",
        tone: "latency",
        dash: 0,
        x: filled.map(({ bucket }) => round(edge(bucket + 0.5))),
        y: filled.map(({ n }) => round(n / histogram.totalCount)),
      },
    ],
    marks: [
      { at: p50, text: `p50 ${micros(p50)}` },
      { at: p99, text: `p99 ${micros(p99)}` },
      ...(histogram.totalCount < 1_000 ? [] : [{ at: p999, text: `p99.9 ${micros(p999)}` }]),
    ],
  };
}

/** Latency by percentile, a line for each; the tail takes as much room as the rest. */
export function percentileChart(
  id: string,
  of: readonly (Pick<SeriesView, "name" | "tone" | "dash"> & { histogram: Histogram })[],
  y: Axis,
): ChartView {
  const requests = greatest(of.map(({ histogram }) => histogram.totalCount)) ?? 1;
  const x = percentileAxis(requests);
  return {
    id,
    title: say("latency-by-percentile"),
    sentence: say("end", {
      text: listed(
        of.map(({ name, histogram }) => {
          const at = (percentile: number): string => micros(histogram.getValueAtPercentile(percentile));
          const both = { p50: at(50), p999: at(99.9) };
          return of.length > 1 ? say("named-p50-to", { name, ...both }) : say("from-p50-to", both);
        }),
        "clauses",
      ),
    }),
    kind: "lines",
    x,
    y,
    series: of.map(({ histogram, ...series }) => {
      // Beyond what so many requests can tell there is only the greatest again.
      const until = Math.min(x.max, Math.log10(histogram.totalCount));
      const at = Array.from({ length: PERCENTILE_POINTS + 1 }, (_, i) => (i * until) / PERCENTILE_POINTS);
      return {
        ...series,
        label: of.length > 1 ? fit(series.name, 28) : "",
        x: at.map(round),
        y: at.map((nines) => histogram.getValueAtPercentile(100 * (1 - 10 ** -nines))),
      };
    }),
    marks: [],
  };
}

function bucketsOf({ min, max }: Axis): LogScale {
  return { low: min, high: max, buckets: BUCKETS };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
