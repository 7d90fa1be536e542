import type { LoadColumns } from "../../src/result/types.js";
import { type CpuNow, cpuLeft, cpuSum } from "./cpu-now.js";
import { type Ratios, ratiosOf } from "./ratios.js";
import { MODES, type Mode } from "./types.js";

/**
 * What live views take from a run. Runs that follow each other differ by more than that, so that a view is switched on and off
 * while one load runs: a pair is four windows, on off off on or the reverse, so that what grows or falls evenly cancels out.
 */
export interface ViewRows {
  /** Over the minute before: it may have been measured at another time than the rest. */
  loadBefore: number;
  rows: ViewRow[];
}

export interface ViewRow {
  view: View;
  mode: Mode;
  pairs: number;
  /** With the view, over without. */
  figures: Record<keyof Shown, Ratios>;
  /** The same with nothing switched on. */
  control: Record<keyof Shown, Ratios>;
}

export const VIEWS = ["--live", "--ui"] as const;
export type View = (typeof VIEWS)[number];
/** What is switched. */
export type Way = View | "none";
export const WAYS: readonly Way[] = ["none", ...VIEWS];

/** Of a pair: with the view, over without. `cpu`: what is left of the CPU time to what is measured. */
export type Shown = Record<"perSec" | "p50" | "p99" | "cpu", number>;
type Window = Omit<Shown, "cpu">;
export type Pairs = Record<Way, Record<Mode, Shown[]>>;

const WARM_UP_MS = 1_000;
/** After a switch, before a window: a switch comes with the load's next progress. */
const SETTLE_MS = 400;
const WINDOW_MS = 500;
const PERIOD_MS = SETTLE_MS + WINDOW_MS;
const PERIODS = [true, false, false, true, false, true, true, false];
const PERIODS_A_PAIR = PERIODS.length / 2;

/** How long a load lasts that has so many pairs. */
export function durationMsOf(pairs: number): number {
  return WARM_UP_MS + pairs * PERIODS_A_PAIR * PERIOD_MS;
}

/** Whether the view is on so long after the load began. */
export function isOnAt(elapsedMs: number): boolean {
  return elapsedMs >= WARM_UP_MS && PERIODS[periodAt(elapsedMs) % PERIODS.length]!;
}

/** Which window, of those that follow on each other; negative before the first. */
export function periodAt(elapsedMs: number): number {
  return Math.floor((elapsedMs - WARM_UP_MS) / PERIOD_MS);
}

/**
 * By the rows of a load that lie wholly in a window, and the CPU time of each of its periods. @throws when there is none
 */
export function pairsOf(columns: LoadColumns, cpu: readonly CpuNow[], pairs: number): Shown[] {
  const windows = Array.from({ length: pairs * PERIODS_A_PAIR }, (_, period): Window => {
    const fromMs = WARM_UP_MS + period * PERIOD_MS + SETTLE_MS;
    const rows = columns.atMs.flatMap((atMs, row) =>
      (columns.atMs[row - 1] ?? 0) >= fromMs && atMs <= fromMs + WINDOW_MS ? [row] : [],
    );
    // A row in which nothing succeeded has no latency.
    const mean = (column: (number | null)[]): number => {
      const known = rows.flatMap((row) => column[row] ?? []);
      return known.reduce((sum, one) => sum + one, 0) / known.length;
    };
    const shown = { perSec: mean(columns.perSec), p50: mean(columns.p50Us), p99: mean(columns.p99Us) };
    if (Object.values(shown).some((figure) => !(figure > 0)))
      throw new Error(`between ${fromMs} ms and ${fromMs + WINDOW_MS} ms the load made no request`);
    return shown;
  });
  return Array.from({ length: pairs }, (_none, pair): Shown => {
    const first = pair * PERIODS_A_PAIR;
    const those = <T>(all: readonly T[], on: boolean): T[] =>
      all.slice(first, first + PERIODS_A_PAIR).filter((_, at) => PERIODS[(first + at) % PERIODS.length] === on);
    const sum = (figure: keyof Window, on: boolean): number =>
      those(windows, on).reduce((total, window) => total + window[figure], 0);
    const ratio = (figure: keyof Window): number => sum(figure, true) / sum(figure, false);
    const left = cpuLeft(cpuSum(those(cpu, true)), cpuSum(those(cpu, false)));
    return { perSec: ratio("perSec"), p50: ratio("p50"), p99: ratio("p99"), cpu: left };
  });
}

/** Of those views and modes that have pairs. */
export function rowsOf(pairs: Pairs): ViewRow[] {
  const ratios = (way: Way, mode: Mode): ViewRow["control"] => {
    const of = (figure: keyof Shown): Ratios => ratiosOf(pairs[way][mode].map((pair) => pair[figure]));
    return { perSec: of("perSec"), p50: of("p50"), p99: of("p99"), cpu: of("cpu") };
  };
  return MODES.flatMap((mode) =>
    VIEWS.filter((view) => pairs[view][mode].length > 0 && pairs.none[mode].length > 0).map((view) => ({
      view,
      mode,
      pairs: pairs[view][mode].length,
      figures: ratios(view, mode),
      control: ratios("none", mode),
    })),
  );
}
