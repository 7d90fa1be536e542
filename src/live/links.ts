import { namedLinks } from "../links/named.js";
import type { Trial } from "../result/types.js";
import type { LinkEnd, TableSample } from "../sampler/types.js";
import type { Variant } from "../scenario/types.js";
import type { LiveHost, LiveLink, LiveTrial } from "./types.js";

/** Sockets that are listening, or wait for an answer to their end, are no open connections. */
const NOT_OPEN = new Set(["listen", "close", "syn_sent", "time_wait"]);

/** What one table tells of the links that end on its host. */
export function linksIn(trial: LiveTrial, host: LiveHost, { ends }: TableSample, plan: Variant): void {
  const seen = new Map<LiveLink, LinkEnd[]>();
  for (const end of ends) {
    const link = linkOf(trial, host, end, plan);
    if (link !== null) seen.set(link, [...(seen.get(link) ?? []), end]);
  }
  const here = trial.links.filter(({ from, to }) => isOn(host, from) || isOn(host, to));
  // Of a saved table nobody may know which link has which sockets: see `endsIn`.
  host.isPartial = ends.some(({ port, remote }) => port === 0 && remote === "");
  for (const link of here) {
    if (host.isPartial && !seen.has(link)) continue;
    const both = seen.get(link) ?? [];
    if (isOn(host, link.from)) hearFrom(link, ofEnd(both, "from"), host);
    if (isOn(host, link.to)) hearTo(link, ofEnd(both, "to"));
  }
  // Without connections of a load the gauge tells of all that there is.
  if (!host.isPartial && here.length > 1 && here.some(({ own }) => own))
    for (const role of host.roles) trial.sides[role].shares = true;
}

/** Between two tables: a host with one link alone has all that its gauge holds on that. */
export function linkByGauge({ hosts, links, sides }: LiveTrial, host: LiveHost): void {
  const [link, second] = links.filter(({ from, to }) => isOn(host, from) || isOn(host, to));
  if (link === undefined || second !== undefined || host.roles.length > 1) return;
  // Each pair of addresses has ports of its own.
  if (hosts.some(({ addresses }) => addresses.length > 1)) return;
  if (host.roles.some((role) => sides[role].shares)) return;
  const { timeWait, established } = host;
  if (isOn(host, link.to)) {
    link.timeWait.to = timeWait;
    link.open.to = established ?? link.open.to;
    return;
  }
  link.timeWait.from = timeWait;
  link.open.from = established ?? link.open.from;
  const used = (timeWait ?? 0) + (established ?? 0);
  link.ports = { used, most: Math.max(used, link.ports?.most ?? 0) };
}

/** Saved figures of each link take the place of what tables showed. */
export function finishedLinks(trial: LiveTrial, { links }: Pick<Trial, "links">): void {
  for (const { from, to, link } of namedLinks(links)) {
    const [name = to] = to.split(":");
    const known = trial.links.find((one) => one.from === from && one.to === name && one.port === link.port);
    const live = known ?? addLink(trial, { from, to: name, port: link.port, own: trial.links.length === 0 });
    live.ports = { used: live.ports?.used ?? link.ports.used, most: link.ports.used };
    live.limit = link.ports.limit;
    live.timeWait = { from: link.timeWait.from.end, to: link.timeWait.to?.end ?? null };
  }
}

function linkOf(trial: LiveTrial, host: LiveHost, end: LinkEnd, plan: Variant): LiveLink | null {
  if (end.remote === "0.0.0.0" || end.remote === "::" || end.remote === "") return null;
  const peer = nameOf(trial, host, end.remote);
  const { from, to } = namesOf(host, end, peer, plan);
  const known = trial.links.find((one) => one.from === from && one.to === to && one.port === end.port);
  const own = from === "client" && to === frontOf(plan) && end.port === plan.server.port;
  return known ?? addLink(trial, { from, to, port: end.port, own });
}

/** Of a host that plays both roles, the server's port tells the load's own connections. */
function namesOf(host: LiveHost, { end, port }: LinkEnd, peer: string, plan: Variant): { from: string; to: string } {
  if (host.roles.length > 1 && peer === host.name)
    return { from: port === plan.server.port ? "client" : "server", to: "server" };
  const [self, other] = [shown(host), peer];
  return end === "from" ? { from: self, to: other } : { from: behind(other, plan), to: self };
}

/** Who is behind a NAT cannot be told, unless it is one alone. */
function behind(peer: string, { lab }: Variant): string {
  const clients = lab.nat?.clients ?? [];
  return peer === "nat" && clients.length === 1 ? clients[0]! : peer;
}

function frontOf({ lab }: Variant): string {
  return lab.topology === "proxy" ? "proxy" : "server";
}

function shown({ name, roles }: LiveHost): string {
  return roles.length > 1 ? "server" : name;
}

function isOn(host: LiveHost, name: string): boolean {
  return host.roles.length > 1 ? name === "client" || name === "server" : host.name === name;
}

/** Whoever is not in the lab goes by his address. */
function nameOf({ hosts }: LiveTrial, self: LiveHost, address: string): string {
  if (address.startsWith("127.") || address === "::1" || self.addresses.includes(address)) return self.name;
  return hosts.find(({ addresses }) => addresses.includes(address))?.name ?? address;
}

function addLink(trial: LiveTrial, which: Pick<LiveLink, "from" | "to" | "port" | "own">): LiveLink {
  const nothing = { from: null, to: null };
  const link = { ...which, ports: null, limit: null, timeWait: { ...nothing }, open: { ...nothing } };
  trial.links.push(link);
  trial.links.sort((a, b) => Number(b.own) - Number(a.own));
  return link;
}

function ofEnd(ends: readonly LinkEnd[], which: LinkEnd["end"]): LinkEnd[] {
  return ends.filter(({ end }) => end === which);
}

/** Each pair of addresses has the range of ports once. */
function hearFrom(link: LiveLink, ends: readonly LinkEnd[], { limits }: LiveHost): void {
  const used = ends.reduce(
    (most, { states }) =>
      Math.max(
        most,
        sum(states, (state) => state !== "listen"),
      ),
    0,
  );
  link.ports = { used, most: Math.max(used, link.ports?.most ?? 0) };
  link.limit = limits.ports;
  link.timeWait.from = inTimeWait(ends);
  link.open.from = open(ends);
}

function hearTo(link: LiveLink, ends: readonly LinkEnd[]): void {
  link.timeWait.to = inTimeWait(ends);
  link.open.to = open(ends);
}

function inTimeWait(ends: readonly LinkEnd[]): number {
  return ends.reduce((total, { states }) => total + (states.time_wait ?? 0), 0);
}

function open(ends: readonly LinkEnd[]): number {
  return ends.reduce((total, { states }) => total + sum(states, (state) => !NOT_OPEN.has(state)), 0);
}

function sum(states: LinkEnd["states"], counts: (state: string) => boolean): number {
  return Object.entries(states).reduce((total, [state, count]) => total + (counts(state) ? count : 0), 0);
}
