import { YARDSTICK } from "./programme.js";
import { hardest, kernelShare, median, type Ratios } from "./ratios.js";
import type { SamplingRows } from "./sampling.js";
import { type Comparison, type Goal, type Mode, MODES, type Run } from "./types.js";
import { VIEWS, type ViewRows } from "./views.js";

/** What the client of our own is to reach, each goal held against what was measured: nginx, the same threads. */
export function goalsOf(
  comparisons: readonly Comparison[],
  sampling: SamplingRows | null,
  views: ViewRows | null = null,
): Goal[] {
  const on = (mode: Mode, threads: number): Comparison[] =>
    comparisons.filter((one) => one.server === "nginx" && one.mode === mode && one.threads === threads);
  const yardstick = (mode: Mode, threads: number): Comparison | null =>
    hardest(on(mode, threads).filter(({ peer }) => peer === YARDSTICK));
  const best = hardest(on("close", 1));
  return [
    ratioGoal("connections/s in `close` mode against the best of the peers", 1.05, best),
    ratioGoal(`requests/s in keep-alive mode against ${YARDSTICK}`, 1, yardstick("keep-alive", 1)),
    shareGoal("share of kernel time in the client's CPU time, `close` mode", 0.95, on("close", 1)),
    ratioGoal(`connections/s in \`close\` mode, 2 threads against ${YARDSTICK} -t2`, 1.05, yardstick("close", 2)),
    costGoal("requests/s with sampling at 100 Hz on both hosts, over those without", 0.99, sampling?.load),
    costGoal("the same in `close` mode, with its links", 0.99, sampling?.closing),
    ...VIEWS.flatMap((view) =>
      MODES.map((mode) =>
        costGoal(`requests/s with \`${view}\`, over those without, \`${mode}\` mode`, 0.99, costOf(views, view, mode)),
      ),
    ),
  ];
}

function ratioGoal(name: string, atLeast: number, comparison: Comparison | null): Goal {
  if (comparison === null || comparison.ratios.length === 0) return notMeasured(name, atLeast);
  const { ratios, peer } = comparison;
  return judged(name, atLeast, median(ratios), ratios, `against ${peer}`);
}

/** Of all runs together: one run's split is an estimate, made by looking at the process at each tick of the kernel. */
function shareGoal(name: string, atLeast: number, comparisons: readonly Comparison[]): Goal {
  // One run of ours may stand in several comparisons.
  const ours = [...new Set(comparisons.flatMap(({ pairs }) => pairs.map((pair) => pair.ours)))];
  const share = kernelShare(ours.map(({ cpu }) => cpu));
  if (share === null) return notMeasured(name, atLeast);
  const shares = ours.flatMap(({ cpu }) => kernelShare([cpu]) ?? []);
  const yardsticks = comparisons.filter(({ peer }) => peer === YARDSTICK).flatMap(({ pairs }) => pairs.map(peerOf));
  const theirs = kernelShare(yardsticks.map(({ cpu }) => cpu));
  return judged(name, atLeast, share, shares, theirs === null ? "" : `(${YARDSTICK}: ${percent(theirs)})`);
}

interface Cost extends Ratios {
  pairs: number;
  /** The same with nothing switched on. */
  control: Ratios;
}

function costOf(views: ViewRows | null, view: string, mode: Mode): Cost | undefined {
  const row = views?.rows.find((one) => one.view === view && one.mode === mode);
  return row === undefined ? undefined : { ...row.figures.perSec, pairs: row.pairs, control: row.control.perSec };
}

/** What is left of a load by something that is to cost nothing. */
function costGoal(name: string, atLeast: number, load: Cost | undefined): Goal {
  if (load === undefined) return notMeasured(name, atLeast);
  const { medianRatio, lowerQuartile, upperQuartile, pairs, control } = load;
  return {
    name,
    atLeast,
    measured: medianRatio,
    spread: { min: lowerQuartile, max: upperQuartile, of: pairs },
    remark: `(nothing switched on: ${percent(control.medianRatio)})`,
    met: canTell(load, 1 - atLeast) ? medianRatio >= atLeast : null,
  };
}

/** Of fewer pairs nobody can say how much they differ by chance. */
const LEAST_PAIRS = 5;

/** Not where the machine by itself, with nothing switched on, makes as much of a difference as is looked for. */
function canTell({ pairs, control, ...measured }: Cost, difference: number): boolean {
  const uncertain = (ratios: Ratios): number => (ratios.upperQuartile - ratios.lowerQuartile) / Math.sqrt(pairs);
  const steady = [measured, control].every((ratios) => uncertain(ratios) <= difference);
  return pairs >= LEAST_PAIRS && steady && Math.abs(control.medianRatio - 1) <= difference;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function peerOf({ peer }: { peer: Run }): Run {
  return peer;
}

function judged(name: string, atLeast: number, measured: number, singles: readonly number[], remark: string): Goal {
  const spread = { min: Math.min(...singles), max: Math.max(...singles), of: singles.length };
  return { name, atLeast, measured, spread, remark, met: measured >= atLeast };
}

function notMeasured(name: string, atLeast: number): Goal {
  return { name, atLeast, measured: null, spread: null, remark: "", met: null };
}
