import type { CpuTimes, Metrics } from "../result/types.js";
import type { Role } from "../scenario/types.js";
import { NOTHING, count, decimal, micros, microsPair, pair, shares, span } from "../text/figures.js";
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

type MakeRow = (group: string, label: string, cell: (metrics: Metrics) => string) => FigureRow;

/** Kinds of error that get a row of their own; the rest are summed up. */
const ERROR_ROWS = 6;

/** Every figure of the run, one row each, in the order in which they are read. */
export function figureRows(views: readonly VariantView[]): FigureRow[] {
  const row: MakeRow = (group, label, cell) => ({
    group,
    label,
    cells: views.map(({ metrics }) => [metrics === null ? NOTHING : cell(metrics)]),
  });
  return [
    ...trialRow(views),
    row("Requests", "per second", ({ requests }) => decimal(requests.perSec)),
    row("Requests", "sent / failed", ({ requests }) => pair(count(requests.sent), count(requests.failed))),
    ...errorRows(views),
    ...paceRows(views, row),
    row("Latency", "p50 / p90", ({ latencyUs: us }) => microsPair(us?.p50, us?.p90)),
    row("Latency", "p99 / p99.9", ({ latencyUs: us }) => microsPair(us?.p99, us?.p999)),
    row("Latency", "max", ({ latencyUs: us }) => micros(us?.max)),
    ...uncorrectedRows(views, row),
    row("Connect", "p50 / p99", ({ connectUs: us }) => microsPair(us?.p50, us?.p99)),
    ...firstByteRows(views, row),
    row("Connections", "opened", ({ connections }) => count(connections.opened)),
    row("Requests per connection", "", ({ connections }) => decimal(connections.requestsPer)),
    ...timeWaitRows(views, "server"),
    ...timeWaitRows(views, "client"),
    { group: "Closed first", label: "", cells: views.map(({ metrics }) => closedFirst(metrics)) },
    row("CPU", "client / server", ({ cpu }) => pair(cpuTime(cpu.client), cpuTime(cpu.server))),
  ];
}

/** Only for runs in which a rate was asked for. */
function paceRows(views: readonly VariantView[], row: MakeRow): FigureRow[] {
  if (!views.some(({ metrics }) => metrics?.pace)) return [];
  return [
    row("Rate", "wanted / sent", ({ pace }) => pair(decimal(pace?.wantedPerSec), decimal(pace?.sentPerSec))),
    row("Rate", "unsent", ({ pace }) => count(pace?.unsent)),
  ];
}

/** By the clock that starts when a request is really sent; with a rate, "Latency" counts from when it was meant to be. */
function uncorrectedRows(views: readonly VariantView[], row: MakeRow): FigureRow[] {
  if (!views.some(({ metrics }) => metrics?.uncorrectedLatencyUs)) return [];
  return [
    row("Uncorrected", "p50 / p90", ({ uncorrectedLatencyUs: us }) => microsPair(us?.p50, us?.p90)),
    row("Uncorrected", "p99 / p99.9", ({ uncorrectedLatencyUs: us }) => microsPair(us?.p99, us?.p999)),
  ];
}

/** Only where a client tells it apart. */
function firstByteRows(views: readonly VariantView[], row: MakeRow): FigureRow[] {
  if (!views.some(({ metrics }) => metrics?.firstByteUs)) return [];
  return [row("First byte", "p50 / p99", ({ firstByteUs: us }) => microsPair(us?.p50, us?.p99))];
}

/** Only where a median stands for several: how many. */
function trialRow(views: readonly VariantView[]): FigureRow[] {
  if (!views.some((view) => view.trials.length > 1)) return [];
  const cells = views.map(({ trials }) => [trials.length > 1 ? `median of ${trials.length}` : count(trials.length)]);
  return [{ group: "Trials", label: "", cells }];
}

function timeWaitRows(views: readonly VariantView[], side: Role): FigureRow[] {
  return (["created", "peak", "end"] as const).map((label) => {
    const values = views.map(({ metrics }) => metrics?.timeWait?.[side][label]);
    return {
      group: `TIME_WAIT ${side}`,
      label,
      cells: values.map((value) => [count(value)]),
      side,
      strong: values.map((value) => label === "peak" && value !== undefined && value > 0),
    };
  });
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
    group: "Failed",
    label,
    cells: views.map(({ metrics }) => [metrics === null ? NOTHING : count(sumOf(metrics.errors, of))]),
  });
  const rows = shown.map((kind) => row(`${callsOf(kind, views)}${kind}`, [kind]));
  return rest.length === 0 ? rows : [...rows, row(`${rest.length} other kinds`, rest)];
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

/** The greatest share first; sides without any are left out. */
function closedFirst(metrics: Metrics | null): string[] {
  if (metrics === null || metrics.closedFirst === null) return [NOTHING];
  const there = Object.entries(metrics.closedFirst)
    .filter(([, part]) => part > 0)
    .toSorted(([, a], [, b]) => b - a);
  const texts = shares(there.map(([, part]) => part));
  const lines = there.map(([who], at) => `${who} ${texts[at]!}`);
  return lines.length === 0 ? [NOTHING] : lines;
}

function cpuTime(times: CpuTimes | null): string {
  return times === null ? NOTHING : span(times.userMs + times.systemMs);
}
