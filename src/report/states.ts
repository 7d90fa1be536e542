import type { NamespaceStates, Place, SocketGroup, SocketTable, StatesDocument } from "../states/types.js";
import { inJson, printableDocument } from "../text/printable.js";
import { inMarkdown } from "../text/escapes.js";
import { count, micros, NOTHING, plural, span } from "../text/figures.js";
import { painter } from "./paint.js";
import { displayWidth, fit, padLeft, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";

export type StatesFormat = "terminal" | "json" | "markdown";

export interface StatesOptions {
  width: number;
  color: boolean;
}

/** Of more, only how many they are: JSON has them all. */
const MOST_GROUPS = 10;
/** Between a state and its figure: no line ends there. */
const TIE = "\u00A0";
/** The table of states of each namespace. Ends with a line feed. */
export function renderStates(document: StatesDocument, format: StatesFormat, options: StatesOptions): string {
  switch (format) {
    // In one line: with --watch there is one after another.
    case "json":
      return `${inJson(JSON.stringify(document))}\n`;
    case "terminal":
      return printableDocument(document)
        .namespaces.map((one) => terminal(one, document, options))
        .join("\n");
    case "markdown":
      return printableDocument(document)
        .namespaces.map((one) => markdown(one, document))
        .join("\n");
  }
}

function terminal(one: NamespaceStates, { at, ports }: StatesDocument, { width, color }: StatesOptions): string {
  const paint = painter(color);
  const lines: string[] = [
    paint("bold", fit(headline(one.place, at), width)),
    ...wrap(gaugeText(one, ports), width, 2),
  ];
  const { table } = one;
  if (table !== null && !isEmpty(table)) {
    const rows = [["", "all", "IPv4", "IPv6", ""], ...stateRows(table)];
    lines.push("", ...columns(rows, [padRight, padLeft, padLeft, padLeft, padRight], width));
    if (table.groups.length > 0) {
      const groups = [["sockets", "side and port", "states"], ...groupRows(table.groups)];
      lines.push("", ...columns(groups, [padLeft, padRight, padRight], width));
    }
  }
  const remarks = remarksOf(one, ports);
  if (remarks.length > 0) lines.push("", ...remarks.flatMap((remark) => wrap(remark, width, 2)));
  return `${lines.join("\n")}\n`;
}

function markdown(one: NamespaceStates, { at, ports }: StatesDocument): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(inMarkdown).join(" | ")} |`;
  const blocks = [[`### ${inMarkdown(headline(one.place, at))}`], [inMarkdown(gaugeText(one, ports))]];
  const { table } = one;
  if (table !== null && !isEmpty(table)) {
    blocks.push([
      row(["", "all", "IPv4", "IPv6", ""]),
      "| --- | ---: | ---: | ---: | --- |",
      ...stateRows(table).map(row),
    ]);
    blocks.push([
      row(["sockets", "side and port", "states"]),
      "| ---: | --- | --- |",
      ...groupRows(table.groups).map((cells) => row(cells.map((cell) => cell.replaceAll(TIE, " ")))),
    ]);
  }
  const remarks = remarksOf(one, ports);
  if (remarks.length > 0) blocks.push(remarks.map((remark) => `- ${inMarkdown(remark)}`));
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

/**
 * What the kernel keeps count of: exact, whatever of the table was read. It counts a closed socket in FIN_WAIT2 as one in
 * TIME_WAIT (net/ipv4/inet_timewait_sock.c); only where the whole table shows none there are they all in TIME_WAIT.
 */
function gaugeText({ population, table }: NamespaceStates, ports: readonly number[]): string {
  const { timeWait, established, inUse } = population;
  const { ipv4, ipv6 } = table?.states ?? { ipv4: {}, ipv6: {} };
  const alone = table !== null && ports.length === 0 && (ipv4.fin_wait2 ?? 0) + (ipv6.fin_wait2 ?? 0) === 0;
  const counted = alone || timeWait === 0 ? "TIME_WAIT" : "TIME_WAIT or closed in FIN_WAIT2";
  return `kernel's own count: ${counted} ${count(timeWait)} · ESTABLISHED or CLOSE_WAIT ${count(established)} · all but TIME_WAIT ${count(inUse.ipv4 + inUse.ipv6)}`;
}

/** The most frequent first, as people sort what netstat says. */
function stateRows({ states: { ipv4, ipv6 }, timeWaitUnread, timeWaitLeftMs }: SocketTable): string[][] {
  const names = [...new Set([...Object.keys(ipv4), ...Object.keys(ipv6)])] as (keyof typeof ipv4)[];
  const rows = names.map((state) => {
    const [of4, of6] = [ipv4[state] ?? 0, ipv6[state] ?? 0];
    const left = state === "time_wait" ? leftText(timeWaitLeftMs) : "";
    return { total: of4 + of6, cells: [state.toUpperCase(), count(of4 + of6), count(of4), count(of6), left] };
  });
  if (timeWaitUnread !== null)
    rows.push({ total: timeWaitUnread, cells: ["TIME_WAIT", count(timeWaitUnread), NOTHING, NOTHING, UNREAD] });
  return rows.toSorted((a, b) => b.total - a.total).map(({ cells }) => cells);
}

function groupRows(groups: readonly SocketGroup[]): string[][] {
  const shown = groups.slice(0, MOST_GROUPS);
  const rest = groups.slice(MOST_GROUPS);
  const rows = shown.map((group) => [
    count(group.sockets),
    `${group.side === "accepted" ? "accepted on" : "made to"} ${group.port}${group.guessed > 0 ? " ?" : ""}`,
    statesText(group),
  ]);
  if (rest.length === 0) return rows;
  const sockets = rest.reduce((sum, group) => sum + group.sockets, 0);
  return [...rows, ["", `and ${count(rest.length)} more`, plural(sockets, "socket")]];
}

function statesText({ states, timeWaitLeftMs }: SocketGroup): string {
  return (Object.keys(states) as (keyof typeof states)[])
    .toSorted((a, b) => states[b]! - states[a]!)
    .map((state) => {
      const left = state === "time_wait" ? leftText(timeWaitLeftMs) : "";
      return `${state.toUpperCase()} ${count(states[state])}${left === "" ? "" : ` (${left})`}`;
    })
    .map((text) => text.replaceAll(" ", TIE))
    .join(", ");
}

function leftText(left: SocketTable["timeWaitLeftMs"]): string {
  if (left === null) return "";
  const [min, max] = [span(left.min), span(left.max)];
  return min === max ? `${max} left` : `${min} to ${max} left`;
}

function remarksOf({ table, notes }: NamespaceStates, ports: readonly number[]): string[] {
  if (table === null) return ["more sockets than are read unasked: --full reads them all", ...notes];
  const ofPorts = ports.length === 0 ? "" : ` with port ${ports.join(" or ")}`;
  const remarks = [];
  if (isEmpty(table)) remarks.push(`no TCP sockets${ofPorts}`);
  if (table.groups.some(({ guessed }) => guessed > 0))
    remarks.push("? nothing listens on either port (any more): which end is the service is a guess");
  const read = `${plural(table.read, "socket")}${ofPorts} read in ${micros(table.costMs * 1000)}`;
  return [...remarks, `${read} by ${SOURCE[table.source]}`, ...notes];
}

function isEmpty({ read, timeWaitUnread }: SocketTable): boolean {
  return read === 0 && timeWaitUnread === null;
}

const UNREAD = "by the kernel's own count; --full tells their ports";
const SOURCE = { netlink: "sock_diag", proc: "the text of /proc/net" } as const;

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
