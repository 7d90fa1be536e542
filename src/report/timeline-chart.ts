import type { HostTimeline, Timeline } from "../result/types.js";
import type { Role } from "../scenario/types.js";
import { maxPerColumn } from "../stats/resample.js";
import { type Tick, drawAxis, drawColumns } from "../text/columns.js";
import { count, seconds, span } from "../text/figures.js";
import { type Paint, SIDE_STYLE } from "./paint.js";
import { displayWidth, padLeft } from "../text/width.js";
import { say, term } from "../words/say.js";

const SIDES = ["server", "client"] as const satisfies Role[];

/** What the charts of all variants have in common, so that they can be compared by eye. */
export interface TimelineScale {
  /** Lines for each side. A line stands for the same number of sockets on both. */
  rows: Record<Role, number>;
  /** The greatest population that each side had in any variant. */
  peak: Record<Role, number>;
  /** The end of the time axis; it begins at 0, the first request. */
  untilMs: number;
}

/** The greatest population that was read since the load began; null without a reading. */
export function peakOf(host: HostTimeline | null): number | null {
  const since = host?.time_wait.filter((_, i) => (host.atMs[i] ?? -1) >= 0) ?? [];
  return since.length === 0 ? null : since.reduce((a, b) => Math.max(a, b));
}

/** null when no timeline has a reading. */
export function timelineScale(drawn: readonly { timeline: Timeline; durationMs: number }[]): TimelineScale | null {
  const peaks = (side: Role): number[] =>
    drawn.map(({ timeline }) => peakOf(timeline[side])).filter((peak) => peak !== null);
  const server = peaks("server");
  const client = peaks("client");
  if (server.length === 0 && client.length === 0) return null;
  const peak = { server: Math.max(0, ...server), client: Math.max(0, ...client) };
  const ends = drawn.flatMap(({ timeline, durationMs }) => [
    durationMs,
    ...SIDES.map((side) => lastAt(timeline[side])),
  ]);
  return { rows: rowsFor(peak), peak, untilMs: Math.max(1, ...ends) };
}

/**
 * A side with hardly any needs one line; two sides that both have many get three each. Either way a line stands for
 * the same number of sockets on both sides.
 */
function rowsFor(peak: Record<Role, number>): Record<Role, number> {
  if (peak.client * 3 <= peak.server) return { server: 3, client: 1 };
  return peak.server * 3 <= peak.client ? { server: 1, client: 3 } : { server: 3, client: 3 };
}

function lastAt(host: HostTimeline | null): number {
  return host?.atMs.at(-1) ?? 0;
}

/** The population in TIME_WAIT over time, server above client: `rows.server + rows.client` lines and the axis. */
export function timelineChart(timeline: Timeline, scale: TimelineScale, width: number, paint: Paint): string[] {
  const tallest = Math.max(scale.rows.server, scale.rows.client);
  const top = Math.max(1, scale.peak.server, scale.peak.client);
  const gutter = timelineGutter(scale);
  const columns = width - gutter - 1;
  const lines = SIDES.flatMap((side) => {
    const host = timeline[side];
    const rows = scale.rows[side];
    const series = { atMs: host?.atMs ?? [], values: host?.time_wait ?? [] };
    const values = maxPerColumn(series, 0, scale.untilMs, columns);
    const bars = drawColumns(values, rows, (top * rows) / tallest, "·");
    return bars.map((bar, line) => {
      const isTop = line === 0 && rows === tallest && rows > 1;
      const label = isTop ? count(top) : line === rows - 1 ? term(side) : "";
      return `${padLeft(label, gutter)} ${paint(SIDE_STYLE[side], bar)}`;
    });
  });
  return [...lines, `${padLeft("0", gutter)} ${drawAxis(timeTicks(scale.untilMs, columns), columns)}`];
}

function timelineGutter(scale: TimelineScale): number {
  return Math.max(
    ...SIDES.map((side) => displayWidth(term(side))),
    count(Math.max(scale.peak.server, scale.peak.client)).length,
  );
}

/** Longest first; the first that fits is taken. */
export function timelineCaption(timeline: Timeline, trial: number | null): string[] {
  const peaks = { server: count(peakOf(timeline.server)), client: count(peakOf(timeline.client)) };
  const what = trial === null ? "TIME_WAIT" : say("time-wait-in-trial", { n: trial });
  return [say("peaks-long", { what, ...peaks }), say("peaks-short", { what, ...peaks }), what, "TIME_WAIT"];
}

/** Both ends, and between them seconds in steps of 1, 2 or 5 × 10ⁿ, about ten columns apart or more. */
export function timeTicks(untilMs: number, columns: number): Tick[] {
  const whole = untilMs / 1000;
  const least = (whole * 11) / columns;
  const decade = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((n) => n * decade).find((candidate) => candidate >= least) ?? decade * 10;
  const steps: Tick[] = Array.from({ length: Math.floor(whole / step) + 1 }, (_, i) => ({
    column: Math.floor(((i * step) / whole) * columns),
    text: seconds(Number((i * step).toPrecision(6))),
  }));
  return [...steps.slice(0, 1), { column: "end", text: span(untilMs) }, ...steps.slice(1)];
}
