import type { Happening } from "../events/types.js";
import { namedLinks } from "../links/named.js";
import type { Environment, HostTimeline, KernelReading, Trial } from "../result/types.js";
import { type LinkEnd, type SampleMessage, TCP_STATES, type TcpState } from "../sampler/types.js";
import { type Role, ROLES, type Variant } from "../scenario/types.js";

/** Columns of a document → what was told when they were measured. */

/** Things that happened one after the other: when, since the load began, and what. */
export interface Moments {
  atMs: readonly number[];
  happening(index: number): Happening;
}

/** Of a role; null for a host of none. */
interface SavedColumns {
  side: Role | null;
  timeline: HostTimeline;
}

/** A host, as far as a document knows it. */
export interface SavedHost {
  host: string;
  /** No document has them: the name takes their place. */
  addresses: string[];
  roles: Role[];
  sysctls: Record<string, string> | null;
  columns: SavedColumns[];
  /** The ends that its table has of one of its columns. */
  endsOf(columns: SavedColumns, states: LinkEnd["states"]): LinkEnd[];
}

export function hostsOf(trial: Trial, plan: Variant, { isolation }: Environment): SavedHost[] {
  const { timeline, kernel, otherKernels } = trial;
  const shared = isolation !== "namespace" || plan.lab.topology === "loopback";
  const columnsOf = (role: Role): SavedHost["columns"] =>
    timeline[role] === null ? [] : [{ side: role, timeline: timeline[role] }];
  const endsOn = endsIn(trial, plan, shared ? nameOfShared(isolation) : null);
  if (shared) {
    const host = nameOfShared(isolation);
    const columns = ROLES.flatMap(columnsOf);
    return [
      {
        host,
        addresses: [host],
        roles: [...ROLES],
        sysctls: settings(kernel.client ?? kernel.server),
        columns,
        endsOf: endsOn(host),
      },
    ];
  }
  const roles = ROLES.map((role): SavedHost => ({
    host: role,
    addresses: [role],
    roles: [role],
    sysctls: settings(kernel[role]),
    columns: columnsOf(role),
    endsOf: endsOn(role),
  }));
  const others = new Set([...Object.keys(timeline.others ?? {}), ...Object.keys(otherKernels ?? {})]);
  return [
    ...roles,
    ...[...others].map((host): SavedHost => {
      const there = timeline.others?.[host];
      const columns = there === undefined ? [] : [{ side: null, timeline: there }];
      const sysctls = settings(otherKernels?.[host] ?? null);
      return { host, addresses: [host], roles: [], sysctls, columns, endsOf: endsOn(host) };
    }),
  ];
}

function nameOfShared(isolation: Environment["isolation"]): string {
  return isolation === "namespace" ? "loopback" : isolation === "none" ? "this machine" : "watched";
}

function settings(kernel: KernelReading | null): Record<string, string> | null {
  if (kernel === null) return null;
  const { sysctls, localPorts } = kernel;
  const range: Record<string, string> =
    localPorts === null ? {} : { "net.ipv4.ip_local_port_range": `${localPorts.low}\t${localPorts.high}` };
  return { ...range, ...sysctls };
}

/**
 * Columns hold all sockets of their host. Where it has links of several kinds, or several pairs of addresses, nobody knows
 * how many each had: they are told without a link. Only those of the load's own link have columns of their own then.
 */
function endsIn(trial: Trial, plan: Variant, shared: string | null): (host: string) => SavedHost["endsOf"] {
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

/** Its readings: of the gauge, where its columns come from that, and of the table. */
export function samplesOf(saved: SavedHost): Moments[] {
  const { host, columns, endsOf } = saved;
  const [first] = columns;
  if (first === undefined) return [];
  const gauge = columns.length === 1 && !comesFromTable(first.timeline) ? [gaugeOf(host, first.timeline)] : [];
  const { table } = first.timeline;
  const tables: Moments = {
    atMs: table.atMs,
    happening: (index) => ({
      type: "sample",
      host,
      sample: {
        kind: "table",
        atMs: table.atMs[index]!,
        costUs: table.costUs[index] ?? 0,
        source: table.source ?? "netlink",
        sides: sidesAt(columns, index),
        ends: columns.flatMap((one) => endsOf(one, statesAt(one.timeline, index))),
        ...trackedAt(first.timeline, index),
      },
    }),
  };
  return [...gauge, tables];
}

/** On a host with several links the columns of a side are those of its table. */
function comesFromTable({ atMs, table, time_wait_created }: HostTimeline): boolean {
  return (
    time_wait_created === undefined && atMs.length === table.atMs.length && atMs.every((ms, i) => ms === table.atMs[i])
  );
}

function gaugeOf(host: string, { atMs, time_wait, established, time_wait_created, costUs }: HostTimeline): Moments {
  return {
    atMs,
    happening(index): Happening {
      const sample: SampleMessage = {
        kind: "gauge",
        atMs: atMs[index]!,
        costUs: costUs[index] ?? 0,
        lateMs: 0,
        timeWait: time_wait[index] ?? 0,
        established: established[index] ?? null,
        timeWaitCreated: time_wait_created?.[index] ?? null,
      };
      return { type: "sample", host, sample };
    },
  };
}

type AllStates = Record<TcpState, number>;

function sidesAt(columns: SavedHost["columns"], index: number): Record<Role, AllStates> {
  const of = (role: Role): AllStates => {
    const timeline = columns.find(({ side }) => side === role)?.timeline;
    return Object.fromEntries(TCP_STATES.map((state) => [state, timeline?.table[state][index] ?? 0])) as AllStates;
  };
  return { client: of("client"), server: of("server") };
}

function statesAt({ table }: HostTimeline, index: number): LinkEnd["states"] {
  return Object.fromEntries(
    TCP_STATES.flatMap((state) => ((table[state][index] ?? 0) > 0 ? [[state, table[state][index]]] : [])),
  );
}

function trackedAt({ table }: HostTimeline, index: number): object {
  if (table.conntrack === undefined) return {};
  const timeWait = table.conntrackTimeWait?.[index] ?? null;
  return { conntrack: { count: table.conntrack[index] ?? 0, timeWait, costUs: table.conntrackCostUs?.[index] ?? 0 } };
}

/** The load, from the word to begin on: a row of its timeline in each progress. */
export function loadOf(trial: Trial, { load: { durationMs } }: Variant): Moments {
  const action = { type: "action", host: null, what: "load", command: null } as const;
  const { atMs, happening: progress } = progressOf(trial, { step: null, durationMs });
  const endMs = Math.max(trial.durationMs, atMs.at(-1) ?? 0);
  return {
    atMs: [0, ...atMs, endMs],
    happening(index): Happening {
      if (index === 0) return { ...action, state: "begun" };
      return index <= atMs.length
        ? progress(index - 1)
        : { ...action, state: "ended", tookMs: trial.durationMs, fault: null };
    },
  };
}

/** How the load went whose columns the document has: the only one, or the last one among steps. */
export function progressOf(
  { requests, errors, connections, timeline }: Trial,
  load: { step: string | null; durationMs: number },
): Moments {
  const { atMs, perSec, p50Us, p99Us } = timeline.load;
  const timeWaitAt = populations(timeline);
  let succeeded = 0;
  return {
    atMs,
    happening(index): Happening {
      const last = index === atMs.length - 1;
      const [elapsedMs, rate] = [atMs[index]!, perSec[index] ?? 0];
      succeeded += (rate * (elapsedMs - (atMs[index - 1] ?? 0))) / 1000;
      return {
        type: "progress",
        ...load,
        elapsedMs,
        succeeded: last ? (requests.succeeded ?? 0) : Math.round(succeeded),
        failed: last ? requests.failed : null,
        noPort: last ? (errors["EADDRNOTAVAIL"] ?? 0) + (errors["EADDRINUSE"] ?? 0) : 0,
        connections: last ? connections.opened : null,
        perSec: rate,
        rows: { atMs: [elapsedMs], perSec: [rate], p50Us: [p50Us[index] ?? null], p99Us: [p99Us[index] ?? null] },
        timeWait: timeWaitAt(elapsedMs),
      };
    },
  };
}

/** The newest population of each side, asked for at times that only grow. */
function populations({ client, server }: Trial["timeline"]): (atMs: number) => Record<Role, number | null> {
  const newest = (columns: HostTimeline | null): ((atMs: number) => number | null) => {
    let next = 0;
    return (atMs) => {
      while (columns !== null && next < columns.atMs.length && columns.atMs[next]! <= atMs) next++;
      return columns?.time_wait[next - 1] ?? null;
    };
  };
  const of = { client: newest(client), server: newest(server) };
  return (atMs) => ({ client: of.client(atMs), server: of.server(atMs) });
}
