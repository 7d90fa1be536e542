import type { ClaimFile } from "./schema.js";
import type { Claim, ClaimFigure, Premise, VerdictRule } from "./types.js";
import { type IsFigure, parseExpectation, reference, trimmed } from "../expect/expectation.js";
import type { Expectation } from "../expect/types.js";
import { type FieldMap, isMap } from "../parts/maps.js";
import type { Path, Problem } from "../source/problem.js";

/** What the conditions and figures of a claim may speak of. */
interface Known {
  variants: readonly string[] | null;
  isFigure: IsFigure;
}

/** What is wrong with the conditions, figures and reasons of a claim, as far as its fields are what they should be. */
export function claimProblems(claim: unknown, known: Known): Problem[] {
  if (!isMap(claim)) return [];
  const figures = isMap(claim["figures"]) ? Object.entries(claim["figures"]) : [];
  return [
    ...figures.flatMap(([label, text]) => figureProblems(text, ["claim", "figures", label], known)),
    ...conditionalProblems(claim, PREMISES, known),
    ...conditionalProblems(claim, RULES, known),
  ];
}

/** Of a claim that has no problems. @param name of the scenario: the claim goes by its last part */
export function claimOf(file: ClaimFile, name: string, known: Known): Claim {
  return {
    id: name.split("/").at(-1)!,
    text: file.text.trim(),
    test: file.test.trim(),
    lesson: file.lesson.trim(),
    instead: file.instead.trim(),
    sources: file.sources,
    figures: Object.entries(file.figures).map(([label, text]) => figureOf(label, text)),
    premises: (file.premises ?? []).map(({ holds, otherwise }): Premise => ({
      holds: holds.map((text) => conditionOf(text, known)),
      otherwise: otherwise.trim(),
    })),
    rules: file.rules.map(({ verdict, when = [], because }): VerdictRule => ({
      verdict,
      when: when.map((text) => conditionOf(text, known)),
      because: because.trim(),
    })),
  };
}

/** A list of a claim whose members have conditions and a sentence about figures: in which fields these stand. */
interface Conditional {
  list: string;
  conditions: string;
  sentence: string;
}

const PREMISES: Conditional = { list: "premises", conditions: "holds", sentence: "otherwise" };
const RULES: Conditional = { list: "rules", conditions: "when", sentence: "because" };

function conditionalProblems(claim: FieldMap, fields: Conditional, known: Known): Problem[] {
  const problems: Problem[] = [];
  for (const [at, member] of listOf(claim[fields.list]).entries()) {
    if (!isMap(member)) continue;
    const path = ["claim", fields.list, at];
    for (const [position, text] of listOf(member[fields.conditions]).entries())
      problems.push(...conditionProblems(text, [...path, fields.conditions, position], known));
    problems.push(...sentenceProblems(member[fields.sentence], [...path, fields.sentence], known));
  }
  return problems;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function conditionProblems(text: unknown, path: Path, known: Known): Problem[] {
  if (typeof text !== "string") return [];
  const parsed = parseExpectation(text, known.variants, known.isFigure);
  const problems: Problem[] = [];
  for (const fault of parsed.ok ? [] : parsed.faults) problems.push({ paths: [path], at: "value", ...fault });
  return problems;
}

function sentenceProblems(text: unknown, path: Path, known: Known): Problem[] {
  if (typeof text !== "string") return [];
  return [...text.matchAll(/\{([^{}]*)\}/gu)].flatMap(({ 1: figure, index }) =>
    figureProblems(figure, path, known, index + 1),
  );
}

function figureProblems(text: unknown, path: Path, known: Known, from = 0): Problem[] {
  if (typeof text !== "string") return [];
  const problems: Problem[] = [];
  reference(trimmed(text, from), known, ({ offset }, message, hint) => {
    problems.push({ paths: [path], at: "value", offset, message, hint });
    return null;
  });
  return problems;
}

function figureOf(label: string, text: string): ClaimFigure {
  const dot = text.indexOf(".");
  return { label, variant: text.slice(0, dot).trim(), metric: text.slice(dot + 1).trim() };
}

function conditionOf(text: string, { variants, isFigure }: Known): Expectation {
  const parsed = parseExpectation(text, variants, isFigure);
  if (!parsed.ok) throw new Error(`the check let \`${text}\` pass as a condition`);
  return parsed.expectation;
}
