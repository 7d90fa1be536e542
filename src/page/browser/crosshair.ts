import type { Axis, Unit } from "../types.js";
import { position } from "../view/position.js";
import { TEXT_OF } from "../view/units.js";

/** A chart that can be read point by point. */
interface Readable {
  figure: HTMLElement;
  plot: SVGSVGElement;
  x: Pick<Axis, "scale" | "min" | "max" | "unit">;
  y: Unit;
  series: { name: string; x: number[]; y: (number | null)[] }[];
}

/**
 * A line across all charts of a group that share an axis, at the pointer or moved by the arrow keys, with the figures
 * there. A chart that has the focus is a slider, so that a screen reader says what stands at its place.
 */
export function crosshairs(document: Document): void {
  for (const group of document.querySelectorAll(".charts")) {
    const charts = [...group.querySelectorAll<HTMLElement>("figure")].flatMap(readable);
    for (const chart of charts) {
      const row = charts.filter(({ x }) => x.unit === chart.x.unit && x.max === chart.x.max && x.min === chart.x.min);
      listen(chart, row);
    }
  }
}

function readable(figure: HTMLElement): Readable[] {
  const plot = figure.querySelector<SVGSVGElement>("svg.plot[data-axis]");
  const series = [...figure.querySelectorAll<SVGElement>("[data-x]")].map(({ dataset }) => ({
    name: dataset["name"] ?? "",
    x: numbers(dataset["x"]).map(Number),
    y: numbers(dataset["y"]).map((text) => (text === "-" ? null : Number(text))),
  }));
  if (plot === null || series.every(({ x }) => x.length === 0)) return [];
  const [scale, min, max, unit, y] = plot.dataset["axis"]!.split(" ") as [Axis["scale"], string, string, Unit, Unit];
  return [{ figure, plot, x: { scale, min: Number(min), max: Number(max), unit }, y, series }];
}

function numbers(text = ""): string[] {
  return text === "" ? [] : text.split(" ");
}

function listen(chart: Readable, row: readonly Readable[]): void {
  const { plot, x } = chart;
  const at = chart.series.toSorted((a, b) => b.x.length - a.x.length)[0]!.x;
  let index = -1;
  const show = (to: number): void => {
    index = Math.max(0, Math.min(at.length - 1, to));
    for (const one of row) read(one, at[index]!);
    plot.setAttribute("aria-valuenow", String(index + 1));
    plot.setAttribute("aria-valuetext", chart.figure.querySelector(".reading")?.textContent ?? "");
  };
  const hide = (): void => {
    for (const one of row) clear(one);
  };
  plot.setAttribute("tabindex", "0");
  plot.setAttribute("role", "slider");
  plot.setAttribute("aria-valuemin", "1");
  plot.setAttribute("aria-valuemax", String(at.length));
  plot.setAttribute("aria-valuenow", "1");
  plot.addEventListener("pointermove", ({ clientX }) => {
    const { left, width } = plot.getBoundingClientRect();
    show(nearest(at, x, (clientX - left) / width));
  });
  plot.addEventListener("pointerleave", hide);
  plot.addEventListener("focus", () => {
    // A click has chosen a place already.
    if (plot.matches(":focus-visible")) show(Math.max(0, index));
  });
  plot.addEventListener("blur", hide);
  plot.addEventListener("keydown", (event) => {
    const far = Math.max(1, Math.round(at.length / 10));
    const to = {
      ArrowLeft: index - 1,
      ArrowDown: index - 1,
      ArrowRight: index + 1,
      ArrowUp: index + 1,
      PageDown: index - far,
      PageUp: index + far,
      Home: 0,
      End: at.length - 1,
    }[event.key];
    if (event.key === "Escape") hide();
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
}

function read({ figure, plot, x, y, series }: Readable, at: number): void {
  const cursor = plot.querySelector(".cursor")!;
  const place = `${position(x, at) * 100}%`;
  cursor.setAttribute("x1", place);
  cursor.setAttribute("x2", place);
  plot.classList.add("read");
  const values = series.map((one) => `${series.length > 1 ? `${one.name} ` : ""}${TEXT_OF[y](valueAt(one, at))}`);
  const reading = figure.querySelector(".reading");
  if (reading !== null) reading.textContent = `${TEXT_OF[x.unit](at)}: ${values.join(" · ")}`;
}

function clear({ figure, plot }: Readable): void {
  plot.classList.remove("read");
  const reading = figure.querySelector(".reading");
  if (reading !== null) reading.textContent = "";
}

/** The reading there, or the last one before it: a population stays until something changes it. */
function valueAt({ x, y }: Readable["series"][0], at: number): number | null {
  const index = x.findLastIndex((value) => value <= at * (1 + 1e-9));
  return index < 0 ? null : (y[index] ?? null);
}

function nearest(at: readonly number[], axis: Readable["x"], part: number): number {
  let best = 0;
  for (const [i, value] of at.entries())
    if (Math.abs(position(axis, value) - part) < Math.abs(position(axis, at[best]!) - part)) best = i;
  return best;
}
