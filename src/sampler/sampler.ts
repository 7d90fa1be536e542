import { monotonicMs } from "../kernel/clock.js";
import { ConntrackWatch, trackedConnections } from "./conntrack.js";
import { Gauge } from "./gauge.js";
import { GaugeThread } from "./gauge-thread.js";
import { sidesOf } from "./socket-counts.js";
import { openTable, type Table } from "./table.js";
import type { GaugeSample, SampleMessage, TableSample } from "./types.js";

/** Samples are handed over together: at 100 readings a second a message for each would cost more than the reading. */
const HAND_OVER_EVERY_MS = 500;
/** A table is read at most this share of the time, however large it grows. */
const TABLE_TIME_SHARE = 0.1;

export interface SamplerOptions {
  everyMs: number;
  tableEveryMs: number;
  /** Tells the roles of the load's own connections apart. */
  serverPort: number;
  /** Gets all of them, each kind in order, some at a time: the last ones before stop() has resolved. */
  onSamples: (samples: SampleMessage[]) => void;
  /** A reading that failed; sampling goes on. */
  onFault: (message: string) => void;
}

export interface Sampler {
  /** Takes a last gauge and table reading, then no more. */
  stop(): Promise<void>;
}

/** Samples this host until stopped: the gauge on a fixed grid of times, the table as often as its cost allows. */
export async function startSampler(options: SamplerOptions): Promise<Sampler> {
  const { serverPort, onSamples, onFault } = options;
  const table = await openTable([serverPort]);
  const conntrack = new ConntrackWatch();
  const thread = await GaugeThread.start(options.everyMs, onFault);
  let tables: SampleMessage[] = [];
  const handOver = (gauges: GaugeSample[]): void => {
    const samples = [...gauges, ...tables];
    tables = [];
    if (samples.length > 0) onSamples(samples);
  };
  const handingOver = setInterval(() => handOver(thread.take()), HAND_OVER_EVERY_MS);
  const takeTable = async (last = false): Promise<number> => {
    try {
      const sample = await sampleTable(table, serverPort, conntrack, last);
      tables.push(sample);
      return sample.costUs / 1000;
    } catch (error) {
      onFault((error as Error).message);
      return 0;
    }
  };

  let stopped = false;
  let wake: () => void = () => {};
  const takingTables = (async () => {
    while (!stopped) {
      const costMs = await takeTable();
      const restMs = Math.max(options.tableEveryMs, costMs / TABLE_TIME_SHARE);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, restMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (stopped) wake();
      });
    }
  })();

  return {
    async stop() {
      stopped = true;
      clearInterval(handingOver);
      wake();
      await takingTables;
      const gauges = thread.stop();
      gauges.push(...lastGauge(onFault));
      await takeTable(true);
      handOver(gauges);
      table.close();
    },
  };
}

/** A whole one, at this moment; none when it failed. */
function lastGauge(onFault: SamplerOptions["onFault"]): GaugeSample[] {
  const gauge = new Gauge();
  const atMs = monotonicMs();
  try {
    const reading = gauge.read();
    return [{ kind: "gauge", atMs, costUs: Math.round((monotonicMs() - atMs) * 1000), lateMs: 0, ...reading }];
  } catch (error) {
    onFault((error as Error).message);
    return [];
  } finally {
    gauge.close();
  }
}

async function sampleTable(
  table: Table,
  serverPort: number,
  conntrack: ConntrackWatch,
  last: boolean,
): Promise<TableSample> {
  const atMs = monotonicMs();
  const tracked = trackedConnections();
  const { ends, costMs } = await table.read();
  const sample = {
    kind: "table",
    atMs,
    costUs: Math.round(costMs * 1000),
    source: table.source,
    sides: sidesOf(ends, serverPort),
    ends,
  } as const;
  return tracked === null ? sample : { ...sample, conntrack: await conntrack.look(tracked, monotonicMs, last) };
}
