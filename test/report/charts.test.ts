import { describe, expect, it } from "vitest";
import { renderCharts } from "../../src/report/charts.js";
import { histogramChart } from "../../src/report/histogram-chart.js";
import { painter } from "../../src/report/paint.js";
import { peakOf, timelineChart, timelineScale } from "../../src/report/timeline-chart.js";
import { variantViews } from "../../src/report/view.js";
import { commonScale } from "../../src/stats/buckets.js";
import { newHistogram } from "../../src/stats/histogram.js";
import {
  closeTrial,
  hostTimeline,
  keepAliveTrial,
  keepAliveVariant,
  measured,
  result,
  trial,
  variantOf,
} from "./fixture.js";

const paint = painter(false);

describe("histogramChart", () => {
  it("stands on an axis whose ticks are where their values are", () => {
    const histogram = newHistogram();
    for (let i = 0; i < 75; i++) histogram.recordValue(1000);
    for (let i = 0; i < 25; i++) histogram.recordValue(10_000);
    const scale = { low: 1000, high: 100_000, buckets: 20 };
    const lines = histogramChart(histogram, scale, 3);
    expect(lines).toEqual([
      " 75 % █                   ",
      "      █                   ",
      "      █         █         ",
      "    0 └1 ms─────┴10 ms────",
    ]);
  });

  it("draws a single request", () => {
    const histogram = newHistogram();
    histogram.recordValue(500);
    const lines = histogramChart(histogram, commonScale([histogram], 30)!, 5);
    expect(lines[0]).toContain("100 %");
    expect(lines.join("").match(/█/gu)).toHaveLength(5);
  });
});

describe("timelineChart", () => {
  it("shows a flat line of dots for a population that was read and was zero", () => {
    const { timeline, durationMs } = closeTrial();
    const lines = timelineChart(timeline, timelineScale([{ timeline, durationMs }])!, 50, paint);
    expect(lines.find((line) => line.startsWith("client"))).toMatch(/^client ·{43}$/u);
  });

  it("leaves blank what was not read", () => {
    const timeline = { ...closeTrial().timeline, client: null };
    const lines = timelineChart(timeline, timelineScale([{ timeline, durationMs: 10_000 }])!, 50, paint);
    expect(lines.find((line) => line.startsWith("client"))?.trim()).toBe("client");
  });

  it("draws a single reading", () => {
    const one = { ...hostTimeline(0, () => 7, 1), atMs: [3], time_wait: [7] };
    const timeline = { ...closeTrial().timeline, server: one };
    const lines = timelineChart(timeline, timelineScale([{ timeline, durationMs: 100 }])!, 40, paint);
    expect(lines.join("").match(/█/gu)).toHaveLength(3);
  });

  it("has the peak, zero and seconds on its axes", () => {
    const { timeline, durationMs } = closeTrial();
    const lines = timelineChart(timeline, timelineScale([{ timeline, durationMs }])!, 60, paint);
    expect(lines[0]).toMatch(/^14,116 /u);
    expect(lines.at(-1)).toMatch(/^ {5}0 └0 s─+┴5 s─+10 s┘$/u);
  });

  it("gives a line to the side that has hardly any, and the same room to two that have many", () => {
    const both = trial({ population: { client: (s) => 300 * s, server: (s) => 500 * s } });
    const client = trial({ population: { client: (s) => 300 * s, server: () => 0 } });
    expect(timelineScale([closeTrial(), keepAliveTrial()])?.rows).toEqual({ server: 3, client: 1 });
    expect(timelineScale([client])?.rows).toEqual({ server: 1, client: 3 });
    expect(timelineScale([both])?.rows).toEqual({ server: 3, client: 3 });
  });

  it("counts no reading from before the load into the peak", () => {
    const host = { ...hostTimeline(1, () => 0, 1), atMs: [-50, 0, 50], time_wait: [900, 3, 4] };
    expect(peakOf(host)).toBe(4);
    expect(peakOf(null)).toBeNull();
    expect(peakOf({ ...host, atMs: [], time_wait: [] })).toBeNull();
  });
});

describe("renderCharts", () => {
  it("draws all variants at one scale, so that they can be compared by eye", () => {
    const lines = renderCharts(variantViews(result()), 100, paint);
    expect(lines.filter((line) => / 14,116( |$)/u.test(line))).toHaveLength(2);
    const axes = lines.filter((line) => line.includes("└0 s"));
    expect(new Set(axes).size).toBe(1);
  });

  it("puts a variant's charts side by side from 60 columns on", () => {
    const views = variantViews(result([[variantOf("close"), measured(closeTrial())]]));
    const rulesInFirstLine = (width: number): number =>
      renderCharts(views, width, paint)[0]!.match(/(?:^| {2})── /gu)?.length ?? 0;
    expect(rulesInFirstLine(60)).toBe(2);
    expect(rulesInFirstLine(59)).toBe(1);
  });

  it("has nothing to draw for a variant that never ran", () => {
    const views = variantViews(
      result([
        [variantOf("close"), measured(closeTrial())],
        [keepAliveVariant(), { trials: [], median: null, figures: {} }],
      ]),
    );
    expect(renderCharts(views, 100, paint).join("\n")).not.toContain("keep-alive");
  });
});
