import { renderToString } from "preact-render-to-string";
import { h } from "preact";
import { describe, expect, test } from "vitest";
import { LiveModel } from "../../src/live/model.js";
import { eventsOf } from "../../src/live/replay.js";
import { shownOf } from "../../src/live/shown.js";
import { LivePage } from "../../src/page/live.js";
import type { LiveView } from "../../src/page/live/types.js";
import { liveView } from "../../src/page/live/view.js";
import { Live } from "../../src/page/parts/live.js";
import type { RunResult } from "../../src/result/types.js";
import { micros } from "../../src/text/figures.js";
import { HOSTILE, specimens } from "./specimens.js";

const ALL = specimens();

/** The page after the part of the events; 1 for all of them. */
function viewsAt(result: RunResult, parts: readonly number[]): LiveView[] {
  const model = new LiveModel();
  const events = [...eventsOf(result)];
  const at = parts.map((part) => Math.floor(part * (events.length - 1)));
  return events.flatMap((event, index) => {
    model.heard(event);
    return at.filter((one) => one === index).map(() => liveView(structuredClone(shownOf(model.state))));
  });
}

describe.each(Object.entries(ALL))("the live page of the result %s", (_, result) => {
  test("makes sense at any moment: each id once, each figure a figure", () => {
    for (const view of viewsAt(result, [0, 0.02, 0.5, 0.98, 1])) {
      const html = renderToString(h(Live, { view, link: "" }));
      expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/u);
      const ids = [...html.matchAll(/ id="([^"]*)"/gu)].map((match) => match[1]);
      expect(ids).toEqual([...new Set(ids)]);
    }
  });
});

test("while a load runs it has the lab, the lines and the figures of this moment", () => {
  const [begun, half, end] = viewsAt(ALL["plain"]!, [0, 0.25, 1]) as [LiveView, LiveView, LiveView];
  expect(begun.runs[0]).toMatchObject({ state: "about to begin", variants: [], several: true });
  const [variant] = half.runs[0]!.variants;
  expect(half.runs[0]!.state).toBe("close, variant 1 of 2");
  expect(variant!.charts.map(({ title }) => title)).toEqual(["Sockets in TIME_WAIT", "Requests per second", "Latency"]);
  expect(variant!.lab!.hosts.map(({ name, unit }) => [name, unit])).toEqual([
    ["client", "TIME_WAIT now"],
    ["server", "TIME_WAIT now"],
  ]);
  expect(half.runs[0]!.expectations.map(({ state }) => state)).not.toContain("holds");
  expect(end.runs[0]!.variants).toHaveLength(2);
  // The same axes, so that nothing looks like more than it is.
  const [close, keepAlive] = end.runs[0]!.variants.map(({ charts }) => charts[0]!.y.max);
  expect(close).toBe(keepAlive);
});

test("a trial that is over has the figures of the result, and nothing now; what is not known meanwhile is not told", () => {
  const result = ALL["plain"]!;
  const [half, end] = viewsAt(result, [0.25, 1]) as [LiveView, LiveView];
  const labels = (view: LiveView): string[] => view.runs[0]!.variants[0]!.figures.map(({ label }) => label);
  expect(labels(half)).toEqual(["requests/s", "succeeded", "p50", "p99"]);
  expect(labels(end)).toEqual(["requests/s", "succeeded", "failed", "connections opened", "p50", "p99"]);
  expect(half.runs[0]!.variants[0]!.state).not.toContain("failure");
  expect(half.runs[0]!.findings).toEqual([]);
  for (const { name, figures, lab } of end.runs[0]!.variants) {
    const { p50, p99 } = result.variants[name]!.trials.at(-1)!.latencyUs!;
    expect(figures.slice(-2).map(({ value }) => value)).toEqual([micros(p50), micros(p99)]);
    expect(JSON.stringify(lab)).not.toMatch(/ now\b/u);
  }
});

test("of a variant whose turn has not come, nothing is said to be found", () => {
  const events = [...eventsOf(ALL["plain"]!)];
  const done = events.findIndex(({ type }) => type === "trial-done");
  const [view] = viewsAt(ALL["plain"]!, [(done + 0.5) / (events.length - 1)]) as [LiveView];
  expect(view.runs[0]!.state).toBe("between two trials");
  expect(view.runs[0]!.findings.map(({ where }) => where)).not.toContain("keep-alive");
});

test("of twenty variants the newest are shown, and it is said", () => {
  const [end] = viewsAt(ALL["twenty"]!, [1]) as [LiveView];
  expect(end.runs[0]!.variants.map(({ name }) => name)).toEqual([170, 180, 190, 200].map((n) => `connections-${n}`));
  expect(end.runs[0]!.leftOut).toContain("16 others");
});

test("whatever a name says is text, and the page without data is small", () => {
  const page = new LivePage();
  expect(page.render({ state: { atMs: 0, runs: [] }, id: 0 }, "en").length).toBeLessThan(115_000);
  const [view] = viewsAt(ALL["hostile"]!, [1]) as [LiveView];
  const html = renderToString(h(Live, { view, link: "" }));
  expect(html).not.toContain(HOSTILE);
  expect(html).not.toContain("<script");
  expect(html).not.toContain("\u202E");
  expect(page.policy).toContain("default-src 'none'");
  expect(page.policy).not.toContain("unsafe");
});
