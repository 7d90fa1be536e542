import { namedLinks } from "../links/named.js";
import { metricAt, placesOf } from "../metrics/names.js";
import { METRICS } from "../metrics/table.js";
import { COMPUTED, requestsOf } from "../metrics/computed.js";
import type { ComparedBy, Leaf, MetricUnit } from "../metrics/types.js";
import type { Trial } from "../result/types.js";
import { saysOfMetric } from "../words/comparison.js";

/** A figure that two results are compared by. */
export interface ComparedMetric extends ComparedBy {
  name: string;
  unit: MetricUnit;
  /** null where it was not measured. */
  of(trial: Trial): number | null;
}

/** The kernel tells CPU times in ticks, of which there are a hundred a second on every machine (USER_HZ, proc(5)). */
const TICK_US = 10_000;

/** All that these trials can be compared by: of what comes in kinds (errors), the kinds that came up in any of them. */
export function comparedMetrics(trials: readonly Trial[]): ComparedMetric[] {
  const computed = Object.entries(COMPUTED).map(([path, leaf]) => ({
    path,
    leaf: leaf as Leaf,
    names: {} as Record<string, string>,
  }));
  const order = Object.keys(METRICS);
  const group = ({ path }: { path: string }): number => order.indexOf(path.split(".")[0]!);
  const all = [...computed, ...placesOf(trials)].toSorted((a, b) => group(a) - group(b));
  const own = new Set(
    trials.flatMap(({ links }) => namedLinks(links).slice(0, 1)).map(({ from, to }) => `${from} ${to}`),
  );
  return all.flatMap(({ path, leaf, names }) => {
    const { compared, unit } = leaf;
    // The load's own link is judged as the load's connections and TIME_WAIT.
    if (compared === undefined || own.has(`${names["from"]} ${names["to"]}`)) return [];
    const of = (trial: Trial): number | null => metricAt(trial, path);
    const says = Object.entries(names).reduce(
      (text, [each, name]) => text.replace(`{${each}}`, name),
      saysOfMetric(compared.says),
    );
    const metric = { ...compared, says, name: path, unit, of };
    return [compared.perRequest === true ? perRequest(metric) : metric];
  });
}

function perRequest(metric: ComparedMetric): ComparedMetric {
  const of = (trial: Trial): number | null => {
    const value = metric.of(trial);
    const sent = requestsOf(trial);
    return value === null || sent === null || sent === 0 ? null : value / sent;
  };
  return { ...metric, unit: "perRequest", of };
}

/** The step in which a metric is measured, in its unit; 0 where there is none to speak of. */
export function stepOf({ step }: ComparedMetric, trial: Trial): number {
  if (step === undefined) return 0;
  return step === "microsecond" ? 1 : TICK_US / Math.max(1, requestsOf(trial) ?? 1);
}
