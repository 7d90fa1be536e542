import { pointsOf, type Curve } from "../live/curve.js";
import type { LiveLoad, LiveTrial } from "../live/types.js";
import { type Paint, SIDE_STYLE, type Style } from "../report/paint.js";
import { maxPerColumn } from "../stats/resample.js";
import { timeTicks } from "../report/timeline-chart.js";
import { drawAxis, drawColumns } from "../text/columns.js";
import { count, micros } from "../text/figures.js";
import { displayWidth, fit, padRight } from "../text/width.js";
import { say } from "../words/say.js";
import type { Panel } from "./panels.js";

/** A figure over time: one line or more of columns, its name before them and its newest value behind. */
export interface Chart {
  name: string;
  pane: "time-wait" | "rate" | "latency";
  curve: Curve;
  /** What has to be added to its times to get those of the events. */
  offsetMs: number;
  style: Style;
  /** The value that fills its height. */
  top: number;
  /** A value of it, to be read. */
  figure: (value: number | null | undefined) => string;
  /** Lines that it is worth, at the least and at the most; with 0 it may be left out. */
  least: 0 | 1;
  most: number;
}

/** Of the figures behind the columns. */
const VALUE_WIDTH = 9;
/** A column of zero. */
const NOTHING = "┈";
/** Ends of an axis of time whose end is not known: of minutes and hours, too. */
const ROUND_MS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200, 86_400].map(
  (seconds) => seconds * 1000,
);

/**
 * TIME_WAIT of each host, then what the load did.
 * @param top of TIME_WAIT: one scale for all hosts and variants, so that little looks like little
 */
export function chartsOf(load: LiveLoad | undefined, panels: readonly Panel[], top: number): Chart[] {
  const populations = panels.map(({ name, timeWait, style }): Chart => {
    const peak = timeWait.most ?? 0;
    return {
      name: `TIME_WAIT ${name}`,
      pane: "time-wait",
      curve: timeWait,
      offsetMs: 0,
      style,
      top,
      figure: count,
      least: peak > 0 || style === SIDE_STYLE.server ? 1 : 0,
      // What would be the thinnest line anyhow needs one.
      most: peak * 8 < top ? 1 : 6,
    };
  });
  if (load === undefined) return populations;
  const of = (name: string, curve: Curve, figure: Chart["figure"], most: number): Chart => ({
    name,
    pane: curve === load.rate ? "rate" : "latency",
    curve,
    offsetMs: load.beganAtMs,
    style: "white",
    top: Math.max(1, curve.most ?? 0),
    figure,
    least: name === "p50" ? 0 : 1,
    most,
  });
  return [
    ...populations,
    of(say("requests-rate"), load.rate, count, 4),
    of("p99", load.p99Us, micros, 3),
    of("p50", load.p50Us, micros, 1),
  ];
}

/** When its picture ends, in milliseconds since the trial's zero. */
function endOf({ zeroAtMs, steps, figures }: LiveTrial, load: LiveLoad | undefined, nowMs: number): number {
  if (steps.length === 0 && load !== undefined && load.durationMs > 0) return load.durationMs;
  const goneMs = figures === null ? nowMs - (zeroAtMs ?? nowMs) : figures.durationMs;
  return ROUND_MS.find((ms) => ms >= goneMs) ?? goneMs;
}

/** How many lines each chart gets: one, then another in turn to those that still have less than the most they are worth. */
export function heights(charts: readonly Pick<Chart, "least" | "most">[], rows: number): number[] {
  const given = charts.map(() => 0);
  let left = rows;
  const give = (may: (at: number) => boolean): boolean => {
    let any = false;
    for (const at of charts.keys()) {
      if (left === 0 || !may(at)) continue;
      given[at]! += 1;
      left -= 1;
      any = true;
    }
    return any;
  };
  give((at) => charts[at]!.least === 1);
  give((at) => charts[at]!.least === 0);
  while (give((at) => given[at]! > 0 && given[at]! < charts[at]!.most)) continue;
  return given;
}

/** @param atMs now, on the clock of the events */
export function drawCharts(
  trial: LiveTrial,
  load: LiveLoad | undefined,
  charts: readonly Chart[],
  { rows, width, atMs, paint }: { rows: number; width: number; atMs: number; paint: Paint },
): string[] {
  const nameWidth = Math.min(Math.max(...charts.map(({ name }) => displayWidth(name)), 10), Math.floor(width / 3));
  const columns = width - nameWidth - VALUE_WIDTH - 3;
  if (columns < 8) return [];
  const zeroMs = trial.zeroAtMs ?? atMs;
  const untilMs = endOf(trial, load, atMs);
  const withAxis = rows > charts.filter(({ least }) => least === 1).length;
  const lines = heights(charts, withAxis ? rows - 1 : rows).flatMap((height, at) => {
    if (height === 0) return [];
    const { name, curve, offsetMs, style, top, figure } = charts[at]!;
    const last = figure(curve.last?.value);
    const values = maxPerColumn(pointsOf(curve), zeroMs - offsetMs, zeroMs - offsetMs + untilMs, columns);
    return drawColumns(values, height, top, NOTHING).map((line, row) => {
      const isLast = row === height - 1;
      const before = padRight(isLast ? fit(name, nameWidth) : "", nameWidth);
      const scale = row === 0 && curve.most !== null && figure(top) !== last ? paint("dim", figure(top)) : "";
      return ` ${before} ${paint(style, line)} ${isLast ? paint("bold", last) : scale}`.trimEnd();
    });
  });
  if (!withAxis) return lines;
  return [...lines, ` ${" ".repeat(nameWidth)} ${paint("dim", drawAxis(timeTicks(untilMs, columns), columns))}`];
}
