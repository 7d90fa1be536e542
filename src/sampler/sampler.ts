import { monotonicMs } from "../kernel/clock.js";
import { Gauge } from "./gauge.js";
import { openTable, type Table } from "./table.js";
import type { SampleMessage } from "./types.js";

/** Samples are handed over together: at 100 readings a second a message for each would cost more than the reading. */
const HAND_OVER_EVERY_MS = 250;
/** Counters are read this often at the most; between them a gauge is the population in TIME_WAIT alone. */
const COUNTERS_EVERY_MS = 50;
/** A table is read at most this share of the time, however large it grows. */
const TABLE_TIME_SHARE = 0.1;

export interface SamplerOptions {
  everyMs: number;
  tableEveryMs: number;
  serverPort: number;
  /** Further ports whose sockets tables count apart; absent for none. */
  otherPorts?: readonly number[];
  /** Gets all of them, in order, some at a time: the last ones before stop() has resolved. */
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
  const { serverPort, otherPorts = [], onSamples, onFault } = options;
  // First, since it may load a library: that takes longer than the gauge may wait.
  const table = await openTable({ serverPort, otherPorts });
  const gauge = new Gauge();
  let gathered: SampleMessage[] = [];
  let handedOverAtMs = -Infinity;
  const handOver = (): void => {
    if (gathered.length > 0) onSamples(gathered);
    gathered = [];
    handedOverAtMs = monotonicMs();
  };
  const onSample = (sample: SampleMessage): void => {
    gathered.push(sample);
    if (monotonicMs() - handedOverAtMs >= HAND_OVER_EVERY_MS) handOver();
  };
  const takeGauge = (plannedMs: number, withCounters: boolean): void => {
    try {
      onSample(sampleGauge(gauge, plannedMs, withCounters));
    } catch (error) {
      onFault((error as Error).message);
    }
  };
  const takeTable = async (): Promise<number> => {
    try {
      const sample = await sampleTable(table);
      onSample(sample);
      return sample.costUs / 1000;
    } catch (error) {
      onFault((error as Error).message);
      return 0;
    }
  };

  let planned = monotonicMs();
  let countersPlanned = planned;
  let gaugeTimer: NodeJS.Timeout;
  const tick = (): void => {
    const withCounters = planned + options.everyMs / 2 >= countersPlanned;
    if (withCounters) countersPlanned = planned + COUNTERS_EVERY_MS;
    takeGauge(planned, withCounters);
    // Ticks that were missed are left out, not made up for: the grid stays, the gap shows.
    const missed = Math.max(0, Math.floor((monotonicMs() - planned) / options.everyMs));
    planned += (missed + 1) * options.everyMs;
    gaugeTimer = setTimeout(tick, Math.max(0, planned - monotonicMs()));
  };
  tick();

  let stopped = false;
  let wake: () => void = () => {};
  const tables = (async () => {
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
      clearTimeout(gaugeTimer);
      wake();
      await tables;
      takeGauge(monotonicMs(), true);
      await takeTable();
      handOver();
      gauge.close();
      table.close();
    },
  };
}

function sampleGauge(gauge: Gauge, plannedMs: number, withCounters: boolean): SampleMessage {
  const began = monotonicMs();
  const reading = gauge.read(withCounters);
  return {
    kind: "gauge",
    atMs: began,
    costUs: Math.round((monotonicMs() - began) * 1000),
    lateMs: Math.max(0, began - plannedMs),
    ...reading,
  };
}

async function sampleTable(table: Table): Promise<SampleMessage & { kind: "table" }> {
  const atMs = monotonicMs();
  const { sides, ports, costMs } = await table.read();
  return { kind: "table", atMs, costUs: Math.round(costMs * 1000), source: table.source, sides, ports };
}
