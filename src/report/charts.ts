import { type LogScale, commonScale, merge } from "../stats/buckets.js";
import { type Histogram, decode } from "../stats/histogram.js";
import { histogramCaption, histogramChart, histogramColumns } from "./histogram-chart.js";
import type { Paint } from "./paint.js";
import { type TimelineScale, timelineCaption, timelineChart, timelineScale } from "./timeline-chart.js";
import { say } from "../words/say.js";
import type { VariantView } from "./view.js";
import { displayWidth, fit, padRight } from "../text/width.js";

/** Below this the two charts of a variant stand one above the other. */
const SIDE_BY_SIDE = 60;
const GAP = 2;

/** For each variant its latencies next to its TIME_WAIT over time. All variants share both axes of time. */
export function renderCharts(views: readonly VariantView[], width: number, paint: Paint): string[] {
  const sideBySide = width >= SIDE_BY_SIDE;
  const left = sideBySide ? Math.floor((width - GAP) / 2) : width;
  const right = sideBySide ? width - GAP - left : width;
  const histograms = views.map(latencies);
  const latencyScale = commonScale(
    histograms.filter((histogram) => histogram instanceof Object),
    histogramColumns(left),
  );
  const timeScale = timelineScale(views.flatMap(({ shown }) => (shown === null ? [] : [shown])));
  return views.flatMap((view, i) => {
    if (view.shown === null) return [];
    const rows = timeScale === null ? 4 : timeScale.rows.server + timeScale.rows.client;
    const latency = latencyPanel(view, histograms[i] ?? null, latencyScale, rows, left, paint);
    const timeWait = timeWaitPanel(view, timeScale, right, paint);
    if (!sideBySide) return [...latency, ...timeWait];
    const height = Math.max(latency.length, timeWait.length);
    return Array.from({ length: height }, (_, line) =>
      (padRight(latency[line] ?? "", left + GAP) + (timeWait[line] ?? "")).trimEnd(),
    );
  });
}

/** Of all trials behind the figures together; `unreadable` when one of the histograms is damaged. */
function latencies(view: VariantView): Histogram | "unreadable" | null {
  try {
    const texts = view.trials.map(({ histograms }) => histograms.latencyUs).filter((text) => text !== null);
    const sum = merge(texts.map(decode));
    // An empty one is never saved: see encode().
    return sum?.totalCount === 0 ? "unreadable" : sum;
  } catch {
    return "unreadable";
  }
}

function latencyPanel(
  view: VariantView,
  histogram: Histogram | "unreadable" | null,
  scale: LogScale | null,
  rows: number,
  width: number,
  paint: Paint,
): string[] {
  if (histogram === "unreadable")
    return [rule(view.name, [say("histogram-unreadable"), say("unreadable")], width, paint)];
  if (histogram === null || scale === null) return [rule(view.name, [say("no-latencies")], width, paint)];
  const caption = rule(view.name, histogramCaption(histogram, view.trials.length), width, paint);
  return [caption, ...histogramChart(histogram, scale, rows)];
}

function timeWaitPanel(view: VariantView, scale: TimelineScale | null, width: number, paint: Paint): string[] {
  const { shown } = view;
  if (shown === null || scale === null || (shown.timeline.server === null && shown.timeline.client === null)) {
    return [rule("", [say("time-wait-not-read"), say("no-time-wait")], width, paint)];
  }
  const trial = view.trials.length > 1 ? view.shownNumber : null;
  return [
    rule("", timelineCaption(shown.timeline, trial), width, paint),
    ...timelineChart(shown.timeline, scale, width, paint),
  ];
}

/** `── close · latency of 84,120 requests ───────`: the first caption that fits beside the name. */
function rule(name: string, captions: readonly string[], width: number, paint: Paint): string {
  const room = width - "──  ─".length;
  const texts = captions.map((caption) => (name === "" ? caption : `${name} · ${caption}`));
  const text = fit(
    texts.find((candidate) => displayWidth(candidate) <= room) ?? (name === "" ? texts.at(-1) : name) ?? "",
    room,
  );
  const named = name !== "" && text.startsWith(name) ? paint("bold", name) + text.slice(name.length) : text;
  return `${paint("dim", "──")} ${named} ${paint("dim", "─".repeat(width - 4 - displayWidth(text)))}`;
}
