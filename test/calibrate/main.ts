import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { type Calibration, calibrate } from "./real.js";
import { realTable, shortcomings } from "./real-table.js";
import { comparePairs, pairsTable, type ToldOfPair } from "./pairs.js";
import { tables } from "./tables.js";

/**
 * `npm run calibrate`: what the statistics of `bench compare` are worth, simulated and on this machine, as Markdown. Takes
 * some minutes for the simulation, and about a quarter of an hour for the real runs:
 * `npm run calibrate -- --only real --same 30 --each 10 --pairs 8 --duration 400ms --neighbours 1`
 * `--only services --trials 2`: real services, each against itself under several loads.
 */
const { values } = parseArgs({
  options: {
    only: { type: "string", default: "simulated,real" },
    same: { type: "string", default: "30" },
    each: { type: "string", default: "10" },
    pairs: { type: "string", default: "8" },
    duration: { type: "string", default: "400ms" },
    neighbours: { type: "string", default: "1" },
    trials: { type: "string", default: "2" },
    output: { type: "string", default: "results/calibration.json" },
  },
});

if (values.only.includes("simulated")) for (const table of tables()) process.stdout.write(`${table}\n`);
if (values.only.includes("real")) {
  const { same, each, pairs, neighbours } = values;
  const [sameCount, eachCount, pairCount, others] = [same, each, pairs, neighbours].map(Number);
  mkdirSync(dirname(values.output), { recursive: true });
  let last: Calibration | null = null;
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());
  const effort = {
    same: sameCount!,
    each: eachCount!,
    pairs: pairCount!,
    duration: values.duration,
    neighbours: others!,
  };
  for await (const document of calibrate(effort, interruption.signal)) {
    last = document;
    // After each comparison: what takes so long is not to be lost.
    writeFileSync(values.output, `${JSON.stringify(document, null, 1)}\n`);
    const { fault, summary } = document.comparisons.at(-1)!;
    process.stderr.write(`${document.comparisons.length}  ${fault}  ${summary}\n`);
  }
  if (last !== null) {
    process.stdout.write(realTable(last));
    const fallsShort = shortcomings(last);
    for (const sentence of fallsShort) process.stderr.write(`falls short: ${sentence}\n`);
    if (fallsShort.length > 0) process.exitCode = 1;
  }
}
if (values.only.includes("services")) {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());
  const trials = Number(values.trials);
  const all: ToldOfPair[] = [];
  for await (const told of comparePairs(trials, interruption.signal)) {
    all.push(told);
    process.stderr.write(`${all.length}  ${told.service}  ${told.load}  ${told.summary}\n`);
  }
  process.stdout.write(pairsTable(all, trials));
  // Of a hundred comparisons one may be wrong about connections.
  if (all.filter(({ structural }) => structural.length > 0).length > Math.ceil(all.length / 100)) process.exitCode = 1;
}
