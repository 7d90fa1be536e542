import { noLoad } from "../client/books/no-load.js";
import { findingsOf } from "../findings/findings.js";
import { record, newResult } from "../result/record.js";
import type { HostMeasurement, Measurement } from "../result/measurement.js";
import { countedByKernel } from "../result/program.js";
import { timelineOf } from "../result/timeline.js";
import { medianOf } from "../result/median.js";
import type { Claims } from "../client/tools/types.js";
import type { Environment, RunResult, Trial } from "../result/types.js";
import type { LinkEnd, SampleMessage, TableSample, TcpState } from "../sampler/types.js";
import { TCP_STATES } from "../sampler/types.js";
import { parseScenario } from "../scenario/parse.js";
import type { Role, Scenario } from "../scenario/types.js";
import type { HostRecord, Kept } from "../watch/types.js";

export interface About {
  /** In a few words. */
  what: string;
  isComplete: boolean;
  /** What load generators on them say, all together. */
  claims?: Claims;
  /** Of the machine that watched; absent: this one. */
  environment?: Environment;
  /** The scenario that was handed over; absent: one is made. */
  scenario?: Scenario;
}

const VARIANT = "watched";

/**
 * Namespaces that were watched → one result, a host each, by the same reckoning as that of a lab: links where both ends
 * were watched are held against both kernels. Nobody knows of requests there.
 */
export function resultOfHosts(records: readonly HostRecord[], about: About): RunResult {
  const scenario = about.scenario ?? scenarioOf(records, about.what);
  const measurement = countedByKernel(measurementOf(records, scenario, about));
  const result = newResult(scenario, "watched");
  Object.assign(result.environment, about.environment ?? {});
  record(result, measurement, 1);
  const entry = result.variants[scenario.variants[0]!.name]!;
  const [trial] = entry.trials;
  const tables = ofAllHosts(measurement);
  Object.assign(trial!, figuresOfAll(trial!, records, tables));
  trial!.timeline = timelineOf(withTables(measurement, tables));
  entry.median = medianOf(entry.trials);
  result.findings = findingsOf(result);
  const { startedAt } = records.reduce((first, one) => (one.startedAt < first.startedAt ? one : first));
  const elapsedMs = Math.round(measurement.report.endedAtMs - measurement.report.startedAtMs);
  return { ...result, status: about.isComplete ? "complete" : "interrupted", startedAt, elapsedMs };
}

function scenarioOf(records: readonly HostRecord[], what: string): Scenario {
  const { port, most } = mainLink(records);
  const seconds = Math.max(1, Math.round(lengthMs(records[0]!) / 1000));
  const file = {
    title: `Watched: ${what}`,
    server: { kind: "external", url: `http://127.0.0.1:${port}` },
    load: { client: "command", command: what, connections: Math.max(1, most), duration: `${seconds}s` },
    variants: { [VARIANT]: {} },
  };
  return parseScenario(JSON.stringify(file), { name: "watch", file: "watch" });
}

function measurementOf(
  records: readonly HostRecord[],
  { variants: [variant] }: Scenario,
  { what, isComplete, claims = null }: { what: string; isComplete: boolean; claims?: Claims | null },
): Measurement {
  const zeroAt = Math.min(...records.map(({ startedAt }) => Date.parse(startedAt)));
  const hosts = Object.fromEntries(records.map((one) => [one.name, hostOf(one, Date.parse(one.startedAt) - zeroAt)]));
  const main = mainLink(records);
  const endedAtMs = Math.max(...Object.values(hosts).map(({ after }) => after.atMs));
  // What a host reaches at an address of its own, as on loopback, it reaches at itself.
  const candidates = [records.find(({ name }) => name === main.host)!, ...records];
  const accepting = candidates.find(({ kept }) => kept[0]!.addresses.includes(main.remote))?.name;
  const program = {
    command: what,
    exitCode: 0,
    signal: null,
    stopped: null,
    output: "",
    cut: false,
    claims,
    unreadable: null,
  };
  return {
    variant: variant!,
    order: 0,
    status: isComplete ? "complete" : "interrupted",
    isolation: "namespace",
    hosts,
    // Where nobody watched the server, the host itself stands for it: another one would look as if it had accepted.
    roles: { client: main.host, server: accepting ?? main.host },
    target: { host: accepting ?? main.remote, port: main.port },
    shared: false,
    clientName: what,
    serverName: `${main.remote}:${main.port}`,
    report: {
      ...noLoad(0, endedAtMs),
      clientName: what,
      program,
    },
    samplerFaults: [],
    processIds: { client: null, server: null },
    serverCount: null,
    figures: {},
  };
}

/** On one clock for all: milliseconds since the first reading of any. */
function hostOf({ kept, everyMs }: HostRecord, offsetMs: number): HostMeasurement {
  const beganMs = kept[0]!.snapshot.atMs;
  const shifted = kept.map(({ snapshot, ...rest }) => {
    const atMs = snapshot.atMs - beganMs + offsetMs;
    return { ...rest, snapshot: { ...snapshot, atMs } };
  });
  return {
    addresses: kept[0]!.addresses,
    before: shifted[0]!.snapshot,
    after: { ...shifted.at(-1)!.snapshot, ends: bornSinceFirst(kept) },
    samples: shifted.flatMap(samplesOf),
    sampling: { everyMs, tableEveryMs: everyMs },
    sysctls: {},
    calibration: null,
  };
}

/** The last table, with all that entered TIME_WAIT after the first one: each reading tells of those since the one before. */
function bornSinceFirst(kept: readonly Kept[]): LinkEnd[] {
  const keyOf = ({ end, port, local, remote }: LinkEnd): string => `${end} ${port} ${local} ${remote}`;
  const born = new Map<string, number>();
  for (const { snapshot } of kept.slice(1))
    for (const one of snapshot.ends ?? []) born.set(keyOf(one), (born.get(keyOf(one)) ?? 0) + one.timeWaitBorn);
  return (kept.at(-1)!.snapshot.ends ?? []).map((one) =>
    Object.assign({}, one, { timeWaitBorn: born.get(keyOf(one)) ?? 0 }),
  );
}

/**
 * One table for each reading of any host: what all of them showed then. The last of a host stands until a second one after
 * it would have come: the first may be late.
 */
function ofAllHosts({ hosts }: Measurement): TableSample[] {
  const readings = Object.entries(hosts)
    .flatMap(([name, { samples, sampling }]) => {
      const all = samples.filter((sample) => sample.kind === "table");
      const endMs = (all.at(-1)?.atMs ?? 0) + 2 * sampling.tableEveryMs;
      return all.map((table) => ({ name, table, endMs }));
    })
    .toSorted((a, b) => a.table.atMs - b.table.atMs);
  const shown = new Map<string, (typeof readings)[number]>();
  return readings.map((reading): TableSample => {
    shown.set(reading.name, reading);
    for (const [name, { endMs }] of shown) if (endMs < reading.table.atMs) shown.delete(name);
    const sides = [...shown.values()].map(({ table }) => table.sides);
    return Object.assign({}, reading.table, {
      sides: { client: added(sides, "client"), server: added(sides, "server") },
    });
  });
}

function added(sides: readonly TableSample["sides"][], role: Role): Record<TcpState, number> {
  const sum = (state: TcpState): number => sides.reduce((total, of) => total + of[role][state], 0);
  return Object.fromEntries(TCP_STATES.map((state) => [state, sum(state)])) as Record<TcpState, number>;
}

/** What all hosts made is the client's there, and what they accepted the server's. */
function withTables(measurement: Measurement, tables: TableSample[]): Measurement {
  const hosts = { ...measurement.hosts };
  for (const name of new Set(Object.values(measurement.roles))) {
    const host = hosts[name]!;
    hosts[name] = { ...host, samples: [...host.samples.filter(({ kind }) => kind !== "table"), ...tables] };
  }
  return { ...measurement, hosts, shared: true };
}

function samplesOf({ snapshot, source, costMs }: Kept): SampleMessage[] {
  const { atMs, timeWait, counters, ends } = snapshot;
  const costUs = Math.round(costMs * 1000);
  const all = ends ?? [];
  return [
    {
      kind: "gauge",
      atMs,
      costUs,
      lateMs: 0,
      timeWait: timeWait ?? 0,
      established: counters?.["Tcp:CurrEstab"] ?? null,
      timeWaitCreated: counters?.["TcpExt:TW"] ?? null,
    },
    {
      kind: "table",
      atMs,
      costUs,
      source,
      sides: { client: statesOf(all, "from"), server: statesOf(all, "to") },
      ends: all,
    },
  ];
}

function statesOf(ends: readonly LinkEnd[], side: LinkEnd["end"]): Record<TcpState, number> {
  const of = ends.filter(({ end }) => end === side);
  const sum = (state: TcpState): number => of.reduce((total, { states }) => total + (states[state] ?? 0), 0);
  return Object.fromEntries(TCP_STATES.map((state) => [state, sum(state)])) as Record<TcpState, number>;
}

interface MainLink {
  host: string;
  remote: string;
  port: number;
  /** Connections that were open at once, at most. */
  most: number;
}

/** The one with the most sockets that a watched host made; of hosts that make none, of what they accepted. */
function mainLink(records: readonly HostRecord[]): MainLink {
  const links = new Map<string, MainLink & { isMade: boolean; size: number }>();
  for (const { name, kept } of records)
    for (const end of kept.flatMap(({ snapshot }) => snapshot.ends ?? [])) {
      const { remote, port, states } = end;
      const key = `${name} ${end.end} ${remote} ${port}`;
      const { size = 0, most = 0 } = links.get(key) ?? {};
      const all = Object.entries(states).reduce((sum, [state, of]) => sum + (state === "listen" ? 0 : of), 0);
      const open = all - (states.time_wait ?? 0);
      const isMade = end.end === "from";
      links.set(key, { host: name, remote, port, isMade, size: Math.max(size, all), most: Math.max(most, open) });
    }
  const bySize = [...links.values()].toSorted((a, b) => Number(b.isMade) - Number(a.isMade) || b.size - a.size);
  return bySize[0] ?? { host: records[0]!.name, remote: "127.0.0.1", port: 1, most: 0 };
}

function lengthMs({ kept }: HostRecord): number {
  return kept.at(-1)!.snapshot.atMs - kept[0]!.snapshot.atMs;
}

/** TIME_WAIT over all links: at the ends that watched hosts made, and at those that they accepted. */
function figuresOfAll(
  { links }: Trial,
  records: readonly HostRecord[],
  tables: readonly TableSample[],
): Pick<Trial, "timeWait"> {
  const names = records.map(({ name }) => name);
  const created = { client: 0, server: 0 };
  let hasServer = false;
  for (const [from, tos] of Object.entries(links ?? {}))
    for (const { timeWait } of Object.values(tos)) {
      if (names.includes(from)) created.client += timeWait.from.created;
      created.server += timeWait.to?.created ?? 0;
      hasServer ||= timeWait.to !== null;
    }
  const figures = (role: Role) => ({
    created: created[role],
    peak: tables.reduce((most, { sides }) => Math.max(most, sides[role].time_wait), 0),
    end: tables.at(-1)!.sides[role].time_wait,
  });
  return { timeWait: { client: figures("client"), server: hasServer ? figures("server") : null } };
}
