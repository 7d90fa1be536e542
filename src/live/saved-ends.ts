import { namedLinks } from "../links/named.js";
import type { HostTimeline, Trial } from "../result/types.js";
import type { LinkEnd } from "../sampler/types.js";
import type { Role, Variant } from "../scenario/types.js";

/** On which links the sockets of a saved host were, as far as a document knows it. */

/** Of a role; null for a host of none. */
export interface SavedColumns {
  side: Role | null;
  timeline: HostTimeline;
}

/** The ends that a table has of some columns. */
export type EndsOf = (columns: SavedColumns, states: LinkEnd["states"]) => LinkEnd[];

/**
 * Columns hold all sockets of their host. Where it has links of several kinds, or several pairs of addresses, nobody knows
 * how many each had: they are told without a link. Only those of the load's own link have columns of their own then.
 */
export function endsIn(trial: Trial, plan: Variant, shared: string | null): (host: string) => EndsOf {
  const end = { end: "to", port: 0, local: "", remote: "", timeWaitLeftMs: null, timeWaitBorn: 0 } as const;
  // Results of earlier versions do not have it.
  const several = ((trial.addressPairs as number | undefined) ?? 1) > 1;
  return (host) =>
    ({ side, timeline }, states) => {
      const placed = ({ remote, ...known }: PlacedEnd): LinkEnd => {
        return { ...end, ...known, states, local: shared ?? host, remote: shared ?? remote };
      };
      const unplaced = (which: LinkEnd["states"]): LinkEnd => ({ ...end, states: which });
      if (several) return [unplaced(states)];
      if (side !== null && (trial.links ?? null) === null) return [placed(ownEnd(side, plan))];
      const ends = endsAt(host, side, trial, shared);
      if (ends.length === 1) return [placed(ends[0]!)];
      // Columns that come from the table are those of the load's own link.
      return side !== null && comesFromTable(timeline)
        ? [placed(ownEnd(side, plan)), ...(ends.length > 1 ? [unplaced({})] : [])]
        : [unplaced(states)];
    };
}

type PlacedEnd = Pick<LinkEnd, "end" | "port" | "remote">;

/** Of the load's own connections. */
function ownEnd(side: Role, { lab, server }: Variant): PlacedEnd {
  const proxied = lab.topology === "proxy" ? "proxy" : null;
  const remote = side === "client" ? (proxied ?? "server") : (proxied ?? (lab.topology === "nat" ? "nat" : "client"));
  return { end: side === "client" ? "from" : "to", port: server.port, remote };
}

/** Of the links that had connections. */
function endsAt(host: string, side: Role | null, { links }: Trial, shared: string | null): PlacedEnd[] {
  const here = (one: string, role: Role): boolean => (shared === null ? one === host : side === role);
  const ends: PlacedEnd[] = [];
  for (const { from, to, link } of namedLinks(links)) {
    if (link.opened === 0 && link.timeWait.from.created === 0) continue;
    const [name = to] = to.split(":");
    const { port } = link;
    if (here(from, "client")) ends.push({ end: "from", port, remote: name });
    if (here(name, "server")) ends.push({ end: "to", port, remote: from });
  }
  return ends;
}

/** On a host with several links the columns of a side are those of its table. */
export function comesFromTable({ atMs, table, time_wait_created }: HostTimeline): boolean {
  return (
    time_wait_created === undefined && atMs.length === table.atMs.length && atMs.every((ms, i) => ms === table.atMs[i])
  );
}
