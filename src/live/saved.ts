import type { Happening } from "../events/types.js";
import type { Environment, HostTimeline, KernelReading, Trial } from "../result/types.js";
import { type LinkEnd, type SampleMessage, TCP_STATES, type TcpState } from "../sampler/types.js";
import { type Role, ROLES, type Variant } from "../scenario/types.js";
import { comesFromTable, type EndsOf, endsIn, type SavedColumns } from "./saved-ends.js";

/** Columns of a document → what was told when they were measured. */

/** Things that happened one after the other: when, since the load began, and what. */
export interface Moments {
  atMs: readonly number[];
  happening(index: number): Happening;
}

/** A host, as far as a document knows it. */
export interface SavedHost {
  host: string;
  /** No document has them: the name takes their place. */
  addresses: string[];
  roles: Role[];
  sysctls: Record<string, string> | null;
  columns: SavedColumns[];
  endsOf: EndsOf;
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
