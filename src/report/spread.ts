import { metricAt } from "../metrics/names.js";
import { SHOWN_ROWS } from "../metrics/rows.js";
import { FEWEST_FOR_MEDIAN_INTERVAL, medianInterval, rangeOf } from "../stats/median-interval.js";
import type { Trial } from "../result/types.js";
import { type FigureRow, TEXTS } from "./figures.js";
import { NOTHING, pair } from "../text/figures.js";
import { say, term } from "../words/say.js";
import type { VariantView } from "./view.js";

/** How far the trials of each variant lie apart: what their medians are worth. */
export interface Spread {
  title: string;
  rows: FigureRow[];
}

/** As in the table of figures, each by itself. */
const FIGURES = SHOWN_ROWS.flatMap(({ title, figures }) =>
  figures
    .filter(({ path }) => !path.includes("{"))
    .map(({ path, leaf }) => ({
      group: title,
      label: leaf.label,
      of: (trial: Trial) => metricAt(trial, path),
      text: TEXTS[leaf.unit],
    })),
);

/** null where no variant has more than one trial. What all trials agree on is left out. */
export function spreadOf(views: readonly VariantView[]): Spread | null {
  const numbers = views.map(({ trials }) => trials.length).filter((trials) => trials > 1);
  if (numbers.length === 0) return null;
  const enough = Math.min(...numbers) >= FEWEST_FOR_MEDIAN_INTERVAL;
  const bounds = (values: readonly number[]): { low: number; high: number } =>
    (enough ? medianInterval(values) : null) ?? rangeOf(values);
  const rows = FIGURES.map(({ group, label, of, text }): FigureRow & { differs: boolean } => {
    const cells = views.map(({ trials }) => {
      const values = trials.map(of).filter((value) => typeof value === "number");
      if (trials.length < 2 || values.length < trials.length) return NOTHING;
      const { low, high } = bounds(values);
      return text(low) === text(high) ? text(low) : pair(text(low), text(high), " – ");
    });
    return {
      group: term(group),
      label: term(label),
      cells: cells.map((cell) => [cell]),
      differs: cells.some((cell) => cell.includes(" – ")),
    };
  });
  return {
    title: enough ? say("interval-of-median") : say("range-of-trials", { n: FEWEST_FOR_MEDIAN_INTERVAL }),
    rows: rows.filter(({ differs }) => differs).map(({ differs: _differs, ...row }) => row),
  };
}
