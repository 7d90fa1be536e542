import { type FigureRow, figureRows } from "../../report/figures.js";
import { linkHeads, linkTables } from "../../report/links-table.js";
import { phaseRows } from "../../report/phase-rows.js";
import { spreadOf } from "../../report/spread.js";
import type { VariantView } from "../../report/view.js";
import type { RunResult } from "../../result/types.js";
import { count, gibibytes, NOTHING, seconds } from "../../text/figures.js";
import { counted, say } from "../../words/say.js";
import type { RowView, TableView } from "../types.js";

/** Every table of a run: the rows are those of the other reports. */

/** null for a run that measured nothing: no table of dashes. */
export function figuresTable(views: readonly VariantView[]): TableView | null {
  return views.some(({ metrics }) => metrics !== null) ? tableOf(say("side-by-side"), views, figureRows(views)) : null;
}

export function stepsTable(views: readonly VariantView[], result: RunResult): TableView | null {
  const rows = phaseRows(views, result);
  return rows.length === 0 ? null : tableOf(say("steps-found"), views, rows);
}

export function spreadTable(views: readonly VariantView[]): TableView | null {
  const spread = spreadOf(views);
  return spread === null || spread.rows.length === 0 ? null : tableOf(spread.title, views, spread.rows);
}

export function linksTables(views: readonly VariantView[]): TableView[] {
  return linkTables(views).map(({ title, rows }, at, all) => ({
    title,
    legend: at === all.length - 1 ? say("end", { text: say("link-legend") }) : "",
    heads: [say("link"), ...linkHeads()],
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
        balanced
          ? say("balances")
          : reason === null
            ? say("balances-not")
            : say("colon", { mark: say("balances-not"), text: reason }),
      ];
      return { group: view.name, label: "", cells: cells.map((cell) => [cell]), strong: cells.map(() => !balanced) };
    }),
  );
  if (rows.length === 0) return null;
  return {
    title: say("books"),
    legend: "",
    heads: [say("variant"), say("what"), say("one"), say("other"), say("difference"), ""],
    rows,
  };
}

export function environmentTable({ environment, startedAt, elapsedMs }: RunResult): TableView {
  const { benchVersion, kernel, cpu, cores, memoryBytes, node, platform, isolation, tools, sysctls } = environment;
  const facts: [string, string][] = [
    ["time-wait-bench", benchVersion],
    [say("started"), startedAt],
    [say("took"), seconds(Math.round(elapsedMs / 1000))],
    [say("kernel"), `${kernel} (${platform})`],
    [say("processor"), say("list", { a: cpu, b: counted("core", cores) })],
    [say("memory"), gibibytes(memoryBytes)],
    ["Node", node],
    [say("isolation"), isolation],
    ...Object.entries(tools).map(([name, version]): [string, string] => [name, version]),
  ];
  return {
    title: say("environment"),
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
    return plainRow(name, [
      ofClient === ofServer ? ofClient : say("client-server", { client: ofClient, server: ofServer }),
    ]);
  });
}

function tableOf(title: string, views: readonly VariantView[], rows: readonly FigureRow[]): TableView {
  const heads = views.map(({ name, basis }) =>
    basis === "median"
      ? name
      : say("in-brackets", { text: name, more: say(basis === "none" ? "not-measured" : "so-far") }),
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
