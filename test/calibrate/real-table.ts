import { type Calibration, CASES, type Fault, type Told } from "./real.js";
import { table } from "./tables.js";

/** What has to be so, in words for whoever reads the table; empty when it is. */
export function shortcomings({ comparisons }: Pick<Calibration, "comparisons">): string[] {
  const of = (fault: Fault): Told[] => comparisons.filter((told) => told.fault === fault);
  const alarms = of("same").filter(({ worse }) => worse.structural.length > 0).length;
  const timingAlarms = of("same").filter(({ worse }) => worse.timing.length > 0).length;
  return [
    ...(alarms > 0 ? [`${alarms} false alarms about connections`] : []),
    ...(timingAlarms > 1 ? [`${timingAlarms} false alarms about timing`] : []),
    ...Object.keys(CASES)
      .filter((fault) => fault !== "same")
      .map((fault) => [fault, of(fault as Fault).filter((told) => !isFound(told)).length] as const)
      .filter(([, missed]) => missed > 0)
      .map(([fault, missed]) => `${missed} times not found: ${CASES[fault as Fault]}`),
  ];
}

/** By what the fault is about: how long answers take, or how many connections there are. */
export function isFound({ fault, worse }: Told): boolean {
  if (fault === "same") return worse.structural.length + worse.timing.length > 0;
  const told = fault === "slow" ? worse.timing : worse.structural;
  const metric = fault === "slow" ? "latencyUs.p50:" : "connections.perRequest:";
  return told.some((reason) => reason.startsWith(metric));
}

export function realTable({ comparisons, effort, machine, startedAt }: Calibration): string {
  const loads = comparisons.map(({ loadAverage }) => loadAverage).toSorted((a, b) => a - b);
  const rows = (Object.keys(CASES) as Fault[]).map((fault) => {
    const told = comparisons.filter((one) => one.fault === fault);
    const count = (is: (one: Told) => boolean): string => String(told.filter(is).length);
    return [
      CASES[fault],
      String(told.length),
      count(({ worse }) => worse.structural.length > 0),
      count(({ worse }) => worse.timing.length > 0),
      fault === "same" ? "–" : count(isFound),
    ];
  });
  const [least, most] = [loads[0] ?? 0, loads.at(-1) ?? 0].map((load) => load.toFixed(1));
  return [
    table(
      `Real runs: ${effort.pairs} pairs of trials of ${effort.duration} each, ${machine.cores} cores, load average ${least} to ${most}`,
      ["head", "comparisons", "told worse: connections", "told worse: timing", "found"],
      rows,
    ),
    `Linux ${machine.kernel}, Node ${machine.node}, ${startedAt.slice(0, 10)}.`,
    "",
  ].join("\n");
}
