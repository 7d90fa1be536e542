import { type Curve, pointsOf } from "../../live/curve.js";
import type { ShownTrial } from "../../live/shown.js";
import { timeWaitOf } from "../../live/trial.js";
import { count, decimal, micros } from "../../text/figures.js";
import { listed, say } from "../../words/say.js";
import type { Axis, ChartView, SeriesView, Tone } from "../types.js";
import { countAxis, latencyAxis, timeAxis } from "../view/axes.js";
import { greatest, least, thin } from "../../stats/thin.js";

/** The same for all variants, so that nothing looks like more than it is. */
export interface LiveAxes {
  time: Axis;
  timeWait: Axis;
  rate: Axis;
  latency: Axis | null;
}

export function axesOf(trials: readonly ShownTrial[]): LiveAxes {
  const loads = trials.flatMap((trial) => trial.loads.slice(-1));
  const most = (curves: readonly Curve[]): number => greatest(curves.map((curve) => curve.most)) ?? 0;
  const low =
    greatest(loads.map(({ p50Us }) => p50Us.most)) === null ? null : least(loads.flatMap(({ p50Us }) => p50Us.values));
  const high = most(loads.map(({ p99Us }) => p99Us));
  return {
    time: timeAxis(Math.max(1, ...trials.map(lengthOf))),
    timeWait: countAxis(most(trials.flatMap((trial) => linesOf(trial).map(({ curve }) => curve)))),
    rate: countAxis(most(loads.map(({ rate }) => rate))),
    latency: low === null ? null : latencyAxis(low, high),
  };
}

/** How long its load is meant to last; where it has none, how long it has lasted. */
function lengthOf(trial: ShownTrial): number {
  const zero = trial.zeroAtMs ?? trial.beganAtMs;
  const ends = linesOf(trial).map(({ curve }) => (curve.last?.atMs ?? zero) - zero);
  return Math.max(...trial.loads.slice(-1).map(({ durationMs }) => durationMs), ...ends, 1);
}

interface Line {
  name: string;
  tone: Tone;
  dash: number;
  curve: Curve;
}

function linesOf(trial: ShownTrial): Line[] {
  const roles = [
    { name: "server", tone: "server", dash: 0 },
    { name: "client", tone: "client", dash: 1 },
  ] as const;
  const others = trial.hosts.filter(({ roles: plays }) => plays.length === 0);
  return [
    ...roles.map(({ name, tone, dash }) => ({ name, tone, dash, curve: timeWaitOf(trial, name) })),
    ...others.map(({ name, timeWaits }, at) => ({
      name,
      tone: `host${at % 4}` as const,
      dash: 2 + (at % 3),
      curve: timeWaits,
    })),
  ].filter(({ curve }) => curve.last !== null);
}

export function chartsOf(trial: ShownTrial, axes: LiveAxes, id: string): ChartView[] {
  const lines = linesOf(trial);
  const load = trial.loads.at(-1);
  const zero = trial.zeroAtMs ?? trial.beganAtMs;
  const most = (what: string): string =>
    trial.over ? say("at-most", { peaks: what }) : say("at-most-so-far", { peaks: what });
  const charts: ChartView[] = [];
  if (lines.length > 0)
    charts.push({
      id: `${id}-time-wait`,
      title: say("in-time-wait"),
      sentence: most(listed(lines.map(({ name, curve }) => `${name} ${count(curve.most)}`))),
      kind: "lines",
      x: axes.time,
      y: axes.timeWait,
      series: lines.map(({ name, tone, dash, curve }) => {
        const { x, y } = drawn(curve, zero);
        return { name, tone, dash, label: `${name} ${count(curve.last?.value)}`, x, y };
      }),
      marks: [],
    });
  if (load === undefined || load.rate.last === null) return charts;
  const line = (name: string, dash: number, curve: Curve, label = name): SeriesView => ({
    name,
    label,
    tone: "latency",
    dash,
    ...drawn(curve, 0),
  });
  charts.push({
    id: `${id}-rate`,
    title: say("rate-title"),
    sentence: most(say("requests-per-sec", { rate: decimal(load.rate.most) })),
    kind: "lines",
    x: axes.time,
    y: axes.rate,
    series: [line(say("requests-rate"), 0, load.rate, "")],
    marks: [],
  });
  if (axes.latency !== null && load.p50Us.most !== null)
    charts.push({
      id: `${id}-latency`,
      title: say("Latency"),
      sentence: say(trial.over ? "latency-at-end" : "latency-now", {
        p50: micros(load.p50Us.last?.value),
        p99: micros(load.p99Us.last?.value),
      }),
      kind: "lines",
      x: axes.time,
      y: axes.latency,
      series: [line("p50", 0, load.p50Us), line("p99", 1, load.p99Us)],
      marks: [],
    });
  return charts;
}

/** As many points as can be seen, from the first request on. */
function drawn(curve: Curve, zeroMs: number): Pick<SeriesView, "x" | "y"> {
  const { atMs, values } = pointsOf(curve);
  const first = atMs.findIndex((ms) => ms >= zeroMs);
  if (first < 0) return { x: [], y: [] };
  const kept = thin(values.slice(first)).map((at) => at + first);
  return { x: kept.map((at) => Math.round((atMs[at]! - zeroMs) * 10) / 10), y: kept.map((at) => values[at] ?? null) };
}
