import { FEWEST_FOR_MEDIAN_INTERVAL, medianInterval, rangeOf } from "../stats/median-interval.js";
import type { LatencySummary } from "../stats/histogram.js";
import type { Trial } from "../result/types.js";
import type { FigureRow } from "./figures.js";
import { count, decimal, micros, NOTHING, pair, share, span } from "../text/figures.js";
import type { VariantView } from "./view.js";

/** How far the trials of each variant lie apart: what their medians are worth. */
export interface Spread {
  title: string;
  rows: FigureRow[];
}

interface Figure {
  group: string;
  label: string;
  of(trial: Trial): number | null | undefined;
  text(value: number): string;
}

const latency = (group: string, of: (trial: Trial) => LatencySummary | null): Figure[] =>
  (["p50", "p90", "p99", "p999", "max"] as const).map((part) => ({
    group,
    label: part === "p999" ? "p99.9" : part,
    of: (trial) => of(trial)?.[part],
    text: micros,
  }));

/** As in the table of figures, each by itself. */
const FIGURES: readonly Figure[] = [
  { group: "Requests", label: "per second", of: ({ requests }) => requests.perSec, text: decimal },
  { group: "Requests", label: "sent", of: ({ requests }) => requests.sent, text: count },
  { group: "Requests", label: "failed", of: ({ requests }) => requests.failed, text: count },
  ...latency("Latency", ({ latencyUs }) => latencyUs),
  ...latency("Uncorrected", ({ uncorrectedLatencyUs }) => uncorrectedLatencyUs ?? null).filter(
    ({ label }) => label !== "max",
  ),
  { group: "Rate", label: "sent", of: ({ pace }) => pace?.sentPerSec, text: decimal },
  { group: "Rate", label: "unsent", of: ({ pace }) => pace?.unsent, text: count },
  ...latency("Connect", ({ connectUs }) => connectUs).filter(({ label }) => label === "p50" || label === "p99"),
  ...latency("First byte", ({ firstByteUs }) => firstByteUs ?? null).filter(
    ({ label }) => label === "p50" || label === "p99",
  ),
  { group: "Connections", label: "opened", of: ({ connections }) => connections.opened, text: count },
  { group: "Requests per connection", label: "", of: ({ connections }) => connections.requestsPer, text: decimal },
  ...(["server", "client"] as const).flatMap((side) =>
    (["created", "peak", "end"] as const).map((label) => ({
      group: `TIME_WAIT ${side}`,
      label,
      of: ({ timeWait }: Trial) => timeWait?.[side][label],
      text: count,
    })),
  ),
  ...(["server", "client", "reset"] as const).map((label) => ({
    group: "Closed first",
    label,
    of: ({ closedFirst }: Trial) => closedFirst?.[label],
    text: share,
  })),
  ...(["client", "server"] as const).map((label) => ({
    group: "CPU",
    label,
    of: ({ cpu }: Trial) => (cpu[label] === null ? null : cpu[label].userMs + cpu[label].systemMs),
    text: span,
  })),
];

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
    return { group, label, cells: cells.map((cell) => [cell]), differs: cells.some((cell) => cell.includes(" – ")) };
  });
  return {
    title: enough
      ? "95 % interval of each median"
      : `Range of the trials; an interval of the median takes ${FEWEST_FOR_MEDIAN_INTERVAL} (--trials 10)`,
    rows: rows.filter(({ differs }) => differs).map(({ differs: _differs, ...row }) => row),
  };
}
