import type { LinkEnd, TcpState } from "../sampler/types.js";
import { countsOf } from "./counts.js";
import type { HostView, Plan, TimeWaitFigures } from "./types.js";

/** States in which a connection has not ended yet: all but TIME_WAIT and those that are no connection. */
const OPEN: readonly TcpState[] = [
  "established",
  "syn_recv",
  "fin_wait1",
  "fin_wait2",
  "close_wait",
  "last_ack",
  "closing",
];
/** TIME_WAIT lasts 60 s: what entered it in less is all there still, or was taken over by a new connection. */
const ALL_STILL_THERE_MS = 58_000;

/** What one host's tables tell of its end of one link. */
export interface EndSeen {
  host: HostView;
  timeWait: TimeWaitFigures;
  /** Connections that have not ended. */
  open: { before: number; after: number };
  /** Sockets that wait for the peer's FIN; some of them `TcpExt:TW` has counted already (net/ipv4/tcp.c, __tcp_close). */
  finWait2: { most: number; after: number };
  /** Local ports that are taken, at most at once and for one pair of addresses. */
  portsUsed: number;
}

/** One link with what both ends saw of it; null for an end at which there is no host of the lab. */
export interface LinkSeen {
  from: string;
  to: string;
  port: number;
  ends: { from: EndSeen | null; to: EndSeen | null };
  /** What its listener counted, for a link of which no table shows a connection. */
  accepted?: number;
}

/** The load's own link, then every other one that any table shows a connection of, with what its ends saw. */
export function gatherLinks(plan: Plan): LinkSeen[] {
  const { from, to, port } = plan.own;
  const links = new Map<string, LinkSeen>([[idOf(plan.own), { from, to, port, ends: { from: null, to: null } }]]);
  for (const host of plan.hosts) {
    for (const [key, place] of placesOn(host, plan)) {
      const link = links.get(idOf(place)) ?? { ...place, ends: { from: null, to: null } };
      link.ends[place.end] = seen(host, (one) => keyOf(placeOf(one, host, plan)) === key);
      links.set(idOf(place), link);
    }
  }
  for (const { from: connecting, to: listening, ends } of links.values()) {
    ends.from ??= idle(connecting, plan);
    ends.to ??= idle(listening, plan);
  }
  return [...links.values()];
}

/** The end on a host of the lab of which no reading has shown a socket. */
export function idle(name: string, { hosts, shared, own }: Plan): EndSeen | null {
  const host = hosts.find((one) => one.name === name || (shared && name === own.from));
  return host === undefined ? null : seen(host, () => false);
}

function idOf({ from, to, port }: Pick<LinkSeen, "from" | "to" | "port">): string {
  return `${from} ${to} ${port}`;
}

interface Place {
  from: string;
  to: string;
  port: number;
  end: LinkEnd["end"];
}

/** The link that these sockets belong to; null for those that are no connection, or certainly a stranger's. */
function placeOf({ end, port, remote }: LinkEnd, host: HostView, plan: Plan): Place | null {
  if (remote === "0.0.0.0" || remote === "::") return null;
  const peer = nameOf(remote, host, plan);
  if (!host.alone && peer !== host.name) return null;
  if (plan.shared && peer === host.name) {
    const own = port === plan.own.port;
    return { from: own ? plan.own.from : plan.own.to, to: plan.own.to, port, end };
  }
  if (end === "from") return { from: host.name, to: peer, port, end };
  return { from: behind(peer, port, host, plan), to: host.name, port, end };
}

/**
 * Of several hosts behind one address it can only be told that it was one of them, unless one alone connects there. A table
 * that is read later does not show who did, when the listener closes first.
 */
function behind(peer: string, port: number, listener: HostView, { hosts, behind: hidden }: Plan): string {
  const connects = (end: LinkEnd): boolean =>
    end.end === "from" && end.port === port && listener.addresses.includes(end.remote);
  const candidates = hosts.filter(
    (host) =>
      hidden[peer]?.includes(host.name) === true &&
      ((countsOf(host)?.["Tcp:ActiveOpens"] ?? 0) > 0 || readings(host).some((ends) => ends.some(connects))),
  );
  return candidates.length === 1 ? candidates[0]!.name : peer;
}

/** Whoever is not in the lab goes by his address. */
function nameOf(address: string, self: HostView, { hosts }: Plan): string {
  if (address.startsWith("127.") || address === "::1" || self.addresses.includes(address)) return self.name;
  return hosts.find(({ addresses }) => addresses.includes(address))?.name ?? address;
}

function placesOn(host: HostView, plan: Plan): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const ends of readings(host))
    for (const end of ends) {
      const place = placeOf(end, host, plan);
      if (place !== null) places.set(keyOf(place), place);
    }
  return places;
}

function keyOf(place: Place | null): string {
  return place === null ? "" : `${place.end} ${place.from} ${place.to} ${place.port}`;
}

function readings({ before, tables, after }: Pick<HostView, "before" | "tables" | "after">): LinkEnd[][] {
  return [before.ends ?? [], ...tables.map(({ ends }) => ends), after.ends ?? []];
}

function seen(host: HostView, belongs: (end: LinkEnd) => boolean): EndSeen {
  const [first = [], ...later] = readings(host).map((ends) => ends.filter(belongs));
  const last = later.at(-1) ?? first;
  const end = inStates(last, ["time_wait"]);
  return {
    host,
    timeWait: {
      created: created(host, first, last, later),
      peak: later.reduce((most, ends) => Math.max(most, inStates(ends, ["time_wait"])), 0),
      end,
    },
    open: { before: inStates(first, OPEN), after: inStates(last, OPEN) },
    finWait2: {
      most: later.reduce((most, ends) => Math.max(most, inStates(ends, ["fin_wait2"])), 0),
      after: inStates(last, ["fin_wait2"]),
    },
    portsUsed: [first, ...later].flat().reduce((most, one) => Math.max(most, socketsOf(one)), 0),
  };
}

/**
 * Sockets that entered TIME_WAIT, by the time that each still has of its 60 s. Over a longer time than that it takes the
 * readings in between: each dates those that came since the one before.
 */
function created({ before, after }: HostView, first: LinkEnd[], last: LinkEnd[], later: LinkEnd[][]): number {
  if (after.atMs - before.atMs < ALL_STILL_THERE_MS)
    return inStates(first, ["time_wait"]) === 0 ? inStates(last, ["time_wait"]) : born(last);
  // The last one is the snapshot's own. A sampler's first reading takes all that is there already for new.
  const since = later.slice(0, -1).reduce((sum, ends) => sum + born(ends), 0);
  return Math.max(0, since - inStates(first, ["time_wait"]));
}

function born(ends: readonly LinkEnd[]): number {
  return ends.reduce((sum, { timeWaitBorn }) => sum + timeWaitBorn, 0);
}

function inStates(ends: readonly LinkEnd[], states: readonly TcpState[]): number {
  return ends.reduce((sum, end) => sum + states.reduce((of, state) => of + (end.states[state] ?? 0), 0), 0);
}

function socketsOf({ states }: LinkEnd): number {
  return Object.entries(states).reduce((sum, [state, count]) => sum + (state === "listen" ? 0 : count), 0);
}
