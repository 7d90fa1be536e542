import { type FigureRow, figureRows } from "../../report/figures.js";
import { LINK_HEADS, LINK_LEGEND, linkTables } from "../../report/links-table.js";
import { phaseRows } from "../../report/phase-rows.js";
import { spreadOf } from "../../report/spread.js";
import type { VariantView } from "../../report/view.js";
import type { RunResult } from "../../result/types.js";
import { count, gibibytes, NOTHING } from "../../text/figures.js";
import type { RowView, TableView } from "../types.js";

/** Every table of a run: the rows are those of the other reports. */

/** null for a run that measured nothing: no table of dashes. */
export function figuresTable(views: readonly VariantView[]): TableView | null {
  return views.some(({ metrics }) => metrics !== null) ? tableOf("Side by side", views, figureRows(views)) : null;
}

export function stepsTable(views: readonly VariantView[], result: RunResult): TableView | null {
  const rows = phaseRows(views, result);
  return rows.length === 0 ? null : tableOf("What the steps found", views, rows);
}

export function spreadTable(views: readonly VariantView[]): TableView | null {
  const spread = spreadOf(views);
  return spread === null || spread.rows.length === 0 ? null : tableOf(spread.title, views, spread.rows);
}

export function linksTables(views: readonly VariantView[]): TableView[] {
  return linkTables(views).map(({ title, rows }, at, all) => ({
    title,
    legend: at === all.length - 1 ? `${LINK_LEGEND}.` : "",
    heads: ["link", ...LINK_HEADS],
    rows: rows.map(([label = "", ...cells]) => plainRow(label, cells)),
  }));
}

/** What two parties counted, of the trial that is shown of each variant. */
export function booksTable(views: readonly VariantView[]): TableView | null {
  const rows = views.flatMap((view) =>
    (view.shown?.books ?? []).map(({ name, left, right, difference, balanced, reason }): RowView => {
      const cells = [
        name,
        `${left.who} ${count(left.count)}`,
        `${right.who} ${count(right.count)}`,
        difference === 0 ? "0" : `${difference > 0 ? "+" : ""}${count(difference)}`,
        balanced ? "balances" : `does not balance${reason === null ? "" : `: ${reason}`}`,
      ];
      return { group: view.name, label: "", cells: cells.map((cell) => [cell]), strong: cells.map(() => !balanced) };
    }),
  );
  if (rows.length === 0) return null;
  return { title: "Books", legend: "", heads: ["variant", "what", "one", "the other", "difference", ""], rows };
}

export function environmentTable({ environment, startedAt, elapsedMs }: RunResult): TableView {
  const { benchVersion, kernel, cpu, cores, memoryBytes, node, platform, isolation, tools, sysctls } = environment;
  const facts: [string, string][] = [
    ["time-wait-bench", benchVersion],
    ["started", startedAt],
    ["took", `${count(Math.round(elapsedMs / 1000))} s`],
    ["kernel", `${kernel} (${platform})`],
    ["processor", `${cpu}, ${count(cores)} cores`],
    ["memory", gibibytes(memoryBytes)],
    ["Node", node],
    ["isolation", isolation],
    ...Object.entries(tools).map(([name, version]): [string, string] => [name, version]),
  ];
  return {
    title: "Environment",
    legend: "",
    heads: ["", ""],
    rows: [
      ...facts.map(([label, value]) => plainRow(label, [value])),
      ...sysctlRows(sysctls?.client ?? {}, sysctls?.server ?? {}),
    ],
  };
}

function sysctlRows(client: Record<string, string>, server: Record<string, string>): RowView[] {
  return [...new Set([...Object.keys(client), ...Object.keys(server)])].map((name) => {
    const [ofClient = NOTHING, ofServer = NOTHING] = [client[name], server[name]];
    return plainRow(name, [ofClient === ofServer ? ofClient : `client ${ofClient}, server ${ofServer}`]);
  });
}

function tableOf(title: string, views: readonly VariantView[], rows: readonly FigureRow[]): TableView {
  const heads = views.map(({ name, basis }) =>
    basis === "so far" ? `${name} (so far)` : basis === "none" ? `${name} (not measured)` : name,
  );
  return {
    title,
    legend: "",
    heads: ["", ...heads],
    rows: rows.map(({ group, label, cells, side, strong }) => ({
      group,
      label,
      cells,
      ...(side === undefined ? {} : { tone: side }),
      ...(strong === undefined ? {} : { strong }),
    })),
  };
}

function plainRow(label: string, cells: readonly string[]): RowView {
  return { group: "", label, cells: cells.map((cell) => [cell]) };
}
