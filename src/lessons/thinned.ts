import type { HostTimeline, KernelReading, LoadColumns, Timeline, Trial } from "../result/types.js";
import { thin } from "../stats/thin.js";

/** As many as a projector shows of a line that is replayed in seconds, and no more than the package has room for. */
const OF_GAUGE = 30;
const OF_LOAD = 30;
const OF_TABLES = 20;

/** Of the settings, those that are shown beside what they limit. */
const SHOWN = ["net.ipv4.tcp_max_tw_buckets"];

/** What a replay of a trial is drawn from, with so few points as can be seen: no peak is lost. Whole milliseconds. */
export function shownOf({ timeline, kernel, steps }: Trial): Pick<Trial, "timeline" | "kernel" | "steps"> {
  return {
    timeline: thinned(timeline),
    ...(steps !== undefined && {
      steps: steps.map(({ beganMs, endedMs, ...step }) =>
        Object.assign(step, { beganMs: Math.round(beganMs), endedMs: rounded(endedMs) }),
      ),
    }),
    kernel: { client: limitsOf(kernel.client), server: limitsOf(kernel.server) },
  };
}

function thinned({ client, server, others, load }: Timeline): Timeline {
  const of = (host: HostTimeline | null): HostTimeline | null => (host === null ? null : thinnedHost(host));
  return {
    client: of(client),
    server: of(server),
    ...(others !== undefined && {
      others: Object.fromEntries(Object.entries(others).map(([name, host]) => [name, thinnedHost(host)])),
    }),
    load: thinnedLoad(load),
  };
}

function thinnedHost(host: HostTimeline): HostTimeline {
  const { atMs, time_wait, established, time_wait_created, table } = host;
  // Where the columns are those of the table, they stay so.
  const isOfTable = atMs.length === table.atMs.length && atMs.every((ms, at) => ms === table.atMs[at]);
  const rows = thin(table.time_wait, OF_TABLES);
  const kept = isOfTable ? rows : thin(time_wait, OF_GAUGE);
  const { source, ...columns } = table;
  return {
    atMs: kept.map((at) => Math.round(atMs[at]!)),
    time_wait: kept.map((at) => time_wait[at]!),
    established: kept.map((at) => established[at] ?? null),
    ...(time_wait_created !== undefined && { time_wait_created: kept.map(() => null) }),
    costUs: kept.map(() => 0),
    table: {
      ...(Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, rows.map((at) => rounded(column[at]!))]),
      ) as unknown as HostTimeline["table"]),
      costUs: rows.map(() => 0),
      ...(source !== undefined && { source }),
    },
  };
}

function thinnedLoad({ atMs, perSec, p50Us, p99Us }: LoadColumns): LoadColumns {
  const kept = thin(perSec, OF_LOAD);
  return {
    atMs: kept.map((at) => Math.round(atMs[at]!)),
    perSec: kept.map((at) => Math.round(perSec[at]!)),
    p50Us: kept.map((at) => rounded(p50Us[at]!)),
    p99Us: kept.map((at) => rounded(p99Us[at]!)),
  };
}

function rounded<Value extends number | null>(value: Value): Value {
  return (value === null ? null : Math.round(value)) as Value;
}

function limitsOf(kernel: KernelReading | null): KernelReading | null {
  if (kernel === null) return null;
  const shown = Object.entries(kernel.sysctls).filter(([name]) => SHOWN.includes(name));
  return { counters: {}, sysctls: Object.fromEntries(shown), localPorts: kernel.localPorts };
}
