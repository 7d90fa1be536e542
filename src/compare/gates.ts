import { holds } from "../stats/holds.js";
import { BenchError } from "../errors.js";
import { metricAt } from "../metrics/names.js";
import { sayCompared as say } from "../words/comparison.js";
import type { Gate } from "../scenario/types.js";
import type { Pair, Side } from "./sides.js";
import { middle } from "./structural.js";
import type { GateResult, VariantComparison } from "./types.js";

/**
 * Each gate on each variant that it is about. @throws BenchError `bad-gate` for one about a variant that is not
 * compared, or a metric that was not measured
 */
export function judgeGates(
  gates: readonly Gate[],
  pairs: readonly Pair[],
  variants: readonly VariantComparison[],
): GateResult[] {
  return gates.flatMap((gate) => {
    // Of a variant with steps: of each load, or of one of them.
    const about = pairs.filter(
      ({ name }) => gate.variant === null || name === gate.variant || name.startsWith(`${gate.variant}.`),
    );
    if (about.length === 0)
      throw badGate(
        gate,
        `there is no variant ${gate.variant} in this comparison`,
        `There is ${pairs.map(({ name }) => name).join(", ")}.`,
      );
    return about.map((pair) => {
      const variant = variants.find(({ name }) => name === pair.name)!;
      return gate.right.kind === "not-worse" ? notWorse(gate, variant) : comparison(gate, gate.right, pair);
    });
  });
}

function notWorse(gate: Gate, { name, metrics }: VariantComparison): GateResult {
  const found = metrics.find(({ metric }) => metric === gate.metric);
  // An error that neither side saw has not become more frequent.
  if (found === undefined && gate.metric.startsWith("errors."))
    return {
      text: gate.text,
      variant: name,
      metric: gate.metric,
      outcome: "holds",
      measured: 0,
      against: null,
      reason: say("never-happened"),
    };
  if (found === undefined) throw notMeasured(gate, name, "either side");
  const told = { text: gate.text, variant: name, metric: gate.metric, measured: found.head, against: null };
  if (!found.judged)
    return {
      ...told,
      outcome: "unclear",
      reason: say("timing-is-advice", { verdict: say(found.verdict), reason: found.reason }),
    };
  const outcome = found.verdict === "worse" ? "breaks" : found.verdict === "unclear" ? "unclear" : "holds";
  return { ...told, outcome, reason: found.reason };
}

function comparison(
  gate: Gate,
  right: Exclude<Gate["right"], { kind: "not-worse" }>,
  { name, base, head }: Pair,
): GateResult {
  const measured = medianOf(head, gate.metric);
  if (measured === null) throw notMeasured(gate, name, "head");
  const ofBase = right.kind === "base" ? medianOf(base, gate.metric) : null;
  if (right.kind === "base" && ofBase === null) throw notMeasured(gate, name, "base");
  const against = right.kind === "base" ? right.factor * ofBase! : right.value;
  const told = plain(measured);
  return {
    text: gate.text,
    variant: name,
    metric: gate.metric,
    outcome: holds(measured, right.op, against) ? "holds" : "breaks",
    measured,
    against,
    reason:
      ofBase === null
        ? say("it-is", { measured: told })
        : say("it-is-with-base", { measured: told, base: plain(ofBase) }),
  };
}

/** The median over the trials; null where it was not measured. */
function medianOf(side: Side, path: string): number | null {
  return middle(side.trials.map((trial) => metricAt(trial, path)));
}

function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function notMeasured(gate: Gate, variant: string, where: string): BenchError {
  return badGate(
    gate,
    `${gate.metric} was not measured in ${where} of ${variant}`,
    "Name a metric that both results have, or leave the gate out.",
  );
}

function badGate({ text }: Gate, sentence: string, hint: string): BenchError {
  return new BenchError("bad-gate", `the gate \`${text}\` cannot be judged: ${sentence}`, hint);
}
