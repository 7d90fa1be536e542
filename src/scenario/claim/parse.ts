import type { ClaimFile } from "./schema.js";
import type { Claim, ClaimFigure, VerdictRule } from "./types.js";
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
  const rules = Array.isArray(claim["rules"]) ? claim["rules"].map((rule) => (isMap(rule) ? rule : {})) : [];
  return [
    ...figures.flatMap(([label, text]) => figureProblems(text, ["claim", "figures", label], known)),
    ...rules.flatMap((rule, at) => ruleProblems(rule, ["claim", "rules", at], known)),
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
    rules: file.rules.map(({ verdict, when = [], because }): VerdictRule => ({
      verdict,
      when: when.map((text) => conditionOf(text, known)),
      because: because.trim(),
    })),
  };
}

function ruleProblems(rule: FieldMap, path: Path, known: Known): Problem[] {
  const problems: Problem[] = [];
  for (const [at, text] of (Array.isArray(rule["when"]) ? rule["when"] : []).entries()) {
    if (typeof text !== "string") continue;
    const parsed = parseExpectation(text, known.variants, known.isFigure);
    if (parsed.ok) continue;
    for (const fault of parsed.faults) problems.push({ paths: [[...path, "when", at]], at: "value", ...fault });
  }
  const because = typeof rule["because"] === "string" ? rule["because"] : "";
  for (const { 1: figure, index } of because.matchAll(/\{([^{}]*)\}/gu))
    problems.push(...figureProblems(figure, [...path, "because"], known, index + 1));
  return problems;
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
