import { type LogScale, bucketCounts, bucketOf } from "../stats/buckets.js";
import type { Histogram } from "../stats/histogram.js";
import { type Tick, drawAxis, drawColumns } from "../text/columns.js";
import { microsTick, share } from "../text/figures.js";
import { padLeft } from "../text/width.js";
import { counted, say } from "../words/say.js";

/** `100 %` and a space. */
const GUTTER = 6;

/** How many buckets a chart of this width has. */
export function histogramColumns(width: number): number {
  return width - GUTTER;
}

/**
 * Latencies over a logarithmic axis, one column a bucket: `rows` lines and the axis. The height of a column is the
 * bucket's share of the requests; the label on top is the share of the highest one.
 */
export function histogramChart(histogram: Histogram, scale: LogScale, rows: number): string[] {
  const counts = bucketCounts(histogram, scale);
  const top = Math.max(...counts);
  const bars = drawColumns(counts, rows, top, " ");
  const labels = bars.map((_, i) => (i === 0 ? share(top / histogram.totalCount) : ""));
  return [
    ...bars.map((bar, i) => `${padLeft(labels[i] ?? "", GUTTER - 1)} ${bar}`),
    `${padLeft("0", GUTTER - 1)} ${drawAxis(latencyTicks(scale), scale.buckets)}`,
  ];
}

/** Before the drawing stands what is drawn, for those who cannot see it. */
export function histogramCaption(histogram: Histogram, trials: number): string[] {
  const requests = counted("request", histogram.totalCount);
  const short = say("latency-of", { requests });
  const long = trials > 1 ? say("latency-of-trials", { requests, trials: counted("trial", trials) }) : short;
  return [long, short, say("latency")];
}

/** Decades first, then their thirds and halves as far as there is room. */
function latencyTicks(scale: LogScale): Tick[] {
  const decades = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
  const values = [...decades, ...decades.flatMap((decade) => [2 * decade, 5 * decade])];
  return values
    .filter((us) => us >= scale.low && us <= scale.high)
    .map((us) => ({ column: bucketOf(scale, us), text: microsTick(us) }));
}
