import { CLOSERS, isNumericMetric, KNOWN_NAMES, NAME_METRIC } from "../../metrics/names.js";
import { COMPARE_OPS, type CompareOp, type Expectation } from "./types.js";
import { didYouMean, listing } from "../source/suggest.js";

/** What is wrong with an expectation, and where in its text the wrong word begins. */
export interface ExpectationFault {
  offset: number;
  message: string;
  hint?: string;
}

export type ParsedExpectation =
  | { ok: true; expectation: Expectation }
  | { ok: false; faults: [ExpectationFault, ...ExpectationFault[]] };

/** A piece of the text, without the spaces around it. */
export interface Word {
  text: string;
  offset: number;
}

interface Reference {
  variant: Word;
  metric: Word;
}

export const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const FORM = "the form is `variant.metric > number`";

/**
 * Reads `<variant>.<metric> <op> <number | name | factor * variant.metric>`. The variant is what stands before the
 * first dot; where there is only one, it may be left out. `variants` are the names there are; null when they are not
 * known, and then any name will do. A metric may also be a figure of one of the variant's steps, `<step>.<figure>`.
 */
export function parseExpectation(
  text: string,
  variants: readonly string[] | null,
  isFigure: IsFigure = () => null,
): ParsedExpectation {
  const faults: ExpectationFault[] = [];
  const fail = (word: Word, message: string, hint: string): null => {
    faults.push({ offset: word.offset, message, hint });
    return null;
  };
  const parts = split(text, fail);
  const known = { variants, isFigure, sole: variants?.length === 1 ? variants[0]! : null };
  const left = parts && reference(parts.left, known, fail);
  const right = parts && rightSide(parts.right, known, fail);
  if (parts && left && right) checkKinds(parts.op, left.metric, parts.right, right, fail);
  const [first, ...others] = faults;
  if (first !== undefined) return { ok: false, faults: [first, ...others] };
  if (!parts || !left || !right) throw new Error(`an expectation failed without a reason: ${text}`);
  const op = parts.op.text as CompareOp;
  return {
    ok: true,
    expectation: { text: text.trim(), variant: left.variant.text, metric: left.metric.text, op, right },
  };
}

/** `<figure> <op> <number>`, of which no variant is spoken; null when it is something else. */
export function parseComparison(text: string): { figure: string; op: CompareOp; value: number } | null {
  const parts = split(text, () => null);
  if (parts === null || /\s/.test(parts.left.text) || !NUMBER.test(parts.right.text)) return null;
  return { figure: parts.left.text, op: parts.op.text as CompareOp, value: Number(parts.right.text) };
}

/** Every variant that it speaks of. */
export function variantsIn({ variant, right }: Expectation): string[] {
  return right.kind === "metric" ? [variant, right.variant] : [variant];
}

/**
 * Whether a path names a figure of a step. null: the variant has no such step, and it has to be a metric; a list: the
 * step has no such figure, but these.
 */
export type IsFigure = (variant: string, path: string) => true | readonly string[] | null;

interface Known {
  variants: readonly string[] | null;
  isFigure: IsFigure;
  /** The variant that is meant where none is named; absent: one has to be. */
  sole?: string | null;
}

type Fail = (word: Word, message: string, hint: string) => null;

/** The two sides of a comparison and what stands between them; `form` is how it should look. */
export function split(text: string, fail: Fail, form = FORM): { left: Word; op: Word; right: Word } | null {
  const match = /[<>=!]+/.exec(text);
  if (match === null) {
    return fail(
      { text: "", offset: text.trimEnd().length },
      "the comparison is missing",
      `${form}; write one of ${ops}`,
    );
  }
  const op = { text: match[0], offset: match.index };
  const left = trimmed(text.slice(0, op.offset), 0);
  const right = trimmed(text.slice(op.offset + op.text.length), op.offset + op.text.length);
  if (!COMPARE_OPS.some((known) => known === op.text)) {
    return fail(op, `\`${op.text}\` is no comparison`, `write one of ${ops}`);
  }
  if (left.text === "") return fail(op, "nothing stands before the comparison", form);
  if (right.text === "") return fail({ text: "", offset: text.trimEnd().length }, "nothing to compare with", form);
  return { left, op, right };
}

const ops = COMPARE_OPS.map((op) => `\`${op}\``).join(" ");

export function reference(word: Word, { variants, isFigure, sole = null }: Known, fail: Fail): Reference | null {
  if (sole !== null && isKnown(word.text, isFigure(sole, word.text)))
    return { variant: { text: sole, offset: word.offset }, metric: word };
  const dot = word.text.indexOf(".");
  const variant = { text: dot === -1 ? word.text : word.text.slice(0, dot), offset: word.offset };
  if (/\s/.test(word.text)) return fail(word, `\`${word.text}\` is not one word`, FORM);
  if (dot === -1)
    return fail(word, `\`${word.text}\` names no metric`, "write `variant.metric`, such as `close.requests.perSec`");
  const metric = { text: word.text.slice(dot + 1), offset: word.offset + dot + 1 };
  const knownVariant = variants === null || variants.includes(variant.text);
  const ofStep = isFigure(variant.text, metric.text);
  const knownMetric = isKnown(metric.text, ofStep);
  if (!knownVariant) fail(variant, `there is no variant \`${variant.text}\``, didYouMean(variant.text, variants));
  if (ofStep !== null && ofStep !== true) {
    const figure = metric.text.slice(metric.text.indexOf(".") + 1);
    const hint = ofStep.length === 0 ? "such a step measures nothing" : didYouMean(figure, ofStep);
    fail(metric, `the step has no figure \`${figure}\``, hint);
  } else if (!knownMetric) {
    fail(metric, `there is no metric \`${metric.text}\``, didYouMean(metric.text, [...KNOWN_NAMES, NAME_METRIC]));
  }
  return knownVariant && knownMetric ? { variant, metric } : null;
}

function isKnown(metric: string, ofStep: ReturnType<IsFigure>): boolean {
  return ofStep === null ? metric === NAME_METRIC || isNumericMetric(metric) : ofStep === true;
}

function rightSide(word: Word, known: Known, fail: Fail): Expectation["right"] | null {
  if (NUMBER.test(word.text) && Number.isFinite(Number(word.text))) return { kind: "number", value: Number(word.text) };
  const star = word.text.indexOf("*");
  if (star === -1 && !word.text.includes(".")) return { kind: "name", value: word.text };
  const factor = trimmed(word.text.slice(0, Math.max(0, star)), word.offset);
  if (star !== -1 && !NUMBER.test(factor.text)) {
    return fail(
      word,
      `\`${word.text}\` is neither a number nor a factor times a metric`,
      "such as `0.1 * close.requests.perSec`",
    );
  }
  const metric = reference(trimmed(word.text.slice(star + 1), word.offset + star + 1), known, fail);
  if (metric === null) return null;
  if (metric.metric.text === NAME_METRIC) {
    return fail(
      metric.metric,
      `\`${NAME_METRIC}\` is a name here, not a number`,
      `write \`${NAME_METRIC}.server\` for the share`,
    );
  }
  return {
    kind: "metric",
    factor: star === -1 ? 1 : Number(factor.text),
    variant: metric.variant.text,
    metric: metric.metric.text,
  };
}

/** `closedFirst` is held against a name, everything else against a number. */
function checkKinds(op: Word, metric: Word, rightWord: Word, right: Expectation["right"], fail: Fail): void {
  if (metric.text !== NAME_METRIC) {
    if (right.kind !== "name") return;
    if (metric.text.includes(".") && !isNumericMetric(metric.text)) {
      if (op.text !== "==" && op.text !== "!=")
        fail(op, `names have no order for \`${op.text}\``, "write `==` or `!=`");
      return;
    }
    fail(rightWord, `\`${right.value}\` is no number`, `only \`${NAME_METRIC}\` is compared with a name`);
  } else if (right.kind !== "name") {
    const hint = `write ${listing(CLOSERS, "or")}, or \`${NAME_METRIC}.server\` on the left`;
    fail(rightWord, `\`${NAME_METRIC}\` is compared with a name, not a number`, hint);
  } else if (!CLOSERS.some((closer) => closer === right.value)) {
    fail(rightWord, `\`${right.value}\` is nobody who closes connections`, didYouMean(right.value, CLOSERS));
  } else if (op.text !== "==" && op.text !== "!=") {
    fail(op, `names have no order for \`${op.text}\``, "write `==` or `!=`");
  }
}

export function trimmed(text: string, offset: number): Word {
  return { text: text.trim(), offset: offset + (text.length - text.trimStart().length) };
}
