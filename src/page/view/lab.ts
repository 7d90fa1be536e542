import { type Load, loadOf, loadOfStep } from "../../findings/loads.js";
import { counted, listed, say } from "../../words/say.js";
import type { NamedLink } from "../../links/named.js";
import { peakOf } from "../../report/timeline-chart.js";
import { hasSteps, named, type VariantView } from "../../report/view.js";
import type { HostTimeline, Metrics } from "../../result/types.js";
import { count, decimal, NOTHING, share } from "../../text/figures.js";
import { fit } from "../../text/width.js";
import type { Cable, HostBox, LabView, Tone } from "../types.js";
import { greatest } from "../../stats/thin.js";

/** As much as stands beside the figure of a host. */
const LONGEST_ROLE = 18;

/** Links beyond these make a drawing that nobody can read; the table of links has them all. */
const MOST_CABLES = 8;

/** The lab of one variant as a drawing: hosts by how far they are from the client, and the links between them. */
export function labOf(view: VariantView): LabView {
  const links = linksOf(view).slice(0, MOST_CABLES);
  const cables =
    links.length > 0 ? links.map((link, at) => cableOf(link, at === 0 ? view : null)) : cableWithoutLinks(view);
  const names = hostNames(view, cables);
  const ranks = ranksOf(names, cables, view);
  const others = names.filter((name) => name !== "client" && name !== "server");
  const hosts = names.map((name): HostBox => {
    const from = links.filter((link) => link.from === name);
    const tone = name === "client" || name === "server" ? name : (`host${others.indexOf(name) % 4}` as Tone);
    const rank = ranks.get(name) ?? 0;
    return Object.assign(figuresOf(name, view), {
      name,
      tone,
      rank,
      role: fit(roleOf(name, view), LONGEST_ROLE),
      ports: portsOf(from),
    });
  });
  return { variant: view.name, hosts, cables, sentence: sentenceOf(hosts, cables) };
}

/** Of the load; of several steps, of the one that opened the most. */
function linksOf(view: VariantView): NamedLink[] {
  if (view.metrics === null) return [];
  if (!hasSteps(view)) return loadOf(view.metrics).links;
  const steps = new Set(Object.keys(view.figures).map((name) => name.slice(0, name.indexOf("."))));
  const loads = [...steps].map((step) => loadOfStep(view.figures, step)).filter((load): load is Load => load !== null);
  return loads.toSorted((a, b) => b.connections.opened - a.connections.opened)[0]?.links ?? [];
}

function cableOf({ from, to, link }: NamedLink, own: VariantView | null): Cable {
  const about = link.exact ? "" : "≈";
  const opened = about + counted("connection", link.opened);
  const rate =
    (own?.metrics?.requests.sent ?? 0) === 0
      ? null
      : say("requests-per-sec", { rate: decimal(own?.metrics?.requests.perSec) });
  const each =
    link.perRequest === null || own !== null ? null : say("rate-per-request", { rate: decimal(link.perRequest) });
  return {
    from,
    to: hostPart(to),
    above: [rate, opened, each].filter((text) => text !== null).join(" · "),
    ...closing(link.closedFirst, { from, to: hostPart(to) }),
  };
}

/** `service` of `service:9000`; an address of IPv6 has colons of its own. */
function hostPart(to: string): string {
  return /^[^:[\]]+:\d+$/u.test(to) ? to.slice(0, to.indexOf(":")) : to;
}

function closing(
  shares: { from: number; to: number; reset: number } | null,
  names: { from: string; to: string },
): Pick<Cable, "below" | "first"> {
  if (shares === null) return { below: say("no-connection-ended"), first: null };
  const { from, to, reset } = shares;
  if (reset >= from && reset >= to) return { below: say("reset-share", { share: share(reset) }), first: null };
  // The FIN goes to the other one.
  return to >= from
    ? { below: say("first-fin", { host: names.to, share: share(to) }), first: "from" }
    : { below: say("first-fin", { host: names.from, share: share(from) }), first: "to" };
}

/** Results of version 1, and steps that hold single sockets. */
function cableWithoutLinks(view: VariantView): Cable[] {
  const { metrics } = view;
  const between = { from: "client", to: "server" };
  if (metrics === null || (hasSteps(view) && metrics.requests.sent === 0))
    return [{ ...between, above: hasSteps(view) ? say("single-sockets") : "", below: "", first: null }];
  const { closedFirst } = metrics;
  const shares =
    closedFirst === null ? null : { from: closedFirst.client, to: closedFirst.server, reset: closedFirst.reset };
  const above = `${say("requests-per-sec", { rate: decimal(metrics.requests.perSec) })} · ${counted("connection", metrics.connections.opened)}`;
  // Where TIME_WAIT could not be read, nobody knows who closed first, or whether.
  const end = metrics.timeWait === null ? { below: "", first: null } : closing(shares, between);
  return [{ ...between, above, ...end }];
}

function hostNames({ plan, topology }: VariantView, cables: readonly Cable[]): string[] {
  const planned =
    topology === "hosts"
      ? Object.keys(plan.lab.hosts ?? {})
      : topology === "nat"
        ? [...(plan.lab.nat?.clients ?? []), "nat"]
        : topology === "proxy"
          ? ["proxy"]
          : [];
  return [...new Set(["client", "server", ...planned, ...cables.flatMap(({ from, to }) => [from, to])])];
}

/** The client first; each host one column behind whoever connects to it. What nobody connects to stands last. */
function ranksOf(
  names: readonly string[],
  cables: readonly Cable[],
  { plan, topology }: VariantView,
): Map<string, number> {
  const ranks = new Map<string, number>([["client", 0]]);
  for (const name of topology === "nat" ? (plan.lab.nat?.clients ?? []) : []) ranks.set(name, 0);
  const between = topology === "nat" ? ["nat"] : [];
  for (const name of between) ranks.set(name, 1);
  for (let pass = 0; pass < names.length; pass++)
    for (const { from, to } of cables)
      if (ranks.has(from) && !ranks.has(to)) ranks.set(to, ranks.get(from)! + 1 + between.length);
  const last = Math.max(1, ...ranks.values());
  for (const name of names) if (!ranks.has(name)) ranks.set(name, name === "server" ? Math.max(1, last) : last);
  return ranks;
}

function roleOf(name: string, { plan, shown, topology }: VariantView): string {
  if (name === "client") return named(shown?.clientName ?? "");
  if (name === "server") return named(shown?.serverName ?? "");
  if (name === "proxy" && topology === "proxy") return plan.lab.proxy?.kind ?? "";
  return "";
}

function figuresOf(name: string, { metrics, shown, figures, plan }: VariantView): Pick<HostBox, "timeWait" | "rows"> {
  const host = timelineOf(name, shown);
  const peak = peakFigure(name, metrics) ?? peakOf(host);
  const established = greatest(host?.established ?? []);
  const totals = metrics?.hosts?.[name];
  const rows = [
    { label: say("entered-it"), value: count(totals?.timeWait.created ?? roleFigure(name, metrics)?.created) },
    { label: say("established-peak"), value: count(established) },
  ];
  const hasFigures = plan.phases.length === 0 || Object.keys(figures).length > 0;
  return {
    timeWait: peak === null || !hasFigures ? null : count(peak),
    rows: rows.filter(({ value }) => value !== NOTHING),
  };
}

function roleFigure(name: string, metrics: Metrics | null): { created: number; peak: number } | undefined {
  return name === "client" || name === "server" ? (metrics?.timeWait?.[name] ?? undefined) : undefined;
}

function peakFigure(name: string, metrics: Metrics | null): number | null {
  return metrics?.hosts?.[name]?.timeWait.peak ?? roleFigure(name, metrics)?.peak ?? null;
}

function timelineOf(name: string, shown: VariantView["shown"]): HostTimeline | null {
  if (shown === null) return null;
  const { client, server, others } = shown.timeline;
  return name === "client" ? client : name === "server" ? server : (others?.[name] ?? null);
}

/** The link on which the host comes nearest to its limit. */
function portsOf(from: readonly NamedLink[]): HostBox["ports"] {
  const [most] = from
    .flatMap(({ link: { ports } }) =>
      ports.limit === null || ports.limit === 0 ? [] : [{ used: ports.used, limit: ports.limit }],
    )
    .toSorted((a, b) => b.used / b.limit - a.used / a.limit);
  if (most !== undefined)
    return {
      text: say("used-of", { used: count(most.used), limit: count(most.limit) }),
      part: Math.min(1, most.used / most.limit),
    };
  return null;
}

function sentenceOf(hosts: readonly HostBox[], cables: readonly Cable[]): string {
  const held = hosts.filter(({ timeWait }) => timeWait !== null).map(({ name, timeWait }) => `${name} ${timeWait}`);
  const sentences = [
    ...cables.map(({ from, to, above, below }) => say("cable", { from, to, facts: listed([above, below]) })),
    held.length === 0 ? "" : say("at-once-at-most", { held: listed(held) }),
  ];
  return say("end", { text: listed(sentences, "full-stop") });
}
