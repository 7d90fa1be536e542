import { misleadsGauge } from "../links/lasting.js";
import { hopsOf } from "./links.js";
import { type LinkEnd, type TableSample, TCP_STATES, type TcpState } from "../sampler/types.js";
import { allPhases } from "../scenario/phases/types.js";
import type { Role, Variant } from "../scenario/types.js";
import { hostOf, type HostMeasurement, type Measurement, otherHosts } from "./measurement.js";
import { gauges, isReadFromTables, tables } from "./time-wait.js";
import type { ConntrackColumns, EndColumns, HostTimeline, StateColumns, Timeline } from "./types.js";

type Since = (atMs: number) => number;
type InState = (sample: TableSample, state: TcpState) => number;

/** The samples as columns, on the clock that starts with the load. */
export function timelineOf(measurement: Measurement): Timeline {
  const since: Since = (atMs) => Math.round((atMs - measurement.report.startedAtMs) * 10) / 10;
  const others = otherHosts(measurement).flatMap(([name, host]) => {
    const timeline = otherTimeline(host, since);
    return timeline === null ? [] : [[name, timeline] as const];
  });
  return {
    client: hostTimeline(measurement, "client", since),
    server: hostTimeline(measurement, "server", since),
    ...(others.length === 0 ? {} : { others: Object.fromEntries(others) }),
    load: measurement.report.timeline,
  };
}

function hostTimeline(measurement: Measurement, role: Role, since: Since): HostTimeline | null {
  if (gauges(measurement, role).length === 0) return null;
  if (!makesLoad(measurement.variant)) return ofSteps(measurement, role, since);
  const table = tableColumns(tables(measurement, role), ({ sides }, state) => sides[role][state], since);
  if (measurement.shared || isOneOfSeveral(measurement, role) || isReadFromTables(measurement, role))
    return ofTable(table);
  return { ...gaugeColumns(hostOf(measurement, role), since), table };
}

/** Without a load there is no port that tells the sides apart: a side is all of its host, or on one host all ends of its kind. */
function ofSteps(measurement: Measurement, role: Role, since: Since): HostTimeline | null {
  if (!measurement.shared) return otherTimeline(hostOf(measurement, role), since);
  const kind = role === "client" ? "from" : "to";
  const ofRole: InState = ({ ends }, state) =>
    totalIn(
      ends.filter(({ end }) => end === kind),
      state,
    );
  return ofTable(tableColumns(tables(measurement, role), ofRole, since));
}

function makesLoad({ phases }: Variant): boolean {
  return phases.length === 0 || allPhases(phases).some((step) => step.do === "load");
}

/** The gauge holds both sides of a shared host, all links of any, and what stays in FIN_WAIT2; only the table tells them apart. */
function ofTable(table: HostTimeline["table"]): HostTimeline {
  const { atMs, time_wait, established, costUs } = table;
  return { atMs, time_wait, established, costUs, table };
}

/** Whether the load's own connections, which end on this host, are not its only ones. */
function isOneOfSeveral(measurement: Measurement, role: Role): boolean {
  return measurement.target.host === measurement.roles.server && !hopsOf(measurement).alone[role];
}

/** Of a host that may be at both ends of the run's connections, or have a service of its own. */
function otherTimeline(host: HostMeasurement, since: Since): HostTimeline | null {
  if (!host.samples.some(({ kind }) => kind === "gauge")) return null;
  const tableSamples = host.samples.filter((sample) => sample.kind === "table");
  const made = tableSamples.map(({ ends }) => ends.filter(({ end }) => end === "from"));
  const accepted = tableSamples.map(({ ends }) => ends.filter(({ end }) => end === "to"));
  const byEnd: EndColumns = {
    time_wait_accepted: accepted.map((ends) => totalIn(ends, "time_wait")),
    time_wait_made: made.map((ends) => totalIn(ends, "time_wait")),
  };
  const table = { ...tableColumns(tableSamples, ({ ends }, state) => totalIn(ends, state), since), ...byEnd };
  const gauge = gaugeColumns(host, since);
  const most = gauge.time_wait.reduce((a, b) => Math.max(a, b), 0);
  return misleadsGauge(table.fin_wait2, most) ? ofTable(table) : { ...gauge, table };
}

/** Sockets in one state, over all of these ends. */
function totalIn(ends: readonly LinkEnd[], state: TcpState): number {
  return ends.reduce((sum, { states }) => sum + (states[state] ?? 0), 0);
}

function gaugeColumns(
  { before, calibration, samples: all }: HostMeasurement,
  since: Since,
): Omit<HostTimeline, "table"> {
  const samples = all.filter((sample) => sample.kind === "gauge");
  const created = before.counters?.["TcpExt:TW"] ?? 0;
  // What the calibration could not take away again is no socket of the run.
  const left = calibration?.left ?? 0;
  return {
    atMs: samples.map((sample) => since(sample.atMs)),
    time_wait: samples.map((sample) => Math.max(0, sample.timeWait - left)),
    established: samples.map((sample) => sample.established),
    time_wait_created: samples.map(({ timeWaitCreated }) =>
      timeWaitCreated === null ? null : timeWaitCreated - created,
    ),
    costUs: samples.map((sample) => sample.costUs),
  };
}

function tableColumns(samples: TableSample[], inState: InState, since: Since): HostTimeline["table"] {
  return {
    atMs: samples.map((sample) => since(sample.atMs)),
    costUs: samples.map((sample) => sample.costUs),
    ...(samples[0] === undefined ? {} : { source: samples[0].source }),
    ...(Object.fromEntries(
      TCP_STATES.map((state) => [state, samples.map((sample) => inState(sample, state))]),
    ) as StateColumns),
    ...conntrackColumns(samples),
  };
}

/** None where nothing was ever tracked: that the kernel could is no sign that anything asks it to. */
function conntrackColumns(samples: TableSample[]): ConntrackColumns {
  if (!samples.some(({ conntrack }) => (conntrack?.count ?? 0) > 0)) return {};
  // Its module may be loaded while the samples are taken: until then nothing was tracked.
  const readings = samples.map(({ conntrack }) => conntrack ?? { count: 0, timeWait: 0, costUs: 0 });
  return {
    conntrack: readings.map(({ count }) => count),
    conntrackTimeWait: readings.map(({ timeWait }) => timeWait),
    conntrackCostUs: readings.map(({ costUs }) => costUs),
  };
}
