import type { Metrics } from "../metrics/table.js";

type Compared = Pick<Metrics, "timeWait" | "requests">;

/** Of several trials the one nearest to their median: by TIME_WAIT first, then by throughput. null of none. */
export function nearest<Trial extends Compared>(trials: readonly Trial[], median: Compared): Trial | null {
  const distance = (trial: Trial): [number, number] => [
    Math.abs(peaks(trial) - peaks(median)),
    Math.abs((trial.requests.perSec ?? 0) - (median.requests.perSec ?? 0)),
  ];
  const byDistance = trials.toSorted((a, b) => {
    const [a1, a2] = distance(a);
    const [b1, b2] = distance(b);
    return a1 - b1 || a2 - b2;
  });
  return byDistance[0] ?? null;
}

function peaks({ timeWait }: Compared): number {
  return timeWait === null ? 0 : timeWait.client.peak + (timeWait.server?.peak ?? 0);
}
