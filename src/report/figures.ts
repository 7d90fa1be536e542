import { metricAt } from "../metrics/names.js";
import { SHOWN_ROWS, type ShownRow } from "../metrics/rows.js";
import type { MetricUnit } from "../metrics/types.js";
import type { Role } from "../scenario/types.js";
import { NOTHING, count, decimal, micros, pair, share, shares, span } from "../text/figures.js";
import { say, term } from "../words/say.js";
import type { VariantView } from "./view.js";

/** One row of the table of figures: a label and, for each variant, a cell of one or more lines. */
export interface FigureRow {
  /** Shown once for consecutive rows that share it. */
  group: string;
  label: string;
  cells: string[][];
  /** The row belongs to one side, for colour. */
  side?: Role;
  /** Variants in which this figure is what to look at. */
  strong?: boolean[];
}

/** Kinds of error that get a row of their own; the rest are summed up. */
const ERROR_ROWS = 6;

/** Every figure of the run, one row each, in the order in which they are read. */
export function figureRows(views: readonly VariantView[]): FigureRow[] {
  const rows = [...trialRow(views), ...SHOWN_ROWS.flatMap((row) => rowOf(row, views))];
  return views.every(endsAtProxy) ? rows.map(atProxy) : rows;
}

/** The load's own connections end at the proxy; results of version 1 tell of the server's host instead. */
function endsAtProxy({ plan, metrics }: VariantView): boolean {
  return plan.lab.topology === "proxy" && metrics !== null && metrics.links !== null;
}

function atProxy(row: FigureRow): FigureRow {
  const toProxy = (text: string): string => text.replace(term("server"), term("proxy"));
  if (row.group.startsWith("TIME_WAIT")) return { ...row, group: toProxy(row.group) };
  return row.group === term("Closed first") ? { ...row, cells: row.cells.map((lines) => lines.map(toProxy)) } : row;
}

function rowOf({ title, label, figures, ifMeasured }: ShownRow, views: readonly VariantView[]): FigureRow[] {
  const group = term(title);
  const [first] = figures;
  if (first!.path === "errors.{kind}") return errorRows(views);
  const cells = views.map(({ metrics }) =>
    figures.map(({ path }) => (metrics === null ? null : metricAt(metrics, path))),
  );
  if (ifMeasured && cells.every((values) => values.every((value) => value === null))) return [];
  if (first!.leaf.unit === "share")
    return [{ group, label: "", cells: cells.map((values) => sharesCell(figures, values)) }];
  const text = TEXTS[first!.leaf.unit];
  const row = {
    group,
    label: term(label),
    cells: cells.map((values) => [values.map(text).reduce((left, right) => pair(left, right))]),
  };
  const [, role] = /^timeWait\.(client|server)\./u.exec(first!.path) ?? [];
  if (role === undefined) return [row];
  const strong = cells.map(([value]) => label === "peak" && (value ?? 0) > 0);
  return [{ ...row, side: role as Role, strong }];
}

/** How a figure is written, by its unit. */
export const TEXTS: Readonly<Record<MetricUnit, (value: number | null) => string>> = {
  count,
  perSec: decimal,
  perRequest: decimal,
  perConnection: decimal,
  share,
  us: micros,
  ms: span,
};

/** The greatest share first; sides without any are left out. */
function sharesCell(figures: ShownRow["figures"], values: readonly (number | null)[]): string[] {
  const there = figures
    .map(({ path, leaf }, at) => ({ path, who: leaf.label, value: values[at] ?? 0 }))
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => b.value - a.value);
  const texts = shares(there.map(({ value }) => value));
  return there.length === 0 ? [NOTHING] : there.map(({ who }, at) => `${term(who)} ${texts[at]!}`);
}

/** Only where a median stands for several: how many. */
function trialRow(views: readonly VariantView[]): FigureRow[] {
  if (!views.some((view) => view.trials.length > 1)) return [];
  const cells = views.map(({ trials }) => [
    trials.length > 1 ? say("median-of", { n: trials.length }) : count(trials.length),
  ]);
  return [{ group: term("Trials"), label: "", cells }];
}

function errorRows(views: readonly VariantView[]): FigureRow[] {
  const kinds = new Map<string, number>();
  for (const { metrics } of views) {
    for (const [kind, n] of Object.entries(metrics?.errors ?? {})) kinds.set(kind, (kinds.get(kind) ?? 0) + n);
  }
  const ordered = [...kinds].filter(([, n]) => n > 0).toSorted(([, a], [, b]) => b - a);
  const shown = ordered.slice(0, ERROR_ROWS).map(([kind]) => kind);
  const rest = ordered.slice(ERROR_ROWS).map(([kind]) => kind);
  const row = (label: string, of: readonly string[]): FigureRow => ({
    group: term("Failed"),
    label,
    cells: views.map(({ metrics }) => [metrics === null ? NOTHING : count(sumOf(metrics.errors, of))]),
  });
  const rows = shown.map((kind) => row(`${callsOf(kind, views)}${kind}`, [kind]));
  return rest.length === 0 ? rows : [...rows, row(say("other-kinds", { n: rest.length }), rest)];
}

/** Which call failed tells connect() EADDRNOTAVAIL from bind() EADDRNOTAVAIL. Empty where the client cannot tell. */
function callsOf(kind: string, views: readonly VariantView[]): string {
  const trials = views.flatMap((view) => view.trials);
  const named = trials.flatMap(({ errorsByCall }) => Object.keys(errorsByCall ?? {}));
  const calls = new Set(
    named
      .map((name) => name.split(" "))
      .filter(([, of]) => of === kind)
      .map(([call]) => call!),
  );
  return calls.size === 0 ? "" : `${[...calls].toSorted().join("/")} `;
}

function sumOf(errors: Record<string, number>, kinds: readonly string[]): number {
  return kinds.reduce((sum, kind) => sum + (Object.hasOwn(errors, kind) ? (errors[kind] ?? 0) : 0), 0);
}
