import { portLimit, portRange } from "../links/port-limit.js";
import { TIME_WAIT_MS } from "./gather.js";
import { keepsPortMs, minuteRate, recentRate, timeUntil } from "./forecast.js";
import { sayOnWatch } from "../words/watch.js";
import { findingsIn } from "./findings.js";
import type { Note, Owner, PortsAhead, Seen, SeenLink, Since, Until, WatchedLink, WatchView } from "./types.js";

/** Whether CLOSE_WAIT grows is not told of a shorter time. */
const GROWTH_MS = 10_000;
/** Of TIME_WAIT sockets that were created, fewer are found: the others were taken over, or reopened. */
const ACCOUNTED = 0.9;

interface At {
  /** ISO 8601. */
  at: string;
  /** The machine's monotonic clock. */
  nowMs: number;
  everyMs: number;
}

interface Growth {
  sinceMs: number;
  first: number;
  last: number;
}

/** Readings, one after the other → what is told of each. Pure. */
export class Watcher {
  readonly #place: { name: () => string; namespace: WatchView["namespace"]; isWhole: boolean };
  #before: { nowMs: number; counters: Seen["counters"] } | null = null;
  #growth = new Map<string, Growth>();
  /** A TIME_WAIT has no owner any more: the last one that was seen of its peer stands for it. */
  #owners = new Map<string, Owner>();

  /** @param place `name`: in the language of what is being drawn; `isWhole`: all sockets of it are read, so that counters and sockets belong together */
  constructor(place: { name: () => string; namespace: WatchView["namespace"]; isWhole: boolean }) {
    this.#place = place;
  }

  view(seen: Seen, { at, nowMs, everyMs }: At): WatchView {
    const since = this.#since(seen, nowMs);
    this.#before = { nowMs, counters: seen.counters };
    const range = portRange(seen.sysctls["net.ipv4.ip_local_port_range"]);
    const limit = portLimit(range, seen.sysctls["net.ipv4.ip_local_reserved_ports"] ?? "");
    const links = this.#links(seen, { limit, since, nowMs });
    const view: Omit<WatchView, "findings"> = {
      schemaVersion: 1,
      at,
      namespace: this.#place.namespace,
      source: seen.source,
      sockets: seen.sockets,
      readMs: seen.costMs,
      everyMs,
      population: { timeWait: seen.population.timeWait, established: seen.population.established },
      since,
      totals: {
        timeWaitCreated: seen.counters["TcpExt:TW"] ?? 0,
        timeWaitOverflow: seen.counters["TcpExt:TCPTimeWaitOverflow"] ?? 0,
        listenOverflows: seen.counters["TcpExt:ListenOverflows"] ?? 0,
      },
      portRange: range === null || limit === null ? null : { ...range, limit },
      links,
      listeners: seen.listeners.map(({ inode, ...queue }) => ({ ...queue, owner: seen.owners[inode] ?? null })),
      notes: seen.notes.map(noteText),
    };
    const buckets = seen.sysctls["net.ipv4.tcp_max_tw_buckets"];
    const findings = findingsIn(view, this.#place.name(), buckets === undefined ? null : Number(buckets));
    return { ...view, findings };
  }

  #links(
    seen: Seen,
    { limit, since, nowMs }: { limit: number | null; since: Since | null; nowMs: number },
  ): WatchedLink[] {
    const growth = new Map<string, Growth>();
    const owners = new Map<string, Owner>();
    const links = seen.links.map((link) => {
      const key = `${link.side} ${link.local} ${link.peer} ${link.port}`;
      const leakPerSec = leak(growth, this.#growth.get(key), { key, count: link.states.close_wait ?? 0, nowMs });
      const inode = link.inodes.find((one) => seen.owners[one] !== undefined);
      const owner = (inode === undefined ? undefined : seen.owners[inode]) ?? this.#owners.get(key) ?? null;
      if (owner !== null) owners.set(key, owner);
      return watched(link, seen, { limit, since, leakPerSec, owner });
    });
    this.#growth = growth;
    this.#owners = owners;
    return links;
  }

  #since({ counters, links }: Seen, nowMs: number): Since | null {
    if (this.#before === null) return null;
    const { nowMs: beforeMs, counters: before } = this.#before;
    const ms = nowMs - beforeMs;
    const more = (name: string): number => Math.max(0, (counters[name] ?? 0) - (before[name] ?? 0));
    const perSec = (count: number): number => (count * 1000) / ms;
    const created = more("TcpExt:TW");
    const found = links.reduce((sum, { closedAgo }) => sum + closedWithin(closedAgo, ms), 0);
    return {
      ms,
      madePerSec: perSec(more("Tcp:ActiveOpens")),
      acceptedPerSec: perSec(more("Tcp:PassiveOpens")),
      timeWaitPerSec: perSec(created),
      recycled: more("TcpExt:TWRecycled"),
      timeWaitOverflows: more("TcpExt:TCPTimeWaitOverflow"),
      listenOverflows: more("TcpExt:ListenOverflows"),
      listenDrops: more("TcpExt:ListenDrops"),
      resets: more("Tcp:EstabResets"),
      accountedRatio: this.#place.isWhole && created > 0 ? found / created : null,
    };
  }
}

function noteText(note: Note): string {
  switch (note.code) {
    case "sock-diag":
      return sayOnWatch("note-sock-diag", note);
    case "foreign":
      return sayOnWatch("note-foreign", note);
    case "not-entered":
      return sayOnWatch("note-not-entered", note);
    case "no-forecast":
      return sayOnWatch("note-no-forecast");
  }
}

function watched(
  link: SeenLink,
  seen: Seen,
  {
    limit,
    since,
    leakPerSec,
    owner,
  }: { limit: number | null; since: Since | null; leakPerSec: number; owner: Owner | null },
): WatchedLink {
  const { inodes: _inodes, closedAgo, ...rest } = link;
  const recent = recentRate(closedAgo);
  const ports =
    link.side === "client" && link.portsHeld !== null && limit !== null
      ? ahead(link, seen, { held: link.portsHeld, limit, since, leakPerSec, recent })
      : null;
  // What tcp_max_tw_buckets refused was closed here too, and holds no port.
  const isAtLeast = since !== null && (isMissing(since) || since.timeWaitOverflows > 0);
  return { ...rest, closesPerSec: minuteRate(closedAgo), recentClosesPerSec: recent, isAtLeast, ports, owner };
}

function ahead(
  { closedAgo, local, peer }: SeenLink,
  { sysctls }: Seen,
  {
    held,
    limit,
    since,
    leakPerSec,
    recent,
  }: { held: number; limit: number; since: Since | null; leakPerSec: number; recent: number | null },
): PortsAhead {
  const buckets = Number(sysctls["net.ipv4.tcp_max_tw_buckets"] ?? Infinity);
  const keptMs = keepsPortMs(sysctls, { local, peer });
  const use = { held, closedAgo, perSec: recent, keptMs, buckets, leakPerSec };
  // The first reading does not know yet what was taken over.
  const isLow = since === null ? keptMs < TIME_WAIT_MS : isMissing(since);
  const until = (ports: number): Until => {
    const told = timeUntil(ports, use);
    return told === "never" && isLow ? null : told;
  };
  return { used: held, limit, slowInMs: until(limit / 2), emptyInMs: until(limit) };
}

/** The table does not hold every TIME_WAIT that was created: what is counted in it is the least. */
function isMissing({ recycled, accountedRatio }: Since): boolean {
  return recycled > 0 || (accountedRatio !== null && accountedRatio < ACCOUNTED);
}

/** CLOSE_WAIT that has not fallen since, a second. */
function leak(
  growth: Map<string, Growth>,
  before: Growth | undefined,
  { key, count, nowMs }: { key: string; count: number; nowMs: number },
): number {
  const one =
    before === undefined || count < before.last
      ? { sinceMs: nowMs, first: count, last: count }
      : { ...before, last: count };
  growth.set(key, one);
  const ms = nowMs - one.sinceMs;
  return ms < GROWTH_MS ? 0 : ((one.last - one.first) * 1000) / ms;
}

function closedWithin(closedAgo: readonly number[], ms: number): number {
  const seconds = ms / 1000;
  return closedAgo.slice(0, 60).reduce((sum, count, age) => sum + count * Math.min(1, Math.max(0, seconds - age)), 0);
}
