import { type ExpectationFault, NUMBER, split, trimmed, type Word } from "./expectation.js";
import { COMPUTED_NAMES, isJudgedMetric, isNumericMetric, JUDGED_NAMES, KNOWN_NAMES } from "../../metrics/names.js";
import type { CompareOp, Gate } from "./types.js";
import { didYouMean } from "../source/suggest.js";

export type ParsedGate = { ok: true; gate: Gate } | { ok: false; faults: [ExpectationFault, ...ExpectationFault[]] };

const FORM = "the form is `metric <= 1.1 * base`, `metric == 0` or `metric not worse`";
const NOT_WORSE = /\s+not\s+worse\s*$/i;

/**
 * Reads `[<variant>.[<step>.]]<metric> <op> <number | base | factor * base>` and `[<variant>.[<step>.]]<metric> not worse`. What
 * stands before the metric is a variant, or a step of it that makes a load; without one the gate holds for every variant.
 * @param variants the names there are, those of loads as `<variant>.<step>`; null when they are not known, and then any name will do
 */
export function parseGate(text: string, variants: readonly string[] | null): ParsedGate {
  const faults: ExpectationFault[] = [];
  const fail = (word: Word, message: string, hint: string): null => {
    faults.push({ offset: word.offset, message, hint });
    return null;
  };
  const gate = NOT_WORSE.test(text) ? notWorse(text, variants, fail) : comparison(text, variants, fail);
  const [first, ...others] = faults;
  if (first !== undefined) return { ok: false, faults: [first, ...others] };
  if (gate === null) throw new Error(`a gate failed without a reason: ${text}`);
  return { ok: true, gate: { text: text.trim(), ...gate } };
}

type Fail = (word: Word, message: string, hint: string) => null;

function notWorse(text: string, variants: readonly string[] | null, fail: Fail): Omit<Gate, "text"> | null {
  const left = metricOf(trimmed(text.replace(NOT_WORSE, ""), 0), variants, isJudgedMetric, JUDGED_NAMES, fail);
  return left === null ? null : { ...left, right: { kind: "not-worse" } };
}

function comparison(text: string, variants: readonly string[] | null, fail: Fail): Omit<Gate, "text"> | null {
  const parts = split(text, fail, FORM);
  if (parts === null) return null;
  const left = metricOf(parts.left, variants, isFigure, [...KNOWN_NAMES, ...COMPUTED_NAMES], fail);
  const against = rightSide(parts.right, fail);
  if (left === null || against === null) return null;
  return { ...left, right: { ...against, op: parts.op.text as CompareOp } };
}

function rightSide(
  word: Word,
  fail: Fail,
): { kind: "number"; value: number } | { kind: "base"; factor: number } | null {
  if (NUMBER.test(word.text) && Number.isFinite(Number(word.text))) return { kind: "number", value: Number(word.text) };
  if (word.text === "base") return { kind: "base", factor: 1 };
  const [, before, after] = /^(\S+)\s*\*\s*(\S+)$/.exec(word.text) ?? [];
  const factor = before === "base" ? after : after === "base" ? before : undefined;
  if (factor !== undefined && NUMBER.test(factor) && Number.isFinite(Number(factor)))
    return { kind: "base", factor: Number(factor) };
  return fail(word, `\`${word.text}\` is neither a number nor a factor times base`, "such as `0.9 * base`");
}

function metricOf(
  word: Word,
  variants: readonly string[] | null,
  isKnown: (metric: string) => boolean,
  known: readonly string[],
  fail: Fail,
): { variant: string | null; metric: string } | null {
  if (word.text === "") return fail(word, "the metric is missing", FORM);
  if (/\s/.test(word.text)) return fail(word, `\`${word.text}\` is not one word`, FORM);
  if (isKnown(word.text)) return { variant: null, metric: word.text };
  const dot = lengthOfName(word.text, variants);
  const rest = word.text.slice(dot + 1);
  const name = dot < 0 ? "" : word.text.slice(0, dot);
  // What is no metric as a whole may begin with a variant; then the rest is to be one.
  const begins = variants === null ? isKnown(rest) : variants.includes(name);
  const metric = { text: begins ? rest : word.text, offset: begins ? word.offset + dot + 1 : word.offset };
  if (begins && isKnown(rest)) return { variant: name, metric: rest };
  if (!begins && name !== "" && isKnown(rest))
    return fail(word, `there is no variant \`${name}\``, didYouMean(name, variants ?? []));
  const judged = known === JUDGED_NAMES && isFigure(metric.text);
  const what = judged ? `\`${metric.text}\` is not judged` : `there is no metric \`${metric.text}\``;
  return fail(metric, what, didYouMean(metric.text, known));
}

/** Up to the dot behind the longest name that it begins with, or to the first one. */
function lengthOfName(text: string, variants: readonly string[] | null): number {
  const named = (variants ?? []).filter((name) => text.startsWith(`${name}.`)).map(({ length }) => length);
  return named.length > 0 ? Math.max(...named) : text.indexOf(".");
}

function isFigure(metric: string): boolean {
  return isNumericMetric(metric) || COMPUTED_NAMES.includes(metric);
}
