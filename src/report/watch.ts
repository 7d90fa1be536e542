import type { Until, WatchedLink, WatchFinding, WatchView } from "../watch/types.js";
import { count, decimal, NOTHING, plural, span } from "../text/figures.js";
import { inJson } from "../text/printable.js";
import { fit, padLeft, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";
import { type Paint, painter } from "./paint.js";

const SHOWN = 12;

/** One document a line. */
export function watchJson(view: WatchView): string {
  return `${inJson(JSON.stringify(view))}\n`;
}

/** One line a reading: the namespace, the link whose ports are nearest to their end, and the worst that stands out. */
export function watchLine(view: WatchView): string {
  const [first] = view.links;
  const link = first === undefined ? "no connections" : linkText(first);
  const [finding] = view.findings;
  const alarm = finding === undefined ? [] : [`${finding.severity}: ${finding.text}`];
  return `${[timeOf(view), `TIME_WAIT ${count(view.population.timeWait)}`, ...ratesText(view), link, ...alarm].join(" · ")}\n`;
}

/** All of it, top to bottom. */
export function watchScreen(
  view: WatchView,
  name: string,
  { width, color }: { width: number; color: boolean },
): string[] {
  const paint = painter(color);
  const { population, links, findings, notes } = view;
  const gauges = [`TIME_WAIT ${count(population.timeWait)}`, `established ${count(population.established)}`];
  const rows = links.slice(0, SHOWN).map(cells);
  const more = links.length > SHOWN ? [`and ${plural(links.length - SHOWN, "more link")}`] : [];
  return [
    paint("bold", fit(`${name} · ${timeOf(view)} UTC`, width)),
    ...wrap([...gauges, ...ratesText(view)].join(" · "), width, 2),
    "",
    ...table([HEAD, ...rows], width),
    ...more,
    ...listenersText(view),
    ...findings.flatMap((one) => findingText(one, width, paint)),
    "",
    ...wrap(readText(view), width, 2),
    ...notes.flatMap((note) => wrap(note, width, 2)),
  ];
}

function findingText({ severity, text, remedy }: WatchFinding, width: number, paint: Paint): string[] {
  const style = severity === "problem" ? "red" : "yellow";
  const lines = wrap(`${severity}: ${text}`, width, 2).map((line) => paint(style, line));
  return ["", ...lines, ...(remedy === null ? [] : wrap(`→ ${remedy}`, width, 2))];
}

const HEAD = ["connections", "open", "TIME_WAIT", "we close/s", "ports", "slow in", "none in", "process"];

function cells(link: WatchedLink): string[] {
  const { states, ports } = link;
  const open = Object.entries(states).reduce((sum, [state, of]) => sum + (state === "time_wait" ? 0 : of), 0);
  return [
    nameOfLink(link),
    count(open),
    count(states.time_wait ?? 0),
    closesText(link),
    ports === null ? NOTHING : `${count(ports.used)}/${count(ports.limit)}`,
    ports === null ? NOTHING : untilText(ports.slowInMs),
    ports === null ? NOTHING : untilText(ports.emptyInMs),
    link.owner === null ? NOTHING : `${link.owner.name} ${link.owner.pid}`,
  ];
}

function linkText(link: WatchedLink): string {
  const { ports, owner } = link;
  const closes = `this end closes ${closesText(link)}/s`;
  const left =
    ports === null
      ? []
      : [
          `ports ${count(ports.used)}/${count(ports.limit)}`,
          `slow ${when(ports.slowInMs)}`,
          `none left ${when(ports.emptyInMs)}`,
        ];
  return [`${nameOfLink(link)}: ${closes}`, ...left, ...(owner === null ? [] : [`${owner.name} ${owner.pid}`])].join(
    ", ",
  );
}

function nameOfLink({ side, peer, port }: WatchedLink): string {
  const address = peer === null ? "others" : peer.includes(":") ? `[${peer}]` : peer;
  if (side === "client") return `to ${address}${port === null ? "" : `:${port}`}`;
  return `${side === "server" ? "on" : "at"} ${port === null ? "other ports" : port} from ${address}`;
}

function ratesText({ since }: WatchView): string[] {
  if (since === null) return [];
  const { madePerSec, acceptedPerSec, timeWaitPerSec, accountedRatio } = since;
  const ratio = accountedRatio === null ? "" : ` (${Math.round(accountedRatio * 100)} % of them found)`;
  return [
    `opened ${decimal(madePerSec)}/s, accepted ${decimal(acceptedPerSec)}/s`,
    `${decimal(timeWaitPerSec)}/s closed first here${ratio}`,
  ];
}

function listenersText({ listeners }: WatchView): string[] {
  const waiting = listeners.filter((one) => one.waiting > 0);
  return waiting.map(({ port, waiting: held, room }) => `accept queue of ${port}: ${count(held)} of ${count(room)}`);
}

function readText({ sockets, readMs, everyMs, since }: WatchView): string {
  const first = since === null ? "; counters from the next reading on" : "";
  return `${plural(sockets, "socket")} read in ${span(readMs)}, again in ${span(everyMs)}${first}`;
}

function timeOf({ at }: WatchView): string {
  return at.slice(11, 19);
}

function closesText({ recentClosesPerSec, closesPerSec, isAtLeast }: WatchedLink): string {
  return `${isAtLeast ? "at least " : ""}${decimal(recentClosesPerSec ?? closesPerSec)}`;
}

function untilText(ms: Until): string {
  if (ms === null) return "not known";
  return ms === "never" ? ms : ms === 0 ? "now" : span(ms);
}

function when(ms: Until): string {
  return typeof ms !== "number" || ms === 0 ? untilText(ms) : `in ${span(ms)}`;
}

function table(rows: readonly (readonly string[])[], width: number): string[] {
  const last = HEAD.length - 1;
  const widths = HEAD.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    fit(
      row
        .map((cell, at) => (at === 0 || at === last ? padRight : padLeft)(cell, widths[at]!))
        .join("  ")
        .trimEnd(),
      width,
    ),
  );
}
