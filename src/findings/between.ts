import type { Around, Hop } from "./hops.js";
import type { Load } from "./loads.js";
import { largest, hostsOf } from "./overflows.js";
import { isShared } from "./hops.js";
import { fact, type Sighting } from "./sighting.js";

const STAYS = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";

/** What a NAT leaves room for: the server sees every client as one address. */
export function natCap({ step, links }: Load, { timeWait }: Hop, { variant }: Around): Sighting[] {
  const { topology, nat } = variant.lab;
  const range = nat?.ports ?? null;
  if (topology !== "nat" || range === null) return [];
  const { created = 0, peak = 0 } = timeWait?.to ?? {};
  const ports = { ...range, pairs: 1, size: range.high - range.low + 1 };
  const figures = { end: "to", by: "nat-ports", created, peak, limit: null, ports, perSec: null, recycled: 0 } as const;
  return [fact("cap", { step, link: { from: "nat", to: links[0]?.to ?? "server" } }, figures)];
}

/** What netfilter tracked on each host. An entry's TIME_WAIT is not a socket's. */
export function tracked(around: Around): Sighting[] {
  return hostsOf(around.trial, isShared(around)).flatMap(({ name, kernel, columns }) => {
    const { atMs = [], conntrack, conntrackTimeWait = [] } = columns?.table ?? {};
    if (conntrack === undefined) return [];
    const known = conntrackTimeWait.filter((entries) => entries !== null);
    const seconds = kernel?.sysctls[STAYS];
    const figures = {
      host: isShared(around) ? "client" : name,
      tracked: largest(conntrack),
      // A warm-up's: its sockets are taken away, what a bystander remembers of them is not.
      before: (atMs[0] ?? 0) < 0 ? (conntrack[0] ?? 0) : 0,
      inTimeWait: known.length === 0 ? null : largest(known),
      seconds: seconds === undefined ? null : Number(seconds),
    };
    return [fact("tracked", { step: null, link: null }, figures)];
  });
}

/** Hosts that hold TIME_WAIT of their own, for connections that are not the load's, where no link of theirs tells it. */
export function beside({ links }: Load, { trial }: Around): Sighting[] {
  if (links.length > 0) return [];
  const peaks = Object.entries(trial.timeline.others ?? {})
    .map(([name, { time_wait }]) => [name, largest(time_wait)] as const)
    .filter(([, peak]) => peak > 0);
  if (peaks.length === 0) return [];
  return [fact("beside", { step: null, link: null }, { peaks: Object.fromEntries(peaks) })];
}
