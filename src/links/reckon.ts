import { countsOf } from "./counts.js";
import { type EndSeen, gatherLinks, type LinkSeen } from "./gather.js";
import { withoutAddressOfNat } from "./hidden.js";
import { prevented } from "./prevented.js";
import { inProportion } from "./proportion.js";
import { totalsOf } from "./totals.js";
import { unseenLinks } from "./unseen.js";
import type { HostBooks, HostTotals, HostView, Link, Links, Plan, TimeWaitFigures } from "./types.js";

/** A link while it is being reckoned up. */
interface Account extends LinkSeen {
  opened: number;
  created: { from: number; to: number };
  /** Sockets that would have entered TIME_WAIT, had `tcp_max_tw_buckets` let them. */
  refused: { from: number; to: number };
  /** Whether the kernel counted all of its TIME_WAIT, and nobody else's. */
  counted: boolean;
  /** Whether an end is the only one on its host, so that the host's gauge is its own. */
  single: { from: boolean; to: boolean };
  exact: boolean;
}

export interface Reckoning {
  links: Links;
  hosts: Record<string, HostTotals>;
  /** How many ends of links each host has: the counters of one that has a single end are that end's own. */
  ends: Record<string, number>;
  /** Of hosts with several ends whose counters are ours alone. */
  books: HostBooks[];
}

/** Every link of a lab over one load, and what each host's kernel counted over all of its links. Pure. */
export function linksOf(plan: Plan): Reckoning {
  const seen = gatherLinks(plan);
  const all = [...seen, ...unseenLinks(plan, seen)].map(begin);
  // What entered TIME_WAIT at either end is known before it is told how many connections there were.
  const timeWaits = plan.hosts.map((host) => shareOutTimeWait(host, all));
  const books = plan.hosts.flatMap((host, at) => {
    const timeWait = timeWaits[at] ?? null;
    const opened = shareOutOpened(host, all, plan);
    const several = sharesOf(host, all).length > 1;
    return several && timeWait !== null && opened !== null ? [{ host: host.name, timeWait, opened }] : [];
  });
  const accounts = withoutAddressOfNat(all, plan);
  const links: Links = {};
  if (plan.shared && !accounts[0]!.counted) takenOver(accounts[0]!, plan);
  const notArrived = new Map<HostView, number>();
  for (const account of accounts) {
    const { end, sockets, certain } = prevented(account);
    account.created[end] -= sockets;
    account.exact &&= certain;
    const holder = account.ends[end]?.host;
    if (holder !== undefined) notArrived.set(holder, (notArrived.get(holder) ?? 0) + sockets);
    const from = (links[account.from] ??= {});
    from[labelOf(account, plan)] = close(account, plan);
  }
  const ours = plan.hosts.filter(({ alone }) => alone);
  return {
    links,
    hosts: Object.fromEntries(ours.map((host) => [host.name, totalsOf(host, notArrived.get(host) ?? 0)])),
    books,
    ends: Object.fromEntries(plan.hosts.map((host) => [host.name, sharesOf(host, accounts).length])),
  };
}

function begin(link: LinkSeen): Account {
  const { from, to } = link.ends;
  return {
    ...link,
    opened: 0,
    created: { from: from?.timeWait.created ?? 0, to: to?.timeWait.created ?? 0 },
    refused: { from: 0, to: 0 },
    counted: false,
    single: { from: false, to: false },
    exact: true,
  };
}

/** One end of one link, on the host whose counter it shares. */
interface Share {
  account: Account;
  end: "from" | "to";
}

function sharesOf(host: HostView, accounts: readonly Account[]): Share[] {
  return accounts.flatMap((account) =>
    (["from", "to"] as const).flatMap((end) => (account.ends[end]?.host === host ? [{ account, end }] : [])),
  );
}

/**
 * `TcpExt:TW` counts every socket of the host that entered TIME_WAIT. What the tables do not show of it any more was
 * taken over by a new connection between the same ports, or ended by a RST: on an end that holds the only TIME_WAIT of its
 * host it is all its own; among several it is shared out by what the tables show, and said to be.
 */
function shareOutTimeWait(host: HostView, accounts: readonly Account[]): HostBooks["timeWait"] | null {
  const counters = countsOf(host);
  const shares = sharesOf(host, accounts);
  if (shares.length === 1) shares[0]!.account.single[shares[0]!.end] = true;
  if (counters === null || !host.countsEntries || !host.alone || shares.length === 0) return null;
  for (const { account } of shares) account.counted = true;
  const shown = shares.map(({ account, end }) => account.created[end]);
  const holders = shares.filter((_, at) => shown[at]! > 0);
  const candidates = holders.length > 0 ? holders : shares;
  const divide = (total: number, into: "created" | "refused"): void => {
    const weights = candidates.map(({ account, end }) => account.created[end]);
    for (const [at, part] of inProportion(total, weights).entries()) {
      const { account, end } = candidates[at]!;
      account[into][end] = part;
      if (candidates.length > 1) account.exact = false;
    }
  };
  const counted = counters["TcpExt:TW"] ?? 0;
  const tables = shown.reduce((sum, created) => sum + created, 0);
  const missing = counted - tables;
  const waiting = shares.reduce((sum, { account, end }) => sum + account.ends[end]!.finWait2.after, 0);
  // An orphan in FIN_WAIT2 is counted before it comes to TIME_WAIT.
  const early = missing > 0 && missing <= waiting;
  const refused = counters["TcpExt:TCPTimeWaitOverflow"] ?? 0;
  if (refused > 0) divide(refused, "refused");
  if (missing !== 0 && !early) divide(counted, "created");
  return { tables, kernel: counted };
}

/**
 * `ActiveOpens` less `AttemptFails` is what the host connected, over all of its links. A link on which all connections can
 * be accounted for by how they ended has its own number; what is left over belongs to the one whose other end cannot be
 * seen, or is shared out.
 */
function shareOutOpened(
  host: HostView,
  accounts: readonly Account[],
  { own, shared }: Plan,
): HostBooks["opened"] | null {
  const outgoing = accounts.filter(({ from, ends }) => ends.from?.host === host || from === host.name);
  const counters = host.alone ? countsOf(host) : null;
  const isOwn = (account: Account): boolean => account === accounts[0];
  const others = outgoing.filter((account) => !isOwn(account));
  // What one link alone can have opened is known, whatever became of the connections.
  // A connect() that was given up is in `ActiveOpens`: of a link whose listener is known, that says how many there were.
  const accepted = (account: Account): number | null => account.accepted ?? acceptedOf(account, accounts);
  for (const account of outgoing)
    account.opened = isOwn(account) ? own.opened : (accepted(account) ?? endedOrOpen(account));
  if (counters === null) return null;
  const counted = Math.max(0, (counters["Tcp:ActiveOpens"] ?? 0) - (counters["Tcp:AttemptFails"] ?? 0));
  // The client's own count stands for its link, also where strangers share the machine's counters.
  const rest = counted - outgoing.filter(isOwn).reduce((sum, { opened }) => sum + opened, 0);
  const known = others.reduce((sum, { opened }) => sum + opened, 0);
  // A reset leaves no TIME_WAIT for a table to show; the kernel counts it (net/ipv4/tcp.c, tcp_set_state).
  const reset = Math.max(0, Math.min(rest - known, counters["Tcp:EstabResets"] ?? 0));
  const books = { links: counted - rest + known + reset, kernel: counted };
  if (others.length === 0) {
    if (outgoing.length === 1 && !shared)
      outgoing[0]!.opened = withoutGivenUp(counted, own.opened, outgoing[0]!, accounts);
    return books;
  }
  if (rest === known) return books;
  const unknown = others.filter((account) => accepted(account) === null);
  const hidden = unknown.filter(({ ends }) => ends.to === null);
  const takers = hidden.length > 0 ? hidden : unknown;
  const left = Math.max(0, rest - known + takers.reduce((sum, { opened }) => sum + opened, 0));
  const parts = inProportion(
    left,
    takers.map(({ opened }) => opened),
  );
  for (const [at, account] of takers.entries()) {
    account.opened = parts[at]!;
    if (others.length > 1) account.exact = false;
  }
  return books;
}

/**
 * A connect() that was given up is in `ActiveOpens`, and in no counter of failures (net/ipv4/tcp.c, __tcp_close). No listener
 * accepted it. What a client saw established may not have been accepted either: the last ACK of a handshake is dropped
 * where the listener's queue is full.
 */
function withoutGivenUp(counted: number, seen: number, account: Account, accounts: readonly Account[]): number {
  const accepted = acceptedOf(account, accounts);
  return accepted === null ? counted : Math.min(counted, Math.max(seen, accepted));
}

/**
 * Where both ends are on one host, `tcp_tw_reuse` lets connect() take over what is in TIME_WAIT (its default, 2, does so on
 * loopback), and no table shows that one any more. The client knows which of its connections ended in a reset; the others
 * were closed by whoever holds TIME_WAIT.
 */
function takenOver(own: Account, { own: { reset } }: Plan): void {
  const { created, refused, ends } = own;
  const stillOpen = (ends.from?.open.after ?? 0) - (ends.from?.open.before ?? 0);
  const missing = own.opened - stillOpen - created.from - created.to - refused.from - refused.to - reset;
  if (missing <= 0 || created.from + created.to === 0) return;
  const [from, to] = inProportion(missing, [created.from, created.to]);
  own.created = { from: created.from + from!, to: created.to + to! };
  own.exact = false;
}

/** What the listener's kernel counted, where it has no other link that it accepts from. */
function acceptedOf({ ends: { to } }: Account, accounts: readonly Account[]): number | null {
  const counters = to?.host.alone === true ? countsOf(to.host) : null;
  const alone = accounts.filter(({ ends }) => ends.to?.host === to?.host).length === 1;
  return alone && counters !== null ? (counters["Tcp:PassiveOpens"] ?? 0) : null;
}

/** Connections of this link, by how each ended, and those that are open. */
function endedOrOpen({ created, refused, ends }: Account): number {
  const open = ends.from ?? ends.to;
  return (
    created.from +
    created.to +
    refused.from +
    refused.to +
    Math.max(0, (open?.open.after ?? 0) - (open?.open.before ?? 0))
  );
}

function close({ ends, opened, created, refused, single, port, exact }: Account, plan: Plan): Link {
  const open = (ends.from ?? ends.to)?.open ?? { before: 0, after: 0 };
  const counts = { from: created.from + refused.from, to: created.to + refused.to, reset: 0 };
  const ended = Math.max(counts.from + counts.to, opened + open.before - open.after);
  // What ended, and left TIME_WAIT at no end: reset, or closed by a peer that cannot be seen.
  const rest = ended - counts.from - counts.to;
  if (ends.to === null) counts.to += rest;
  else counts.reset += rest;
  return {
    port,
    opened,
    perRequest: plan.own.sent === null || plan.own.sent === 0 ? null : Number((opened / plan.own.sent).toFixed(4)),
    timeWait: {
      from: timeWaitOf(ends.from, created.from, single.from),
      to: ends.to === null ? null : timeWaitOf(ends.to, created.to, single.to),
    },
    closedFirst: ended === 0 ? null : { from: counts.from / ended, to: counts.to / ended, reset: counts.reset / ended },
    ports: { used: ends.from?.portsUsed ?? 0, limit: ends.from?.host.portLimit ?? null },
    exact: exact && ends.to !== null && ends.from !== null && ends.from.host.alone,
  };
}

function timeWaitOf(seen: EndSeen | null, created: number, single: boolean): TimeWaitFigures {
  if (seen === null) return { created, peak: 0, end: 0 };
  const { host, timeWait, finWait2 } = seen;
  // The gauge is read a hundred times as often as a table, but holds orphans in FIN_WAIT2 too.
  const byGauge = single && host.alone && finWait2.most === 0 ? host.gaugePeak - host.left : 0;
  return { created, peak: Math.max(timeWait.peak, timeWait.end, byGauge), end: timeWait.end };
}

/** `<host>` for the port that it is planned to listen on, `<host>:<port>` for any other. */
function labelOf({ to, port }: LinkSeen, { ports, own }: Plan): string {
  const planned = ports[to]?.[0] ?? (to === own.to ? own.port : undefined);
  return planned === port ? to : `${to.includes(":") ? `[${to}]` : to}:${port}`;
}
