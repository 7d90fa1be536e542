import { area, line, stack } from "d3-shape";
import type { JSX } from "preact";
import type { Axis, ChartView, SeriesView } from "../types.js";
import { position } from "../view/position.js";
import { BUCKETS } from "../view/bars.js";
import { NumbersTable } from "./numbers.js";

/** Heights in pixels; widths are parts of whatever room there is, so that a narrow page redraws a chart and shrinks no text. */
const HEIGHT = 168;
const BELOW = 26;
/** Paths are drawn this wide and stretched; strokes and texts are not. */
const WIDE = 1000;

/** One chart: a title, a sentence, the drawing, and, unless it is still growing, its numbers as a table. */
export function Chart({ view, growing = false }: { view: ChartView; growing?: boolean }): JSX.Element {
  const { id, title, sentence, x, y } = view;
  return (
    <figure class="chart" id={id}>
      <figcaption>
        <b>{title}</b>
        <output class="reading" />
        <span>{sentence}</span>
      </figcaption>
      <svg
        class="plot"
        role="img"
        aria-label={`${title}. ${sentence}`}
        height={HEIGHT + BELOW}
        data-axis={`${x.scale} ${x.min} ${x.max} ${x.unit} ${y.unit}`}
      >
        <YAxis axis={y} />
        <XAxis axis={x} />
        <svg class="area" viewBox={`0 0 ${WIDE} ${HEIGHT}`} preserveAspectRatio="none" width="100%" height={HEIGHT}>
          <Shapes view={view} />
        </svg>
        <Marks view={view} />
        {view.kind === "stack" ? null : <EndLabels view={view} />}
        <line class="cursor" x1="0" x2="0" y1="0" y2={HEIGHT} />
      </svg>
      {view.kind === "stack" ? <Legend series={view.series} /> : null}
      {growing ? null : <NumbersTable view={view} />}
    </figure>
  );
}

function YAxis({ axis }: { axis: Axis }): JSX.Element {
  return (
    <g class="y">
      {axis.ticks.map(({ at, text }) => {
        const y = down(axis, at);
        return (
          <>
            <line class={y === HEIGHT ? "base" : "grid"} x1="0" x2="100%" y1={y} y2={y} />
            <text x="-8" y={y + 4} text-anchor="end">
              {text}
            </text>
          </>
        );
      })}
      <line class="base" x1="0" x2="100%" y1={HEIGHT} y2={HEIGHT} />
    </g>
  );
}

function XAxis({ axis }: { axis: Axis }): JSX.Element {
  const last = axis.ticks.length - 1;
  return (
    <g class="x">
      {axis.ticks.map(({ at, text }, i) => {
        const part = position(axis, at);
        // At either end a text would stand out of the drawing.
        const anchor = part > 0.97 ? "end" : part < 0.02 ? "start" : "middle";
        return (
          <g class={(last - i) % 2 === 1 ? "minor" : undefined}>
            <line class="base" x1={percent(part)} x2={percent(part)} y1={HEIGHT} y2={HEIGHT + 4} />
            <text x={percent(part)} y={HEIGHT + 19} text-anchor={anchor}>
              {text}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function Shapes({ view }: { view: ChartView }): JSX.Element {
  switch (view.kind) {
    case "bars":
      return <>{view.series.map((series) => bars(series, view))}</>;
    case "stack":
      return <>{stacked(view)}</>;
    case "lines":
      return <>{view.series.map((series) => lineOf(series, view))}</>;
  }
}

function lineOf(series: SeriesView, { x, y, series: all }: ChartView): JSX.Element {
  const points = pointsOf(series, x, y);
  const path = line<Point>(
    ([px]) => px,
    ([, py]) => py!,
  )
    .defined(([, py]) => py !== null)
    .digits(1);
  const below = area<Point>(
    ([px]) => px,
    () => HEIGHT,
    ([, py]) => py!,
  )
    .defined(([, py]) => py !== null)
    .digits(1);
  return (
    <>
      {y.unit === "count" && all[0] === series && series.tone === "server" ? (
        <path class={`fill ${series.tone}`} d={below(points) ?? ""} />
      ) : null}
      <path class={`line ${series.tone} d${series.dash}`} d={path(points) ?? ""} {...dataOf(series)} />
      {points.length <= 40
        ? points.map(([px, py]) => (py === null ? null : <path class={`dot ${series.tone}`} d={`M${px} ${py}h.01`} />))
        : null}
    </>
  );
}

function bars(series: SeriesView, { x, y }: ChartView): JSX.Element {
  const width = Number((WIDE / BUCKETS).toFixed(2));
  const d = pointsOf(series, x, y)
    .map(([px, py]) =>
      py === null
        ? ""
        : `M${Number((px - width / 2).toFixed(1))} ${HEIGHT}V${Math.min(py, HEIGHT - 1)}h${width}V${HEIGHT}z`,
    )
    .join("");
  return <path class={`bars ${series.tone}`} d={d} {...dataOf(series)} />;
}

/** On top of each other, the first at the bottom. */
function stacked({ series, x, y }: ChartView): JSX.Element[] {
  const at = series[0]?.x ?? [];
  const layers = stack<number, number>()
    .keys(series.map((_, i) => i))
    .value((index, key) => series[key]!.y[index] ?? 0)(at.map((_, index) => index));
  return layers.map((layer, key) => {
    const one = series[key]!;
    const shape = area(
      (_, index) => across(x, at[index]!),
      ([low]) => down(y, low),
      ([, high]) => down(y, high),
    ).digits(1);
    const points = layer.map(([low, high]): [number, number] => [low, high]);
    return (
      <>
        <path class={`fill ${one.tone}`} d={shape(points) ?? ""} />
        <path class={`edge ${one.tone} d${one.dash}`} d={shape.lineY1()(points) ?? ""} {...dataOf(one)} />
      </>
    );
  });
}

/** What is under the crosshair is read from here. */
function dataOf({ name, x, y }: SeriesView): Record<string, string> {
  return { "data-name": name, "data-x": x.join(" "), "data-y": y.map((value) => value ?? "-").join(" ") };
}

/** Their texts one below the other, each on the side on which no other line crosses it. */
function Marks({ view: { marks, x } }: { view: ChartView }): JSX.Element {
  const leftwards = position(x, marks.at(-1)?.at ?? x.min) > 0.72;
  return (
    <g class="marks">
      {marks.map(({ at, text }, i) => {
        const part = position(x, at);
        const row = leftwards ? marks.length - 1 - i : i;
        const atEnd = leftwards && part > 0.25;
        return (
          <>
            <line x1={percent(part)} x2={percent(part)} y1={row * 16 + 3} y2={HEIGHT} />
            <text x={percent(part)} dx={atEnd ? -5 : 5} y={row * 16 + 13} text-anchor={atEnd ? "end" : "start"}>
              {text}
            </text>
          </>
        );
      })}
    </g>
  );
}

const LINE_HEIGHT = 15;

/** At the end of each line its name, moved apart where they would meet. */
function EndLabels({ view: { series, x, y } }: { view: ChartView }): JSX.Element {
  const wanted = series
    .filter(({ label, y: values }) => label !== "" && values.some((value) => value !== null))
    .map((one) => {
      const last = one.y.findLastIndex((value) => value !== null);
      const height = down(y, one.y[last]!);
      return { one, part: position(x, one.x[last]!), y: height < 24 ? height + 16 : height - 6 };
    })
    .toSorted((a, b) => a.y - b.y);
  for (const [i, label] of wanted.entries()) if (i > 0) label.y = Math.max(label.y, wanted[i - 1]!.y + LINE_HEIGHT);
  // Those that were moved below the axis go up again.
  for (let i = wanted.length - 1, floor = HEIGHT - 5; i >= 0; i--, floor -= LINE_HEIGHT)
    wanted[i]!.y = Math.min(wanted[i]!.y, floor);
  return (
    <g class="labels">
      {wanted.map(({ one, y: at }) => (
        <text class={one.tone} x="100%" dx="-4" y={Number(at.toFixed(1))} text-anchor="end">
          {one.label}
        </text>
      ))}
    </g>
  );
}

function Legend({ series }: { series: readonly SeriesView[] }): JSX.Element {
  return (
    <ul class="legend">
      {series.toReversed().map(({ label, tone, dash }) => (
        <li>
          <svg width="26" height="12" aria-hidden="true">
            <rect class={`fill ${tone}`} width="26" height="12" />
            <path class={`edge ${tone} d${dash}`} d="M0 1.5h26" />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

type Point = [x: number, y: number | null];

function pointsOf({ x: at, y: values }: SeriesView, x: Axis, y: Axis): Point[] {
  return at.map((value, i): Point => {
    const height = values[i] ?? null;
    return [across(x, value), height === null ? null : down(y, height)];
  });
}

function across(axis: Axis, value: number): number {
  return Number((position(axis, value) * WIDE).toFixed(1));
}

function down(axis: Axis, value: number): number {
  return Number(((1 - position(axis, value)) * HEIGHT).toFixed(1));
}

function percent(part: number): string {
  return `${Number((part * 100).toFixed(2))}%`;
}
