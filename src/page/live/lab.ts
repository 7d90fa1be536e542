import type { ShownRun, ShownTrial } from "../../live/shown.js";
import { closerOf } from "../../live/closer.js";
import { timeWaitOf } from "../../live/trial.js";
import type { LiveHost, LiveLink } from "../../live/types.js";
import { count, decimal, micros, NOTHING, share } from "../../text/figures.js";
import { printable } from "../../text/printable.js";
import { counted, listed, say } from "../../words/say.js";
import type { Cable, HostBox, LabView, TableView, Tone } from "../types.js";

type Variant = ShownRun["variants"][0];

/** Figures of this moment; at the end those of the trial. */
export function figuresOf(trial: ShownTrial): { label: string; value: string }[] {
  const load = trial.loads.at(-1);
  if (load === undefined) return [];
  const { p50, p99 } = trial.latencyUs ?? { p50: load.p50Us.last?.value, p99: load.p99Us.last?.value };
  return [
    { label: say("requests-rate"), value: decimal(load.perSec) },
    { label: say("succeeded"), value: count(load.succeeded) },
    { label: say("not-succeeded"), value: count(load.failed) },
    { label: say("connections-opened"), value: count(load.connections) },
    { label: "p50", value: micros(p50) },
    { label: "p99", value: micros(p99) },
  ].filter(({ value }) => value !== NOTHING);
}

/** The lab as it stands: who is connected with whom, what stands in which state, how many ports are taken. */
export function labOf(variant: Variant, trial: ShownTrial): LabView | null {
  if (trial.hosts.length === 0) return null;
  const shared = trial.hosts.some(({ roles }) => roles.length > 1);
  const others = trial.hosts.filter(({ roles }) => roles.length === 0);
  const boxes = shared ? sharedBoxes(trial) : trial.hosts.map((host) => boxOf(host, trial, others));
  const ranks = ranksOf(
    boxes.map(({ name }) => name),
    trial.links,
    variant.topology === "nat",
  );
  const hosts = boxes.map((box) => Object.assign(box, { rank: ranks.get(box.name) ?? 0 }));
  const cables = cablesOf(variant, trial);
  const held = listed(hosts.map(({ name, timeWait }) => `${name} ${timeWait ?? NOTHING}`));
  const lines = cables.map(({ from, to, above }) => say("cable", { from, to, facts: above }));
  const sentence = say("end", {
    text: listed([say("colon", { mark: heldWhen(trial), text: held }), ...lines], "full-stop"),
  });
  return { variant: printable(variant.name), hosts, cables, sentence };
}

/** A lab that is gone has nothing now. */
function heldWhen({ over }: ShownTrial): string {
  return say(over ? "time-wait-at-end" : "time-wait-now");
}

function boxOf(host: LiveHost, trial: ShownTrial, others: readonly LiveHost[]): Omit<HostBox, "rank"> {
  const [role] = host.roles;
  const side = role === undefined || host.isPartial ? null : trial.sides[role];
  const held = host.timeWait ?? side?.tables.last?.value ?? null;
  const tone: Tone = role ?? `host${others.indexOf(host) % 4}`;
  const rows = Object.entries(host.isPartial ? {} : host.states)
    .filter(([state]) => state !== "time_wait" && state !== "listen")
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 2)
    .map(([state, sockets]) => ({ label: state.toUpperCase(), value: count(sockets) }));
  return {
    name: printable(host.name),
    tone,
    role: "",
    unit: heldWhen(trial),
    timeWait: held === null ? null : count(held),
    rows,
    ports: portsOf(trial.links.filter(({ from }) => from === host.name)),
  };
}

/** One host plays both roles: it is drawn as its two sides. */
function sharedBoxes(trial: ShownTrial): Omit<HostBox, "rank">[] {
  return (["client", "server"] as const).map((role) => {
    const { states } = trial.sides[role];
    const last = timeWaitOf(trial, role).last?.value ?? null;
    return {
      name: role,
      tone: role,
      role: printable(trial.hosts[0]!.name),
      unit: heldWhen(trial),
      timeWait: last === null ? null : count(last),
      rows: [{ label: "ESTABLISHED", value: count(states.established ?? 0) }],
      ports: portsOf(trial.links.filter(({ from }) => from === role)),
    };
  });
}

/** The link on which the host comes nearest to its limit. */
function portsOf(links: readonly LiveLink[]): HostBox["ports"] {
  const [most] = links
    .flatMap(({ ports, limit }) =>
      ports === null || limit === null || limit === 0 ? [] : [{ used: ports.used, limit }],
    )
    .toSorted((a, b) => b.used / b.limit - a.used / a.limit);
  if (most === undefined) return null;
  return {
    text: say("used-of", { used: count(most.used), limit: count(most.limit) }),
    part: Math.min(1, most.used / most.limit),
  };
}

function cablesOf(variant: Variant, trial: ShownTrial): Cable[] {
  const load = trial.loads.at(-1);
  const links: Pick<LiveLink, "from" | "to" | "own" | "timeWait" | "open">[] =
    trial.links.length > 0
      ? trial.links.filter(({ from, to }) => from !== to)
      : [
          {
            from: "client",
            to: variant.topology === "proxy" ? "proxy" : "server",
            own: true,
            timeWait: { from: null, to: null },
            open: { from: null, to: null },
          },
        ];
  return links.slice(0, 8).map(({ from, to, own, timeWait, open }) => {
    const rate =
      own && load !== undefined
        ? say("requests-per-sec", { rate: decimal(load.perSec) })
        : variant.steps > 0
          ? say("step-by-step")
          : "";
    const opened = trial.over ? null : (open.from ?? open.to);
    const closer = closerOf(
      { timeWait: timeWait.from, host: hostOf(trial, from) },
      { timeWait: timeWait.to, host: hostOf(trial, to) },
    );
    // The FIN goes to the other one.
    const first = closer === null ? null : closer === "from" ? "to" : "from";
    return {
      from: printable(from),
      to: printable(to),
      above: [rate, opened === null ? "" : say("open-now", { connections: counted("connection", opened) })]
        .filter((text) => text !== "")
        .join(" · "),
      below: first === null ? "" : say("first-fin-of", { host: printable(first === "from" ? to : from) }),
      first,
    };
  });
}

/** One that plays both roles goes by neither name. */
function hostOf({ hosts }: ShownTrial, name: string): LiveHost | undefined {
  return hosts.find((host) => host.name === name) ?? hosts.find(({ roles }) => roles.length > 1);
}

/** The client first; each host one column behind whoever connects to it. A NAT stands between its clients and the server. */
function ranksOf(names: readonly string[], links: readonly LiveLink[], hasNat: boolean): Map<string, number> {
  if (hasNat) return new Map(names.map((name) => [name, name === "server" ? 2 : name === "nat" ? 1 : 0]));
  const ranks = new Map<string, number>([["client", 0]]);
  for (let pass = 0; pass < names.length; pass++)
    for (const { from, to } of links) if (ranks.has(from) && !ranks.has(to)) ranks.set(to, ranks.get(from)! + 1);
  for (const name of names) if (!ranks.has(name)) ranks.set(name, Math.max(1, ...ranks.values()));
  return ranks;
}

export function linksOf({ name }: Variant, trial: ShownTrial): TableView | null {
  const { links } = trial;
  if (links.length === 0) return null;
  return {
    title: say("links-of", { name: printable(name) }),
    legend: "",
    heads: [
      "",
      say(trial.over ? "open-at-end" : "open-right-now"),
      say("time-wait-from"),
      say("time-wait-to"),
      say("ports-used"),
      say("out-of"),
    ],
    rows: links.map(({ from, to, port, ports, limit, timeWait, open }) => ({
      group: "",
      label: `${printable(from)} → ${printable(to)}:${port}`,
      cells: [
        [count(open.from ?? open.to)],
        [count(timeWait.from)],
        [count(timeWait.to)],
        [count(ports?.used)],
        [limit === null || limit === 0 ? NOTHING : `${count(limit)} (${share((ports?.used ?? 0) / limit)})`],
      ],
    })),
  };
}
