import { type Load, loadOf, loadOfStep } from "../findings/loads.js";
import type { NamedLink } from "../links/named.js";
import { count, NOTHING, ratio, share } from "../text/figures.js";
import { displayWidth, fit, padLeft, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";
import { say } from "../words/say.js";
import type { Paint } from "./paint.js";
import { hasSteps, type VariantView } from "./view.js";

/** All links of one load, where there are others than its own. */
export interface LinkTable {
  /** The variant and the step. */
  title: string;
  rows: readonly string[][];
}

export function linkHeads(): string[] {
  return [say("opened"), say("per-request"), "TIME_WAIT", say("closed-first"), say("ports")];
}

export function linkTables(views: readonly VariantView[]): LinkTable[] {
  return views.flatMap((view) =>
    loadsOf(view)
      .filter(({ links }) => links.length > 1)
      .map(({ step, links }) => ({
        title: step === null ? view.name : `${view.name} ${step}`,
        rows: links.map(rowOf),
      })),
  );
}

function loadsOf(view: VariantView): Load[] {
  if (!hasSteps(view)) return view.metrics === null ? [] : [loadOf(view.metrics)];
  const steps = new Set(Object.keys(view.figures).map((name) => name.slice(0, name.indexOf("."))));
  return [...steps].flatMap((step) => loadOfStep(view.figures, step) ?? []);
}

function rowOf({ from, to, link }: NamedLink): string[] {
  const { port, opened, perRequest, timeWait, closedFirst, ports, exact } = link;
  const about = exact ? "" : "≈";
  const end = (created: number | undefined): string => (created === undefined ? NOTHING : about + count(created));
  return [
    `${from} → ${to.endsWith(`:${port}`) ? to : `${to}:${port}`}`,
    about + count(opened),
    perRequest === null ? NOTHING : about + ratio(perRequest),
    `${end(timeWait.from.created)} / ${end(timeWait.to?.created)}`,
    closer(closedFirst, { from, to }, about),
    ports.limit === null ? count(ports.used) : say("used-of", { used: count(ports.used), limit: count(ports.limit) }),
  ];
}

/** Who ended most of them. */
function closer(shares: NamedLink["link"]["closedFirst"], names: { from: string; to: string }, about: string): string {
  if (shares === null) return NOTHING;
  const [[who, most] = ["", 0]] = Object.entries(shares).toSorted(([, a], [, b]) => b - a);
  const name = who === "from" ? names.from : who === "to" ? names.to : say("reset");
  return `${name} ${about}${share(most)}`;
}

const GAP = 2;
const LEAST_NAME = 12;

/** For the eye: columns that do not fit are left out. */
export function renderLinks(views: readonly VariantView[], width: number, paint: Paint): string[] {
  const tables = linkTables(views);
  if (tables.length === 0) return [];
  const rows = tables.flatMap((table) => table.rows);
  const heads = linkHeads();
  const widths = heads.map((head, at) =>
    Math.max(displayWidth(head), ...rows.map((row) => displayWidth(row[at + 1]!))),
  );
  const widest = Math.max(
    ...rows.map((row) => displayWidth(row[0]!)),
    ...tables.map(({ title }) => displayWidth(title)),
  );
  const columns = fitting(widths, width - Math.min(widest, MOST_NAME));
  const taken = columns.reduce((sum, at) => sum + GAP + widths[at]!, 0);
  const name = Math.max(LEAST_NAME, Math.min(widest, width - taken));
  const line = (first: string, cells: readonly string[]): string =>
    fit(padRight(fit(first, name), name) + columns.map((at) => padLeft(cells[at]!, widths[at]! + GAP)).join(""), width);
  return [
    ...tables.flatMap(({ title, rows: of }) =>
      [paint("bold", line(title, heads))].concat(of.map(([first, ...cells]) => line(first!, cells).trimEnd())),
    ),
    ...wrap(say("link-legend"), width).map((text) => paint("dim", text)),
  ];
}

const MOST_NAME = 28;
/** The order in which columns go where there is no room for all. */
const LESS_NEEDED = [3, 2, 0];

function fitting(widths: readonly number[], room: number): number[] {
  let columns = widths.map((_, at) => at);
  for (const at of LESS_NEEDED) {
    if (columns.reduce((sum, column) => sum + GAP + widths[column]!, 0) <= room) break;
    columns = columns.filter((column) => column !== at);
  }
  return columns;
}
