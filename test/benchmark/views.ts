import { type Ratios, ratiosOf } from "./ratios.js";
import { MODES, type Mode } from "./types.js";

/**
 * What live views take from a run. The whole program runs as users start it, in a terminal: without a view, with each of them,
 * and once more without, which is the control. Such a round gives a pair for each view.
 */
export interface ViewRows {
  seconds: number;
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
  /** Without, over without. */
  control: Record<keyof Shown, Ratios>;
}

export const VIEWS = ["--live", "--ui"] as const;
export type View = (typeof VIEWS)[number];
export type Way = View | "none" | "control";

/** What a run says of one variant. */
export type Shown = Record<"perSec" | "p50" | "p99", number>;
export type Round = Record<Way, Record<Mode, Shown>>;

export function rowsOf(rounds: readonly Round[]): ViewRow[] {
  const ratios = (way: Way, mode: Mode): ViewRow["control"] => {
    const of = (figure: keyof Shown): Ratios =>
      ratiosOf(rounds.map((round) => round[way][mode][figure] / round.none[mode][figure]));
    return { perSec: of("perSec"), p50: of("p50"), p99: of("p99") };
  };
  return MODES.flatMap((mode) =>
    VIEWS.map((view) => ({
      view,
      mode,
      pairs: rounds.length,
      figures: ratios(view, mode),
      control: ratios("control", mode),
    })),
  );
}

export function lineOf(view: View, rounds: readonly Round[]): string {
  const rows = rowsOf(rounds).filter((row) => row.view === view);
  return `${view} ${rows.map(({ mode, figures }) => `${mode} ${figures.perSec.medianRatio.toFixed(3)}`).join(", ")}`;
}
