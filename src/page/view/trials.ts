import type { VariantView } from "../../report/view.js";
import { metricAt } from "../../metrics/names.js";
import { SHOWN_ROWS } from "../../metrics/rows.js";
import { TEXTS } from "../../report/figures.js";
import { FEWEST_FOR_MEDIAN_INTERVAL, medianInterval } from "../../stats/median-interval.js";
import { pair } from "../../text/figures.js";
import { say, term } from "../../words/say.js";
import type { DotsView } from "../types.js";
import { countAxis, latencyAxis } from "./axes.js";
import { greatest, least } from "../../stats/thin.js";

/** What is looked at trial by trial, in the order in which it is read. */
const LOOKED_AT = [
  "requests.perSec",
  "latencyUs.p50",
  "latencyUs.p99",
  "timeWait.server.created",
  "timeWait.client.created",
];

const LEAVES = new Map(SHOWN_ROWS.flatMap(({ figures }) => figures.map(({ path, leaf }) => [path, leaf] as const)));

/** Each trial as a dot, and the interval of their median. Figures that are 0 everywhere are left out; so is a single trial. */
export function trialsOf(views: readonly VariantView[], id: string): DotsView[] {
  if (!views.some(({ trials }) => trials.length > 1)) return [];
  return LOOKED_AT.flatMap((path): DotsView[] => {
    const leaf = LEAVES.get(path);
    if (leaf === undefined) return [];
    const rows = views.map(({ name, trials }) => {
      const dots = trials.map((trial) => metricAt(trial, path)).filter((value) => typeof value === "number");
      const interval = dots.length < FEWEST_FOR_MEDIAN_INTERVAL ? null : medianInterval(dots);
      return {
        name,
        dots,
        interval,
        text: rangeText(interval ?? { low: least(dots), high: greatest(dots) }, TEXTS[leaf.unit]),
      };
    });
    const all = rows.flatMap(({ dots }) => dots);
    const most = greatest(all) ?? 0;
    if (most === 0) return [];
    const title = `${term(leaf.title)}${leaf.label === "" ? "" : ` ${term(leaf.label)}`}`;
    const some = rows.some(({ interval }) => interval !== null);
    return [
      {
        id: `${id}-trials-${path.replaceAll(".", "-")}`,
        title,
        sentence: say(some ? "each-trial-median" : "each-trial"),
        axis: leaf.unit === "us" ? latencyAxis(least(all) ?? 1, most) : countAxis(most),
        rows,
      },
    ];
  });
}

function rangeText(
  { low, high }: { low: number | null; high: number | null },
  text: (value: number | null) => string,
): string {
  return text(low) === text(high) ? text(low) : pair(text(low), text(high), " – ");
}
