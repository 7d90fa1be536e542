import { BUSY, type Noise, QUIET, SHARED } from "./simulated.js";
import { FAULTS, type Repeated, SERVICES, structuralVerdict } from "./structural.js";
import { bootstrapCoverage, coverage, SCATTERS, shareOf, toldWorse } from "./trials.js";

export interface Effort {
  /** Simulated comparisons for each figure. */
  comparisons: number;
  /** Simulated intervals for each figure. */
  intervals: number;
}

const LONG: Effort = { comparisons: 1_000, intervals: 40_000 };
const PAIRS = [5, 6, 8, 10, 15, 20];
/** Odd and even: the median of an even number lies between two trials. */
const STRUCTURAL_PAIRS = [2, 3, 4, 5, 6, 9, 10, 20];
const REQUESTS: readonly Repeated["requests"][] = [
  [20, 30],
  [80, 120],
  [1_000, 1_500],
];
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
  yield structuralTable(effort);
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

/** Of services that are held against themselves, and of faults, with few requests a trial and with more. */
function structuralTable({ comparisons }: Effort): string {
  const row = (name: string, of: Pick<Repeated, "base" | "head" | "requests">): string[] => {
    const worse = (trials: number) => (seed: number) => structuralVerdict({ ...of, trials, seed }) === "worse";
    const told = STRUCTURAL_PAIRS.map((trials) => percent(shareOf(comparisons, worse(trials)), 1));
    return [`${name}, ${of.requests.join(" to ")} requests`].concat(told);
  };
  const rows = REQUESTS.flatMap((requests) =>
    Object.entries(SERVICES)
      .map(([name, service]) => row(`itself: ${name}`, { base: service, head: service, requests }))
      .concat(Object.entries(FAULTS).map(([name, [base, head]]) => row(`fault: ${name}`, { base, head, requests }))),
  );
  const title = `How often what connections do is told worse, of ${comparisons} simulated comparisons`;
  return table(title, ["service", ...STRUCTURAL_PAIRS.map(asPairs)], rows);
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
