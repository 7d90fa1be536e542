import { monotonicMs } from "./clock.js";
import { readCounters, readTable, readTimeWait } from "./read.js";
import type { SampleMessage } from "./types.js";

/** A table is read at most this share of the time, however large it grows. */
const TABLE_TIME_SHARE = 0.1;

export interface SamplerOptions {
  everyMs: number;
  tableEveryMs: number;
  serverPort: number;
  onSample: (sample: SampleMessage) => void;
  /** A reading that failed; sampling goes on. */
  onFault: (message: string) => void;
}

export interface Sampler {
  /** Takes a last gauge and table reading, then no more. */
  stop(): Promise<void>;
}

/** Samples this host until stopped: the gauge on a fixed grid of times, the table as often as its cost allows. */
export function startSampler(options: SamplerOptions): Sampler {
  const { onSample, onFault } = options;
  const gauge = (plannedMs: number): void => {
    try {
      onSample(sampleGauge(plannedMs));
    } catch (error) {
      onFault(String((error as Error).message));
    }
  };
  const table = async (): Promise<number> => {
    try {
      const sample = await sampleTable(options.serverPort);
      onSample(sample);
      return sample.costUs / 1000;
    } catch (error) {
      onFault(String((error as Error).message));
      return 0;
    }
  };

  let planned = monotonicMs();
  let gaugeTimer: NodeJS.Timeout;
  const tick = (): void => {
    gauge(planned);
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
      const costMs = await table();
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
      gauge(monotonicMs());
      await table();
    },
  };
}

function sampleGauge(plannedMs: number): SampleMessage {
  const began = monotonicMs();
  const timeWait = readTimeWait();
  const counters = readCounters();
  return {
    kind: "gauge",
    atMs: began,
    costUs: Math.round((monotonicMs() - began) * 1000),
    lateMs: Math.max(0, began - plannedMs),
    timeWait,
    established: counters["Tcp:CurrEstab"] ?? 0,
    timeWaitCreated: counters["TcpExt:TW"] ?? 0,
  };
}

async function sampleTable(serverPort: number): Promise<SampleMessage & { kind: "table" }> {
  const atMs = monotonicMs();
  const { sides, costMs } = await readTable(serverPort);
  return { kind: "table", atMs, costUs: Math.round(costMs * 1000), sides };
}
