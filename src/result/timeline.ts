import { TCP_STATES } from "../sampler/types.js";
import type { Role } from "../scenario/types.js";
import type { Measurement } from "./measurement.js";
import { gauges, tables } from "./time-wait.js";
import type { HostTimeline, StateColumns, Timeline } from "./types.js";

/** The samples as columns, on the clock that starts with the load. */
export function timelineOf(measurement: Measurement): Timeline {
  return {
    client: hostTimeline(measurement, "client"),
    server: hostTimeline(measurement, "server"),
    load: measurement.report.timeline,
  };
}

function hostTimeline(measurement: Measurement, role: Role): HostTimeline | null {
  const gaugeSamples = gauges(measurement, role);
  if (gaugeSamples.length === 0) return null;
  const tableSamples = tables(measurement, role);
  const since = (atMs: number): number => Math.round((atMs - measurement.report.startedAtMs) * 10) / 10;
  const table = {
    atMs: tableSamples.map((sample) => since(sample.atMs)),
    costUs: tableSamples.map((sample) => sample.costUs),
    ...(tableSamples[0] === undefined ? {} : { source: tableSamples[0].source }),
    ...(Object.fromEntries(
      TCP_STATES.map((state) => [state, tableSamples.map((sample) => sample.sides[role][state])]),
    ) as StateColumns),
  };
  if (measurement.shared)
    // The gauge of a shared host holds both sides; only the table tells them apart.
    return {
      atMs: table.atMs,
      time_wait: table.time_wait,
      established: table.established,
      costUs: table.costUs,
      table,
    };
  // What the calibration could not take away again is no socket of the run.
  const left = measurement.calibration?.[role].left ?? 0;
  const createdBefore = measurement.before[role].counters?.["TcpExt:TW"] ?? 0;
  return {
    atMs: gaugeSamples.map((sample) => since(sample.atMs)),
    time_wait: gaugeSamples.map((sample) => Math.max(0, sample.timeWait - left)),
    established: gaugeSamples.map((sample) => sample.established),
    time_wait_created: gaugeSamples.map(({ timeWaitCreated }) =>
      timeWaitCreated === null ? null : timeWaitCreated - createdBefore,
    ),
    costUs: gaugeSamples.map((sample) => sample.costUs),
    table,
  };
}
