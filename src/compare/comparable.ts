import { BenchError } from "../errors.js";
import type { RunResult } from "../result/types.js";
import type { LoadPlan } from "../scenario/types.js";
import { type Pair, type Side, sidesOfVariant } from "./sides.js";

/** A result, and what the user calls it. */
export interface Compared {
  label: string;
  result: RunResult;
}

/** Another load is another question. How long it lasts and how many requests it sends is not: all is per request. */
const SAME_LOAD = [
  "client",
  "connections",
  "connection",
  "requestsPerConnection",
  "closer",
  "path",
  "request",
  "success",
  "pace",
  "pauses",
  "tls",
  "warmupMs",
] as const satisfies readonly (keyof LoadPlan)[];

/** The variants that both results have. @throws BenchError `not-comparable` */
export function pairsOfResults(base: Compared, head: Compared, only: readonly string[] | null): Pair[] {
  for (const side of [base, head]) requireComplete(side);
  const [b, h] = [base.result.scenario.name, head.result.scenario.name];
  if (b !== h)
    throw refusal(
      `${head.label} is of the scenario ${h}, ${base.label} of ${b}`,
      "Compare two results of one scenario.",
    );
  const names = chosen(base.result, only);
  const shared = names.filter((name) => has(head.result, name));
  const missing = only?.find((name) => !has(head.result, name));
  if (missing !== undefined || shared.length === 0)
    throw refusal(
      `${head.label} has no variant ${missing ?? names.join(", ")}`,
      `It has ${namesOf(head.result).join(", ")}.`,
    );
  const pairs = shared.flatMap((name) => paired(name, required(base, name), required(head, name)));
  for (const pair of pairs) requireSameLoad(pair, head);
  return pairs;
}

/**
 * Two sides of one result, trial by trial: the variants called `base` and `head`, or each pair of `<name>-base` and
 * `<name>-head`. @throws BenchError `not-comparable`
 */
export function pairsOfSides(
  run: Compared,
  sides: readonly [base: string, head: string],
  only: readonly string[] | null,
): Pair[] {
  requireComplete(run);
  const [base, head] = sides;
  const names = namesOf(run.result);
  const common = names
    .filter((name) => name === base || name.endsWith(`-${base}`))
    .map((name) => name.slice(0, name.length - base.length))
    .filter((prefix) => names.includes(prefix + head));
  const wanted = common.filter((prefix) => only === null || only.includes(prefix.slice(0, -1)));
  if (wanted.length === 0)
    throw refusal(`${run.label} has no variants ${base} and ${head}`, `It has ${names.join(", ")}.`);
  // Another load is what somebody chose to compare here.
  return wanted.flatMap((prefix) =>
    paired(prefix === "" ? head : prefix.slice(0, -1), required(run, prefix + base), required(run, prefix + head)),
  );
}

function requireComplete({ label, result }: Compared): void {
  if (result.status === "complete") return;
  const why = result.error === undefined ? "" : ` (${result.error.message})`;
  throw refusal(
    `${label} cannot be compared: its run ${result.status === "failed" ? "failed" : "was interrupted"}${why}`,
    "Run it again, to its end.",
  );
}

function required({ label, result }: Compared, name: string): Side[] {
  const sides = sidesOfVariant(result, name);
  if (sides.length === 0) throw refusal(`${label} has no complete trial of ${name}`, "Run it again, to its end.");
  return sides;
}

/** Load by load: `<variant>`, or `<variant>.<step>` for the steps that both have. @throws BenchError `not-comparable` */
function paired(name: string, base: readonly Side[], head: readonly Side[]): Pair[] {
  const pairs = base.flatMap((side): Pair[] => {
    const other = head.find(({ step }) => step === side.step);
    return other === undefined
      ? []
      : [{ name: side.step === null ? name : `${name}.${side.step}`, base: side, head: other }];
  });
  if (pairs.length === 0)
    throw refusal(`base and head of ${name} have no load in common`, "Compare results of the same steps.");
  return pairs;
}

/** Nobody chose the load of what was only watched: how many connections it has is what was seen. */
function isChosen(field: (typeof SAME_LOAD)[number], { result }: Compared): boolean {
  return field !== "connections" || result.environment.isolation !== "watched";
}

function requireSameLoad({ name, base, head }: Pair, run: Compared): void {
  for (const field of SAME_LOAD.filter((one) => isChosen(one, run))) {
    const [b, h] = [JSON.stringify(base.load[field]), JSON.stringify(head.load[field])];
    if (b !== h)
      throw refusal(
        `${name} was measured with another load: load.${field} is ${h}, in base ${b}`,
        "Compare results of one load.",
      );
  }
}

function chosen(result: RunResult, only: readonly string[] | null): string[] {
  const names = namesOf(result);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw refusal(`base has no variant ${unknown}`, `It has ${names.join(", ")}.`);
  return only === null ? names : names.filter((name) => only.includes(name));
}

function namesOf({ scenario }: RunResult): string[] {
  return scenario.variants.map(({ name }) => name);
}

function has(result: RunResult, name: string): boolean {
  return namesOf(result).includes(name);
}

function refusal(sentence: string, hint: string): BenchError {
  return new BenchError("not-comparable", sentence, hint);
}
