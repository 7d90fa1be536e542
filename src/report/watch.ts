import type { Until, WatchedLink, WatchFinding, WatchView } from "../watch/types.js";
import { count, decimal, NOTHING, span } from "../text/figures.js";
import { inJson } from "../text/printable.js";
import { displayWidth, fit, padLeft, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";
import { listed } from "../words/say.js";
import { sayOnWatch } from "../words/watch.js";
import { type Paint, painter } from "./paint.js";

const SHOWN = 12;

/** One document a line. */
export function watchJson(view: WatchView): string {
  return `${inJson(JSON.stringify(view))}\n`;
}

/** One line a reading: the namespace, the link whose ports are nearest to their end, and the worst that stands out. */
export function watchLine(view: WatchView): string {
  const [first] = view.links;
  const link = first === undefined ? sayOnWatch("no-connections") : linkText(first);
  const [finding] = view.findings;
  const alarm = finding === undefined ? [] : [alarmText(finding)];
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
  const gauges = [
    `TIME_WAIT ${count(population.timeWait)}`,
    sayOnWatch("established", { n: count(population.established) }),
  ];
  const rows = links.slice(0, SHOWN).map(cells);
  const more = links.length > SHOWN ? [sayOnWatch("more-links", { n: links.length - SHOWN })] : [];
  return [
    paint("bold", fit(`${name} · ${timeOf(view)} UTC`, width)),
    ...wrap([...gauges, ...ratesText(view)].join(" · "), width, 2),
    "",
    ...table([head(), ...rows], width),
    ...more,
    ...listenersText(view),
    ...findings.flatMap((one) => findingText(one, width, paint)),
    "",
    ...wrap(readText(view), width, 2),
    ...notes.flatMap((note) => wrap(note, width, 2)),
  ];
}

function alarmText({ severity, text }: WatchFinding): string {
  return sayOnWatch("severity", { severity: sayOnWatch(severity), text });
}

function findingText(finding: WatchFinding, width: number, paint: Paint): string[] {
  const { severity, remedy } = finding;
  const style = severity === "problem" ? "red" : "yellow";
  const lines = wrap(alarmText(finding), width, 2).map((line) => paint(style, line));
  return ["", ...lines, ...(remedy === null ? [] : wrap(`→ ${remedy}`, width, 2))];
}

function head(): string[] {
  const [connections, open] = [sayOnWatch("head-connections"), sayOnWatch("head-open")];
  const rest = (["head-closes", "head-ports", "head-slow", "head-none", "head-process"] as const).map((key) =>
    sayOnWatch(key),
  );
  return [connections, open, "TIME_WAIT", ...rest];
}

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
  const closes = sayOnWatch("link-closes", { link: nameOfLink(link), n: closesText(link) });
  const left =
    ports === null
      ? []
      : [
          sayOnWatch("link-ports", { used: count(ports.used), limit: count(ports.limit) }),
          sayOnWatch("link-slow", { when: when(ports.slowInMs) }),
          sayOnWatch("link-none", { when: when(ports.emptyInMs) }),
        ];
  return listed([closes, ...left, ...(owner === null ? [] : [`${owner.name} ${owner.pid}`])]);
}

function nameOfLink({ side, peer, port }: WatchedLink): string {
  const address = peer === null ? sayOnWatch("others") : peer.includes(":") ? `[${peer}]` : peer;
  if (side === "client") return sayOnWatch("to", { to: `${address}${port === null ? "" : `:${port}`}` });
  return sayOnWatch(side === "server" ? "on" : "at", { port: port ?? sayOnWatch("other-ports"), from: address });
}

function ratesText({ since }: WatchView): string[] {
  if (since === null) return [];
  const { madePerSec, acceptedPerSec, timeWaitPerSec, accountedRatio } = since;
  const n = decimal(timeWaitPerSec);
  return [
    sayOnWatch("opened-accepted", { made: decimal(madePerSec), accepted: decimal(acceptedPerSec) }),
    accountedRatio === null
      ? sayOnWatch("closed-first", { n })
      : sayOnWatch("closed-first-found", { n, share: Math.round(accountedRatio * 100) }),
  ];
}

function listenersText({ listeners }: WatchView): string[] {
  const waiting = listeners.filter((one) => one.waiting > 0);
  return waiting.map(({ port, waiting: held, room }) =>
    sayOnWatch("queue", { port, held: count(held), room: count(room) }),
  );
}

function readText({ sockets, readMs, everyMs, since }: WatchView): string {
  const read = sayOnWatch("read-in", { sockets: count(sockets), cost: span(readMs), every: span(everyMs) });
  return since === null ? sayOnWatch("read-first", { read }) : read;
}

function timeOf({ at }: WatchView): string {
  return at.slice(11, 19);
}

function closesText({ recentClosesPerSec, closesPerSec, isAtLeast }: WatchedLink): string {
  const n = decimal(recentClosesPerSec ?? closesPerSec);
  return isAtLeast ? sayOnWatch("at-least", { n }) : n;
}

function untilText(ms: Until): string {
  if (ms === null) return sayOnWatch("not-known");
  return ms === "never" ? sayOnWatch(ms) : ms === 0 ? sayOnWatch("now") : span(ms);
}

function when(ms: Until): string {
  return typeof ms !== "number" || ms === 0 ? untilText(ms) : sayOnWatch("in", { span: span(ms) });
}

function table(rows: readonly (readonly string[])[], columns: number): string[] {
  const last = rows[0]!.length - 1;
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => displayWidth(row[at]!))));
  return rows.map((row) =>
    fit(
      row
        .map((cell, at) => (at === 0 || at === last ? padRight : padLeft)(cell, widths[at]!))
        .join("  ")
        .trimEnd(),
      columns,
    ),
  );
}
