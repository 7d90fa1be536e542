import type { NamespaceStates, Place, SocketGroup, SocketTable, StatesDocument } from "../states/types.js";
import { clean } from "./clean.js";
import { escaped } from "./escaped.js";
import { count, plural, share, span } from "./numbers.js";
import { painter } from "./paint.js";
import { displayWidth, fit, padLeft, padRight, wrap } from "./wrap.js";

export const STATES_FORMATS = ["terminal", "json", "markdown"] as const;
export type StatesFormat = (typeof STATES_FORMATS)[number];

export interface StatesOptions {
  width: number;
  color: boolean;
}

/** Of more, only how many they are: JSON has them all. */
const MOST_GROUPS = 10;
/** Between a state and its figure: no line ends there. */
const TIE = "\u00A0";
/** Of a share of `read` sockets drawn by lot, 95 times in 100 no further off than this (normal approximation, at 1/2). */
const margin = (read: number): string => (98 / Math.sqrt(Math.max(1, read))).toFixed(1);

/** The table of states of each namespace. Ends with a line feed. */
export function renderStates(document: StatesDocument, format: StatesFormat, options: StatesOptions): string {
  switch (format) {
    // In one line: with --watch there is one after another.
    case "json":
      return `${JSON.stringify(document)}\n`;
    case "terminal":
      return clean(document)
        .namespaces.map((one) => terminal(one, document, options))
        .join("\n");
    case "markdown":
      return clean(document)
        .namespaces.map((one) => markdown(one, document))
        .join("\n");
  }
}

function terminal(one: NamespaceStates, { at, ports }: StatesDocument, { width, color }: StatesOptions): string {
  const paint = painter(color);
  const lines: string[] = [paint("bold", fit(headline(one.place, at), width)), ...wrap(gaugeText(one), width, 2)];
  const { table } = one;
  if (table !== null && table.read > 0) {
    const rows = [["", "all", "IPv4", "IPv6", ""], ...stateRows(table)];
    lines.push("", ...columns(rows, [padRight, padLeft, padLeft, padLeft, padRight], width));
    const groups = [[quantity(table), "side and port", "states"], ...groupRows(table)];
    lines.push("", ...columns(groups, [padLeft, padRight, padRight], width));
  }
  const remarks = remarksOf(one, ports);
  if (remarks.length > 0) lines.push("", ...remarks.flatMap((remark) => wrap(remark, width, 2)));
  return `${lines.join("\n")}\n`;
}

function markdown(one: NamespaceStates, { at, ports }: StatesDocument): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  const blocks = [[`### ${escaped(headline(one.place, at))}`], [escaped(gaugeText(one))]];
  const { table } = one;
  if (table !== null && table.read > 0) {
    blocks.push([
      row(["", "all", "IPv4", "IPv6", ""]),
      "| --- | ---: | ---: | ---: | --- |",
      ...stateRows(table).map(row),
    ]);
    blocks.push([
      row([quantity(table), "side and port", "states"]),
      "| ---: | --- | --- |",
      ...groupRows(table).map((cells) => row(cells.map((cell) => cell.replaceAll(TIE, " ")))),
    ]);
  }
  const remarks = remarksOf(one, ports);
  if (remarks.length > 0) blocks.push(remarks.map((remark) => `- ${escaped(remark)}`));
  return blocks.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function headline(place: Place, at: string): string {
  const when = `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
  switch (place.kind) {
    case "machine":
      return `this machine · ${when}`;
    case "process":
      return `namespace of process ${place.pid} · ${when}`;
    case "host": {
      const lab = place.lab === null ? "" : ` · lab of process ${place.lab.pid}: bench ${place.lab.command}`;
      return `${place.host} · ${when}${lab}`;
    }
  }
}

/** What the kernel keeps count of: exact, whatever of the table was read. */
function gaugeText({ population }: NamespaceStates): string {
  const { timeWait, established, inUse } = population;
  return `kernel's own count: TIME_WAIT ${count(timeWait)} · ESTABLISHED or CLOSE_WAIT ${count(established)} · all but TIME_WAIT ${count(inUse.ipv4 + inUse.ipv6)}`;
}

function quantity({ complete }: SocketTable): string {
  return complete ? "sockets" : "share";
}

/** A count; of sockets that were drawn by lot their share. Listeners are always counted to the last one. */
function figure(value: number, state: string, table: SocketTable): string {
  if (table.complete || state === "listen") return count(value);
  return share(value / Math.max(1, table.read - listeners(table)));
}

function listeners({ states: { ipv4, ipv6 } }: SocketTable): number {
  return (ipv4.listen ?? 0) + (ipv6.listen ?? 0);
}

/** The most frequent first, as people sort what netstat says. */
function stateRows(table: SocketTable): string[][] {
  const { ipv4, ipv6 } = table.states;
  const names = [...new Set([...Object.keys(ipv4), ...Object.keys(ipv6)])] as (keyof typeof ipv4)[];
  const total = (state: keyof typeof ipv4): number => (ipv4[state] ?? 0) + (ipv6[state] ?? 0);
  return names
    .toSorted((a, b) => total(b) - total(a))
    .map((state) => [
      state.toUpperCase(),
      figure(total(state), state, table),
      figure(ipv4[state] ?? 0, state, table),
      figure(ipv6[state] ?? 0, state, table),
      state === "time_wait" ? leftText(table.timeWaitLeftMs) : "",
    ]);
}

function groupRows(table: SocketTable): string[][] {
  const shown = table.groups.slice(0, MOST_GROUPS);
  const rest = table.groups.slice(MOST_GROUPS);
  const rows = shown.map((group) => [
    // A group may hold listeners and others: the share is that of the others.
    table.complete ? count(group.sockets) : figure(group.sockets - (group.states.listen ?? 0), "", table),
    `${group.side === "accepted" ? "accepted on" : "made to"} ${group.port}${group.guessed > 0 ? " ?" : ""}`,
    statesText(group, table),
  ]);
  if (rest.length === 0) return rows;
  const sockets = rest.reduce((sum, group) => sum + group.sockets, 0);
  return [...rows, ["", `and ${count(rest.length)} more`, table.complete ? plural(sockets, "socket") : ""]];
}

function statesText({ states, timeWaitLeftMs }: SocketGroup, table: SocketTable): string {
  return (Object.keys(states) as (keyof typeof states)[])
    .toSorted((a, b) => states[b]! - states[a]!)
    .map((state) => {
      const left = state === "time_wait" ? leftText(timeWaitLeftMs) : "";
      return `${state.toUpperCase()} ${figure(states[state]!, state, table)}${left === "" ? "" : ` (${left})`}`;
    })
    .map((text) => text.replaceAll(" ", TIE))
    .join(", ");
}

function leftText(left: SocketTable["timeWaitLeftMs"]): string {
  if (left === null) return "";
  const [min, max] = [span(left.min), span(left.max)];
  return min === max ? `${max} left` : `${min} to ${max} left`;
}

function remarksOf({ table, population, notes }: NamespaceStates, ports: readonly number[]): string[] {
  const remarks: string[] = [];
  if (table === null) remarks.push(`too many sockets to read them as text unasked; ${FULL}`);
  else {
    const { timeWait, inUse } = population;
    const all = timeWait + inUse.ipv4 + inUse.ipv6;
    const drawn = table.read - listeners(table);
    const ofPorts = ports.length === 0 ? "" : ` with port ${ports.join(" or ")}`;
    if (table.read === 0) remarks.push(`no TCP sockets${ofPorts}`);
    if (table.groups.some(({ guessed }) => guessed > 0))
      remarks.push("? nothing listens on either port (any more): which end is the service is a guess");
    if (!table.complete)
      remarks.push(
        `shares are those of ${count(drawn)} sockets out of some ${count(all)}, as good as drawn by lot: right to ±${margin(drawn)} in 100; ${FULL}`,
      );
    remarks.push(
      `${plural(table.read, "socket")}${ofPorts} read in ${readingTime(table.costMs)} by ${SOURCE[table.source]}`,
    );
  }
  return [...remarks, ...notes];
}

const FULL = "--full reads them all";
const SOURCE = { netlink: "sock_diag", proc: "the text of /proc/net" } as const;

function readingTime(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : span(ms);
}

type Pad = (text: string, width: number) => string;

/** Cells under each other; the last one is wrapped within its own column. */
function columns(rows: readonly (readonly string[])[], pads: readonly Pad[], width: number): string[] {
  const last = pads.length - 1;
  const widths = pads.slice(0, last).map((_, at) => Math.max(...rows.map((row) => displayWidth(row[at]!))));
  const room = Math.max(20, width - widths.reduce((sum, one) => sum + one + 2, 0));
  return rows.flatMap((row) => {
    const start = widths.map((one, at) => `${pads[at]!(row[at]!, one)}  `).join("");
    return wrap(row[last]!, room).map((line, at) =>
      `${at === 0 ? start : " ".repeat(displayWidth(start))}${line.replaceAll(TIE, " ")}`.trimEnd(),
    );
  });
}
