import type { Finding } from "../findings/types.js";
import type { BookLine, ExpectationResult, RunResult, Warning } from "../result/types.js";
import { count, precise } from "../text/figures.js";
import { counted, listed, say } from "../words/say.js";

/** `measured 28,232`, and what it was held against where the expectation's text does not show it. */
export function measuredText({ text, measured, against }: ExpectationResult): string {
  if (/^(?:\S+ )?no \S+$/u.test(text))
    return measured === 0 ? say("none-found") : say("found", { n: precise(measured ?? 0) });
  if (measured === null) return say("nothing-measured");
  const value = precise(measured);
  const inText = against === null || text.trimEnd().endsWith(` ${against}`);
  return inText ? say("measured", { value }) : say("measured-against", { value, against: precise(against) });
}

/** An expectation, and what was measured of it. */
export function heldText(expectation: ExpectationResult): string {
  return say("in-brackets", { text: expectation.text, more: measuredText(expectation) });
}

/** Why expectations of the scenario have no verdict; null when they have one, or there are none. */
export function notJudged({ scenario, expectations }: RunResult): string | null {
  if (scenario.expect.length === 0 || expectations.length > 0) return null;
  return say("not-judged", { expectations: counted("expectation", scenario.expect.length) });
}

/** Each pair of figures that should agree and does not, in one sentence. */
export function unbalancedBooks(result: RunResult): string[] {
  return result.scenario.variants.flatMap(({ name }) => {
    const trials = Object.hasOwn(result.variants, name) ? (result.variants[name]?.trials ?? []) : [];
    return trials.flatMap(({ books }, i) =>
      books
        .filter(({ balanced }) => !balanced)
        .map((line) =>
          say("in-brackets", { text: bookText(line), more: place(name, trials.length > 1 ? [i + 1] : []) }),
        ),
    );
  });
}

function bookText({ name, left, right, difference, reason }: BookLine): string {
  const sign = difference > 0 ? "+" : "";
  const line = say("books-line", {
    name,
    left: left.who,
    leftCount: count(left.count),
    right: right.who,
    rightCount: count(right.count),
    difference: sign + count(difference),
  });
  return reason === null ? line : say("colon", { mark: line, text: reason });
}

/** Each warning once, with the variant and the trials that it concerns. */
export function warningTexts({ warnings }: RunResult): string[] {
  const groups = new Map<string, { warning: Warning; trials: number[] }>();
  for (const warning of warnings) {
    // Said already, with its figures: see unbalancedBooks().
    if (warning.code === "books-unbalanced") continue;
    const key = JSON.stringify([warning.code, warning.message, warning.variant]);
    const group = groups.get(key) ?? { warning, trials: [] };
    if (warning.trial !== undefined) group.trials.push(warning.trial + 1);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ warning, trials }) => {
    const where = place(warning.variant ?? "", trials);
    return where === "" ? warning.message : say("in-brackets", { text: warning.message, more: where });
  });
}

/** `close, trials 1 and 3`; trials are counted from 1. */
function place(variant: string, trials: readonly number[]): string {
  const numbers = [...new Set(trials)].join(", ");
  const which = numbers === "" ? "" : say(numbers.includes(",") ? "trial-numbers" : "trial-number", { n: numbers });
  return listed([variant, which]);
}

/** Problems, or notices: each in one sentence, with its variant where there are several, and what to do. */
export function findingTexts({ scenario, findings }: RunResult, severity: "problem" | "notice"): string[] {
  const several = scenario.variants.length > 1;
  return toldFindings(findings, severity).map((finding) => findingText(finding, several));
}

/** Findings of one severity, each with its remedy, unless a finding of that variant has told the same before it. */
export function toldFindings(findings: readonly Finding[], severity: Finding["severity"]): Finding[] {
  const told = new Set<string>();
  const once = findings.map((one) => {
    const key = JSON.stringify([one.variant, one.remedy]);
    if (one.remedy === null || !told.has(key)) {
      told.add(key);
      return one;
    }
    return { ...one, remedy: null, source: null };
  });
  return once.filter((one) => one.severity === severity);
}

/** A finding of another severity than fact, for a line of its own. */
export function findingText({ text, remedy, variant, trials }: Finding, several: boolean): string {
  const where = whereFound({ variant, trials }, several);
  return withRemedy(where === "" ? text : say("in-brackets", { text, more: where }), remedy);
}

/** The variant, where there are several, and in how many trials, unless in all. */
export function whereFound({ variant, trials }: Pick<Finding, "variant" | "trials">, several: boolean): string {
  const some = trials.found < trials.of ? say("some-trials", trials) : "";
  return listed([several ? variant : "", some]);
}

/** How it is in a variant, or in a load of its steps: facts, which are the sentences of one paragraph. */
export interface Paragraph {
  title: string;
  facts: Finding[];
}

/** One for each variant and each of its steps. A claim done in steps is told by its verdict. */
export function paragraphs({ scenario, findings }: RunResult): Paragraph[] {
  return scenario.variants.flatMap(({ name, phases }) => {
    if (phases.length > 0 && scenario.claim !== null) return [];
    const facts = toldFindings(findings, "fact").filter(({ variant }) => variant === name);
    const steps = [...new Set(facts.map(({ step }) => step))];
    return steps.map((step) => ({
      title: step === null ? name : `${name} ${step}`,
      facts: facts.filter((one) => one.step === step),
    }));
  });
}

export function paragraphText({ facts }: Paragraph): string {
  const sentences = facts.map((fact) => say("end", { text: withRemedy(sentence(fact), fact.remedy) }));
  return sentences.join(say("between-sentences"));
}

/** As it begins a sentence, without its full stop. */
export function sentence({ text }: Pick<Finding, "text">): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function withRemedy(text: string, remedy: string | null): string {
  return remedy === null ? text : say("full-stop", { a: text, b: say("to-mend", { remedy }) });
}
