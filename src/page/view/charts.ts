import { peakOf } from "../../report/timeline-chart.js";
import { listed, say, term } from "../../words/say.js";
import type { VariantView } from "../../report/view.js";
import type { Trial } from "../../result/types.js";
import type { Histogram } from "../../stats/histogram.js";
import { count } from "../../text/figures.js";
import { fit } from "../../text/width.js";
import type { Axis, ChartsView, ChartView, SeriesView } from "../types.js";
import { countAxis, latencyAxis, timeAxis } from "./axes.js";
import { commonLatencyAxis, fullest, histogramChart, latenciesOf, percentileChart } from "./latency.js";
import {
  drawn,
  endOf,
  hostLines,
  latencyOverTimeChart,
  mostSockets,
  rateChart,
  statesChart,
  timeWaitChart,
} from "./over-time.js";
import { TEXT_OF } from "./units.js";
import { greatest, least, MOST_POINTS } from "../../stats/thin.js";

/** At the end of a line. */
const LONGEST_LABEL = 28;

/** More lines in one chart cannot be told apart. */
const MOST_OVERLAID = 6;

/** A variant with what is drawn of it. */
interface Drawn {
  view: VariantView;
  trial: Trial;
  histogram: Histogram | null;
}

/** Each variant by itself, and all in one; the same axes for all, so that nothing looks like more than it is. */
export function chartsOf(views: readonly VariantView[], id: string): ChartsView {
  const all = views.flatMap((view): Drawn[] =>
    view.shown === null ? [] : [{ view, trial: view.shown, histogram: latenciesOf(view.trials) }],
  );
  const axes = axesOf(all);
  const variants = views.map((view, at) => {
    const one = all.find((candidate) => candidate.view === view);
    const charts = one === undefined ? [] : chartsOfOne(one, axes, `${id}-v${at}`);
    return { id: `${id}-v${at}`, name: view.name, remark: remarkOn(view, charts), charts };
  });
  const overlaid = all.length < 2 ? [] : overlaidCharts(all.slice(0, MOST_OVERLAID), axes, `${id}-all`);
  return { variants, overlaid: overlaid.length === 0 ? null : overlaid, leftOut: leftOutOf(all) };
}

interface Axes {
  time: Axis;
  timeWait: Axis;
  /** Of all states, by host. */
  sockets: Map<string, Axis>;
  rate: Axis;
  latency: Axis | null;
  latencyOverTime: Axis | null;
  fullest: number;
}

function axesOf(all: readonly Drawn[]): Axes {
  const trials = all.map(({ trial }) => trial);
  const hosts = trials.flatMap(({ timeline }) => hostLines(timeline));
  const names = [...new Set(hosts.map(({ name }) => name))];
  const mostOn = (name: string): number =>
    greatest(hosts.filter((host) => host.name === name).map(({ timeline }) => mostSockets(timeline))) ?? 0;
  const latency = commonLatencyAxis(all.map(({ histogram }) => histogram));
  const overTime = trials.flatMap(({ timeline: { load } }) => [
    least(load.p50Us),
    greatest(load.p50Us),
    greatest(load.p99Us),
  ]);
  const [low, high] = [least(overTime), greatest(overTime)];
  return {
    time: timeAxis(endOf(trials)),
    timeWait: countAxis(greatest(hosts.map(({ timeline }) => peakOf(timeline))) ?? 0),
    sockets: new Map(names.map((name) => [name, countAxis(mostOn(name))])),
    rate: countAxis(greatest(trials.map(({ timeline }) => greatest(timeline.load.perSec))) ?? 0),
    latency,
    latencyOverTime: low === null || high === null ? null : latencyAxis(low, high),
    fullest: latency === null ? 0 : (greatest(all.map(({ histogram }) => fullest(histogram, latency))) ?? 0),
  };
}

function chartsOfOne({ trial, histogram }: Drawn, axes: Axes, id: string): ChartView[] {
  const { timeline } = trial;
  const hosts = hostLines(timeline).filter(({ timeline: host }) => host.atMs.some((ms) => ms >= 0));
  const hasLoad = timeline.load.atMs.length > 1;
  return [
    histogram === null || axes.latency === null
      ? null
      : histogramChart(`${id}-histogram`, histogram, axes.latency, axes.fullest),
    hosts.length === 0 ? null : timeWaitChart(`${id}-time-wait`, hosts, axes.time, axes.timeWait),
    histogram === null || axes.latency === null
      ? null
      : percentileChart(
          `${id}-percentiles`,
          [{ name: say("latency"), tone: "latency", dash: 0, histogram }],
          axes.latency,
        ),
    hasLoad ? rateChart(`${id}-rate`, timeline.load, axes.time, axes.rate) : null,
    hasLoad && axes.latencyOverTime !== null
      ? latencyOverTimeChart(`${id}-latency`, timeline.load, axes.time, axes.latencyOverTime)
      : null,
    ...hosts.map((host) => statesChart(`${id}-states-${host.name}`, host, axes.time, axes.sockets.get(host.name)!)),
  ].filter((chart) => chart !== null);
}

function overlaidCharts(all: readonly Drawn[], axes: Axes, id: string): ChartView[] {
  const style = (at: number, name: string): Pick<SeriesView, "name" | "tone" | "dash"> => ({
    name,
    tone: `v${at}`,
    dash: at,
  });
  const percentiles = all.flatMap(({ view, histogram }, at) =>
    histogram === null ? [] : [{ ...style(at, view.name), histogram }],
  );
  const lines = (suffix: string, title: string, y: Axis, column: (trial: Trial) => Column): ChartView => ({
    id: `${id}-${suffix}`,
    title,
    sentence: say("end", {
      text: listed(
        all.map(({ view, trial }) => say("variant-at-most", { name: view.name, most: mostText(column(trial), y) })),
        "clauses",
      ),
    }),
    kind: "lines",
    x: axes.time,
    y,
    series: all.map(({ view, trial }, at) => {
      const { atMs, values } = column(trial);
      return { ...style(at, view.name), label: fit(view.name, LONGEST_LABEL), ...drawn(atMs, values) };
    }),
    marks: [],
  });
  const host =
    (role: "client" | "server") =>
    (trial: Trial): Column => ({
      atMs: trial.timeline[role]?.atMs ?? [],
      values: trial.timeline[role]?.time_wait ?? [],
    });
  const load =
    (of: "perSec" | "p99Us") =>
    (trial: Trial): Column => ({
      atMs: trial.timeline.load.atMs,
      values: trial.timeline.load[of],
    });
  return [
    ...(percentiles.length > 0 && axes.latency !== null
      ? [percentileChart(`${id}-percentiles`, percentiles, axes.latency)]
      : []),
    lines("server", say("in-time-wait-on", { host: term("server") }), axes.timeWait, host("server")),
    lines("client", say("in-time-wait-on", { host: term("client") }), axes.timeWait, host("client")),
    lines("rate", say("rate-title"), axes.rate, load("perSec")),
    ...(axes.latencyOverTime === null ? [] : [lines("p99", say("p99-over-time"), axes.latencyOverTime, load("p99Us"))]),
  ].filter(({ series }) => series.some(({ y }) => y.length > 0));
}

interface Column {
  atMs: readonly number[];
  values: readonly (number | null)[];
}

function mostText({ values }: Column, { unit }: Axis): string {
  return TEXT_OF[unit](greatest(values));
}

/** In words, where there is less to see than one would expect. */
function remarkOn({ basis, shownNumber, trials, shown }: VariantView, charts: readonly ChartView[]): string {
  if (basis === "none" || shown === null) return say("nothing-was-measured");
  if (charts.length === 0) return say("nothing-to-draw");
  if (basis === "so far") return say("as-far");
  return trials.length > 1 ? say("nearest-trial", { n: shownNumber, of: trials.length }) : "";
}

function leftOutOf(all: readonly Drawn[]): string {
  const readings =
    greatest(all.map(({ trial }) => greatest(hostLines(trial.timeline).map((line) => line.timeline.atMs.length)))) ?? 0;
  const load = greatest(all.map(({ trial }) => trial.timeline.load.atMs.length)) ?? 0;
  const parts = [];
  if (Math.max(readings, load) > MOST_POINTS)
    parts.push(say("thinned", { readings: count(Math.max(readings, load)), points: count(MOST_POINTS) }));
  if (all.length > MOST_OVERLAID) parts.push(say("first-overlaid", { n: MOST_OVERLAID, of: all.length }));
  return parts.join(say("between-sentences"));
}
