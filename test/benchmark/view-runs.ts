import { loadavg } from "node:os";
import { join } from "node:path";
import { runScenario } from "../../src/bench.js";
import { Events } from "../../src/events/events.js";
import { loadScenarios } from "../../src/scenario/load.js";
import { type CpuNow, cpuBetween, cpuNow, cpuSum } from "./cpu-now.js";
import { median } from "./ratios.js";
import { root } from "./product.js";
import { MODES, type Mode } from "./types.js";
import { NO_VIEW, switchOf } from "./view-switch.js";
import {
  durationMsOf,
  isOnAt,
  type Pairs,
  pairsOf,
  periodAt,
  rowsOf,
  type Shown,
  type ViewRows,
  type Way,
  WAYS,
} from "./views.js";

export const SCENARIO = "close-vs-keepalive";
/** A load of that many is 19 seconds long. */
const PAIRS_A_RUN = 5;
const NONE: CpuNow = { lookers: 0, all: 0 };

export interface ViewOptions {
  pairs: number;
  signal: AbortSignal;
  tell(line: string): void;
}

export async function measureViews({ pairs, signal, tell }: ViewOptions): Promise<ViewRows> {
  const loadBefore = loadavg()[0]!;
  const measured: Pairs = { none: none(), "--live": none(), "--ui": none() };
  for (let round = 0; round * PAIRS_A_RUN < pairs && !signal.aborted; round++) {
    // There and back: what the machine does slowly by itself is on each side as often.
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
      for (const mode of MODES) {
        if (signal.aborted) break;
        const some = await oneRun(way, mode, Math.min(PAIRS_A_RUN, pairs - round * PAIRS_A_RUN), signal);
        measured[way][mode].push(...some);
        const [perSec, cpu] = (["perSec", "cpu"] as const).map((figure) =>
          median(some.map((one) => one[figure])).toFixed(4),
        );
        tell(`${way === "none" ? "no view" : way}, ${mode}: requests/s ${perSec}, CPU time left ${cpu}`);
      }
    }
  }
  return { loadBefore, rows: rowsOf(measured) };
}

function none(): Record<Mode, Shown[]> {
  return { close: [], "keep-alive": [] };
}

/** The whole run happens as users start it, but in this process, where its view can be switched. */
async function oneRun(way: Way, mode: Mode, pairs: number, signal: AbortSignal): Promise<Shown[]> {
  const cacheFolder = join(root(), "node_modules/.cache");
  const duration = { path: "load.duration", value: `${durationMsOf(pairs)}ms`, option: "--duration" };
  const [scenario] = await loadScenarios([SCENARIO], root(), { only: [mode], overrides: [duration] });
  const view = way === "none" ? NO_VIEW : await switchOf(way);
  try {
    const events = new Events();
    const cpu: CpuNow[] = [];
    let last: { period: number; now: CpuNow } | null = null;
    events.subscribe(view.heard, (event) => {
      if (event.type !== "progress") return;
      const period = periodAt(event.elapsedMs);
      const now = cpuNow();
      if (last?.period === period && period >= 0)
        cpu[period] = cpuSum([cpu[period] ?? NONE, cpuBetween(last.now, now)]);
      last = { period, now };
      view.set(isOnAt(event.elapsedMs));
    });
    const options = { isolation: "namespace", trials: 1, cacheFolder, signal, events: events.ofRun(0) } as const;
    const { variants, error } = await runScenario(scenario!, options);
    await events.settled();
    const trial = variants[mode]?.trials[0];
    if (error !== undefined || trial?.timeline === undefined) throw new Error(error?.message ?? "nothing was measured");
    return pairsOf(trial.timeline.load, cpu, pairs);
  } finally {
    await view.close();
  }
}
