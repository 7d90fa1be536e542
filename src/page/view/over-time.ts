import { misleadsGauge } from "../../links/lasting.js";
import { peakOf } from "../../report/timeline-chart.js";
import { listed, say } from "../../words/say.js";
import type { HostTimeline, Timeline, Trial } from "../../result/types.js";
import { TCP_STATES, type TcpState } from "../../sampler/types.js";
import { count, decimal, micros } from "../../text/figures.js";
import type { Axis, ChartView, SeriesView, Tone } from "../types.js";
import { greatest, thin } from "../../stats/thin.js";

/** What is drawn over the time of a load, all on one clock. Readings before it are left out. */

/** A host as a series: who it is, and how it is drawn. */
export interface HostLine {
  name: string;
  tone: Tone;
  dash: number;
  timeline: HostTimeline;
}

/** The hosts that were read, the server first, those of no role last. */
export function hostLines({ client, server, others }: Timeline): HostLine[] {
  const roles = [
    { name: "server", tone: "server", dash: 0, timeline: server },
    { name: "client", tone: "client", dash: 1, timeline: client },
  ] as const;
  return [
    ...roles.flatMap(({ timeline, ...line }) => (timeline === null ? [] : [{ ...line, timeline }])),
    ...Object.entries(others ?? {}).map(([name, timeline], at) => ({
      name,
      tone: `host${at % 4}` as const,
      dash: 2 + (at % 3),
      timeline,
    })),
  ];
}

/** The end of the common axis: of the longest load and the last reading. */
export function endOf(trials: readonly Trial[]): number {
  const ends = trials.flatMap(({ durationMs, timeline }) => [
    durationMs,
    timeline.load.atMs.at(-1),
    ...hostLines(timeline).flatMap(({ timeline: host }) => [host.atMs.at(-1), host.table.atMs.at(-1)]),
  ]);
  return Math.max(1, greatest(ends) ?? 1);
}

export function timeWaitChart(id: string, hosts: readonly HostLine[], x: Axis, y: Axis): ChartView {
  const peaks = hosts.map(({ name, timeline }) => `${name} ${count(peakOf(timeline))}`);
  return {
    id,
    title: say("in-time-wait"),
    sentence: [
      say("at-most", { peaks: listed(peaks) }),
      hosts.some(({ timeline }) => isGaugeAlone(timeline)) ? say("gauge-holds") : "",
    ]
      .filter((text) => text !== "")
      .join(say("between-sentences")),
    kind: "lines",
    x,
    y,
    series: hosts.map(({ timeline, name, ...line }) => {
      const column = drawn(timeline.atMs, timeline.time_wait);
      return { ...line, ...column, name, label: `${name} ${count(column.y.at(-1))}` };
    }),
    marks: [],
  };
}

/** Nothing tells TIME_WAIT from FIN_WAIT2; or it did, and a bench of an earlier version did not take it. */
function isGaugeAlone(host: HostTimeline): boolean {
  const { time_wait, table } = host;
  if (table.atMs.length === 0) return true;
  return table.atMs.length !== time_wait.length && misleadsGauge(table.fin_wait2, peakOf(host) ?? 0);
}

export function rateChart(id: string, { atMs, perSec }: Timeline["load"], x: Axis, y: Axis): ChartView {
  const column = drawn(atMs, perSec);
  return {
    id,
    title: say("rate-title"),
    sentence: say("rate-sentence", { range: within(column.y, decimal) }),
    kind: "lines",
    x,
    y,
    series: [{ ...column, name: say("requests-rate"), label: "", tone: "latency", dash: 0 }],
    marks: [],
  };
}

export function latencyOverTimeChart(id: string, load: Timeline["load"], x: Axis, y: Axis): ChartView {
  const series = [
    { name: "p50", dash: 0, column: drawn(load.atMs, load.p50Us) },
    { name: "p99", dash: 1, column: drawn(load.atMs, load.p99Us) },
  ];
  return {
    id,
    title: say("latency-over-time"),
    sentence: say("end", { text: listed(series.map(({ name, column }) => `${name} ${within(column.y, micros)}`)) }),
    kind: "lines",
    x,
    y,
    series: series.map(({ name, dash, column }) =>
      Object.assign(column, { name, label: name, tone: "latency" as const, dash }),
    ),
    marks: [],
  };
}

/** All states of a host's sockets on top of each other; null where its table was never read, or always empty. */
export function statesChart(id: string, { name, timeline }: HostLine, x: Axis, y: Axis): ChartView | null {
  const { table } = timeline;
  const there = statesOf(timeline);
  if (there.length === 0) return null;
  const peaks = there.map((state) => `${state.toUpperCase()} ${count(greatest(table[state]))}`);
  const kept = indexesOf(table.atMs, totals(timeline));
  return {
    id,
    title: say("all-states-on", { name }),
    sentence: say("at-most", { peaks: listed(peaks) }),
    kind: "stack",
    x,
    y,
    series: there.map((state, at): SeriesView => ({
      name: state.toUpperCase(),
      label: state.toUpperCase(),
      tone: `state-${state}`,
      dash: at % 4,
      x: kept.map((index) => table.atMs[index]!),
      y: kept.map((index) => table[state][index] ?? 0),
    })),
    marks: [],
  };
}

/** How many sockets a table held at once, at most. */
export function mostSockets(timeline: HostTimeline): number {
  return greatest(totals(timeline)) ?? 0;
}

function totals(timeline: HostTimeline): number[] {
  const there = statesOf(timeline);
  return timeline.table.atMs.map((_, at) => there.reduce((sum, state) => sum + (timeline.table[state][at] ?? 0), 0));
}

/** The largest lies at the bottom, where it can be read against the axis. A listener is there whatever happens. */
function statesOf({ table }: HostTimeline): TcpState[] {
  return TCP_STATES.filter((state) => state !== "listen" && (greatest(table[state]) ?? 0) > 0).toSorted(
    (a, b) => greatest(table[b])! - greatest(table[a])!,
  );
}

/** As many points as can be seen, from the first request on. */
export function drawn(
  atMs: readonly number[],
  values: readonly (number | null)[],
): { x: number[]; y: (number | null)[] } {
  const kept = indexesOf(atMs, values);
  return { x: kept.map((at) => atMs[at]!), y: kept.map((at) => rounded(values[at] ?? null)) };
}

function indexesOf(atMs: readonly number[], values: readonly (number | null)[]): number[] {
  // Where all readings were before the load there is nothing of it.
  const first = atMs.findIndex((ms) => ms >= 0);
  return first < 0 ? [] : thin(values.slice(first, atMs.length)).map((at) => at + first);
}

function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(5));
}

function within(values: readonly (number | null)[], text: (value: number | null) => string): string {
  const there = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  if (there.length === 0) return say("nothing");
  const [low, high] = [text(there[0]!), text(there.at(-1)!)];
  return low === high ? low : say("range-of-rates", { low, high });
}
