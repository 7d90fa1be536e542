import { BUSY, type Noise, QUIET, SHARED } from "./simulated.js";
import { bootstrapCoverage, coverage, SCATTERS, shareOf, toldWorse } from "./trials.js";

export interface Effort {
  /** Simulated comparisons for each figure. */
  comparisons: number;
  /** Simulated intervals for each figure. */
  intervals: number;
}

const LONG: Effort = { comparisons: 1_000, intervals: 40_000 };
const PAIRS = [5, 6, 8, 10, 15, 20];
const MACHINES: readonly (readonly [string, Noise])[] = [
  ["quiet", QUIET],
  ["shared", SHARED],
  ["busy", BUSY],
];

/** One table after another, each as soon as it is computed. */
export function* tables(effort = LONG): Generator<string> {
  yield coverageTable(effort);
  yield alarmTable(effort);
  yield powerTable(effort);
}

function coverageTable({ intervals }: Effort): string {
  const rows = Object.entries(SCATTERS).flatMap(([name, scatter]) => [
    [name, ...PAIRS.map((pairs) => percent(coverage(pairs, scatter, intervals), 1))],
    // What it would be with the method that comes to mind first; a tenth of the intervals, for each costs 400.
    [
      `${name}, bootstrap`,
      ...PAIRS.map((pairs) => percent(bootstrapCoverage(pairs, scatter, Math.ceil(intervals / 10)), 1)),
    ],
  ]);
  return table(
    `How often the 95 % interval covers the truth, of ${intervals} simulated`,
    ["scatter", ...PAIRS.map(asPairs)],
    rows,
  );
}

function alarmTable({ comparisons }: Effort): string {
  const rows = MACHINES.map(([name, noise]) => [
    describe(name, noise),
    ...PAIRS.map((pairs) =>
      percent(
        shareOf(comparisons, (seed) => toldWorse({ pairs, noise, slowdown: 1, seed })),
        1,
      ),
    ),
  ]);
  const title = `How often a thing is told worse than itself, of ${comparisons} simulated comparisons of two variants`;
  return table(title, ["machine", ...PAIRS.map(asPairs)], rows);
}

function powerTable({ comparisons }: Effort): string {
  const rows = [1.1, 1.2, 1.5].flatMap((slowdown) =>
    MACHINES.map(([name, noise]) =>
      [`${percent(slowdown - 1, 0)} slower, ${name}`].concat(
        PAIRS.map((pairs) =>
          percent(
            shareOf(comparisons, (seed) => toldWorse({ pairs, noise, slowdown, seed })),
            0,
          ),
        ),
      ),
    ),
  );
  return table(`How often a real slowdown is found, of ${comparisons}`, ["slowdown", ...PAIRS.map(asPairs)], rows);
}

function describe(name: string, { trial, drift, disturbed }: Noise): string {
  return `${name}: trials scatter by ${percent(trial, 1)}, drift by ${percent(drift, 1)}, ${percent(disturbed, 0)} disturbed`;
}

function asPairs(pairs: number): string {
  return `${pairs} pairs`;
}

function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}

export function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = heads.map((_, i) => (i === 0 ? "---" : "---:"));
  return [`**${title}**`, "", line(heads), line(rule), ...rows.map(line), ""].join("\n");
}
