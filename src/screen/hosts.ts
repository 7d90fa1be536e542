import type { States } from "../live/types.js";
import type { Paint } from "../report/paint.js";
import { type TcpState, TCP_STATES } from "../sampler/types.js";
import { count, NOTHING } from "../text/figures.js";
import { printable } from "../text/printable.js";
import { displayWidth, fit, padLeft, padRight } from "../text/width.js";
import { sayOnScreen as say } from "../words/screen.js";
import { bar, gauge } from "./bars.js";
import type { Panel } from "./panels.js";

const GAP = 2;
/** A state's name, its number, and a bar that one can see. */
const NARROWEST = 22;
const WIDEST = 70;
const NAME_WIDTH = 12;
/** Always shown; the others as soon as one was seen. */
const ALWAYS: readonly TcpState[] = ["established", "time_wait"];
/** Listeners are no connections, and what is closed is none any more. */
const NEVER: readonly TcpState[] = ["listen", "close"];

/** In the order in which a connection goes through them; those seen so far stay, so that nothing jumps. */
export function statesToShow(panels: readonly { states: States }[], seen: ReadonlySet<TcpState>): TcpState[] {
  const now = (state: TcpState): boolean => panels.some(({ states }) => (states[state] ?? 0) > 0);
  return IN_ORDER.filter((state) => ALWAYS.includes(state) || seen.has(state) || now(state));
}

const ORDER: readonly TcpState[] = [
  "syn_sent",
  "syn_recv",
  "established",
  "fin_wait1",
  "fin_wait2",
  "close_wait",
  "last_ack",
  "closing",
  "time_wait",
];
const IN_ORDER = TCP_STATES.filter((state) => !NEVER.includes(state)).toSorted(
  (a, b) => ORDER.indexOf(a) - ORDER.indexOf(b),
);

/** Lines that the panels want: their names, the states, the ports. */
export function heightOfHosts(panels: readonly Panel[], states: number): number {
  return 1 + states + (panels.some(({ ports }) => ports !== null) ? 1 : 0);
}

/** One panel beside the other, each with a bar for each state, all on one scale. @param top the most sockets in TIME_WAIT */
export function drawHosts(
  panels: readonly Panel[],
  states: readonly TcpState[],
  { rows, width, top: known, paint }: { rows: number; width: number; top: number; paint: Paint },
): string[] {
  const most = Math.max(1, Math.floor((width - 1 + GAP) / (NARROWEST + GAP)));
  const shown = mostTelling(panels, most);
  if (shown.length === 0) return [];
  const each = Math.min(WIDEST, Math.floor((width - 1 - GAP * (shown.length - 1)) / shown.length));
  const top = Math.max(10, known, ...panels.flatMap(({ states: now }) => states.map((state) => now[state] ?? 0)));
  const withPorts = shown.some(({ ports }) => ports !== null) && rows >= 4;
  const kept = withoutLeast(states, shown, rows - 1 - (withPorts ? 1 : 0));
  const columns = shown.map((panel) => panelLines(panel, kept, { width: each, top, withPorts, paint }));
  const lines = Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    ` ${columns.map((column) => padRight(column[row] ?? "", each)).join(" ".repeat(GAP))}`.trimEnd(),
  );
  if (panels.length > most && lines.length > 0) lines[0] += paint("dim", fit(` +${panels.length - most}`, GAP));
  return lines.slice(0, rows);
}

/** Where there is no room for all, those that play a role stay. */
function mostTelling(panels: readonly Panel[], most: number): Panel[] {
  const kept = panels.toSorted((a, b) => Number(b.hasRole) - Number(a.hasRole)).slice(0, most);
  return panels.filter((panel) => kept.includes(panel));
}

/** Where there is no room for all, the states with the fewest sockets give way. */
function withoutLeast(states: readonly TcpState[], panels: readonly Panel[], room: number): TcpState[] {
  if (states.length <= room) return [...states];
  const weight = (state: TcpState): number =>
    ALWAYS.includes(state) ? Infinity : panels.reduce((sum, panel) => sum + (panel.states[state] ?? 0), 0);
  const kept = states.toSorted((a, b) => weight(b) - weight(a)).slice(0, Math.max(0, room));
  return states.filter((state) => kept.includes(state));
}

function panelLines(
  { name, address, style, states, timeWait, isUnknown, ports }: Panel,
  kept: readonly TcpState[],
  { width, top, withPorts, paint }: { width: number; top: number; withPorts: boolean; paint: Paint },
): string[] {
  const title = fit(printable(name), width);
  const beside = printable(address);
  const room = width - displayWidth(title) - 2;
  const head =
    paint(["bold", style as "cyan"], title) +
    (beside !== name && displayWidth(beside) <= room ? `  ${paint("dim", beside)}` : "");
  const countWidth = width < 40 ? 7 : 9;
  const barWidth = width - NAME_WIDTH - countWidth - 1;
  const rows = kept.map((state) => {
    const now = state === "time_wait" ? (timeWait.last?.value ?? states.time_wait ?? 0) : (states[state] ?? 0);
    const label = padRight(state.toUpperCase(), NAME_WIDTH) + padLeft(isUnknown ? NOTHING : count(now), countWidth);
    return `${now > 0 ? label : paint("dim", label)} ${paint(style, bar(now, top, barWidth))}`;
  });
  return [head, ...rows, ...(withPorts ? [portsLine(ports, { width, countWidth, paint })] : [])];
}

function portsLine(
  ports: Panel["ports"],
  { width, countWidth, paint }: { width: number; countWidth: number; paint: Paint },
): string {
  if (ports === null) return "";
  const limit = say("out-of", { n: count(ports.limit) });
  const of = NAME_WIDTH + countWidth + 1 + displayWidth(limit) <= width ? limit : "";
  const barWidth = Math.max(0, width - NAME_WIDTH - countWidth - 1 - displayWidth(of));
  const share = ports.limit > 0 ? ports.used / ports.limit : 0;
  const label = padRight(say("ports-taken"), NAME_WIDTH) + padLeft(count(ports.used), countWidth);
  return `${label} ${gauge(share, barWidth, share >= 0.9 ? "red" : "white", paint)}${of}`;
}
