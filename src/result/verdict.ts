import type { Claim, VerdictRule } from "../scenario/claim/types.js";
import { allPhases } from "../scenario/phases/types.js";
import type { Expectation, Scenario, Variant } from "../scenario/types.js";
import { figureText } from "../text/figures.js";
import { stored } from "../words/stored.js";
import { judge } from "./expectations.js";
import { figureOf } from "./figures.js";
import type { ClaimResult, RunResult } from "./types.js";

/** What a machine may lack: then a claim cannot be tested there, which is an answer and no failure. */
const LACKS: readonly string[] = [
  "isolation-not-permitted",
  "sysctl-refused",
  "tool-missing",
  "open-files-limit",
  "memory-too-small",
  "no-such-counter",
];

/** `{variant.metric}`; other braces are prose: `SO_LINGER {on, 0}`. */
const PLACEHOLDER = /\{([^{}\s.]+)\.([^{}\s]+)\}/gu;

type Measured = RunResult["variants"];

/** What becomes of the scenario's claim, by its own rules; nothing for one without, or where the run was interrupted. */
export function verdictOf(
  { claim, variants: plans }: Scenario,
  { status, error, variants }: Pick<RunResult, "status" | "error" | "variants">,
): ClaimResult | undefined {
  if (claim === null || status === "interrupted") return undefined;
  const figures = Object.fromEntries(
    claim.figures.map(({ label, variant, metric }) => [label, figureOf(variants, variant, metric)]),
  );
  const decided =
    status === "complete"
      ? (unwritten(claim, plans, variants) ?? unfounded(claim, variants) ?? decide(claim, variants))
      : untestable(error === undefined ? stored("not-completed") : sentence(error.message));
  return { id: claim.id, text: claim.text, ...decided, figures };
}

/** Whether a claim went untested because this machine lacks something. */
export function couldNotBeTested({ claim, error }: Pick<RunResult, "claim" | "error">): boolean {
  return claim?.verdict === "not-testable-here" && error !== undefined && LACKS.includes(error.code);
}

type Decision = Pick<ClaimResult, "verdict" | "reason" | "fitsNone">;

/**
 * A verdict needs the settings that it is about: what a step writes has to be there then, unless the step is optional or
 * the claim itself asks what became of it.
 */
function unwritten(claim: Claim, plans: readonly Variant[], measured: Measured): Decision | null {
  const asked = new Set(
    [...claim.figures, ...claim.rules.flatMap(({ when }) => when)].map(({ variant, metric }) => `${variant}.${metric}`),
  );
  for (const { name, phases } of plans)
    for (const step of allPhases(phases)) {
      if (step.do !== "sysctl" || step.value === null || step.optional) continue;
      const figure = `${step.name}.outcome`;
      const outcome = figureOf(measured, name, figure);
      if (outcome !== "written" && !asked.has(`${name}.${figure}`))
        return untestable(
          stored("not-written", {
            key: step.key,
            host: step.on,
            variant: name,
            outcome: outcome ?? stored("not-tried"),
          }),
        );
    }
  return null;
}

/** The first premise of a claim that does not hold, in its own words. */
function unfounded({ premises }: Claim, variants: Measured): Decision | null {
  for (const { holds, otherwise } of premises) {
    const outcomes = judge(holds, variants);
    if (outcomes.every((outcome) => outcome.holds)) continue;
    const missing = undecided(holds, outcomes);
    return missing.length > 0 ? unmeasured(missing, variants) : untestable(filled(otherwise, variants));
  }
  return null;
}

function decide(claim: Claim, variants: Measured): Decision {
  const missing: Expectation[] = [];
  for (const { when, verdict, because } of claim.rules) {
    // "Otherwise" is said of what is known, and what was not measured is not.
    if (when.length === 0 && verdict !== "not-testable-here" && missing.length > 0)
      return unmeasured(missing, variants);
    const outcomes = judge(when, variants);
    if (outcomes.every(({ holds }) => holds)) return { verdict, reason: filled(because, variants) };
    missing.push(...undecided(when, outcomes));
  }
  return fitsNone(claim, variants);
}

/** Conditions of a rule or premise that fails for want of figures alone. */
function undecided(when: VerdictRule["when"], outcomes: ReturnType<typeof judge>): Expectation[] {
  const unknown = outcomes.map(({ measured, against }) => measured === null || against === null);
  return outcomes.some(({ holds }, i) => !holds && !unknown[i]) ? [] : when.filter((_, i) => unknown[i]);
}

function unmeasured(missing: readonly Expectation[], variants: Measured): Decision {
  const sides = missing.flatMap(({ variant, metric, right }) => [
    { variant, metric },
    ...(right.kind === "metric" ? [right] : []),
  ]);
  const names = sides
    .filter(({ variant, metric }) => figureOf(variants, variant, metric) === null)
    .map(({ variant, metric }) => `${variant}.${metric}`);
  return untestable(stored("decisive-not-measured", { figures: [...new Set(names)].join(", ") }));
}

function fitsNone({ figures }: Claim, variants: Measured): Decision {
  const shown = figures.map(
    ({ label, variant, metric }) => `${label} ${figureText(metric, figureOf(variants, variant, metric))}`,
  );
  const reason = shown.length === 0 ? stored("fits-none") : stored("fits-none-of", { figures: shown.join(", ") });
  return { ...untestable(reason), fitsNone: true };
}

function untestable(reason: string): Decision {
  return { verdict: "not-testable-here", reason };
}

function filled(text: string, variants: Measured): string {
  return text.replaceAll(PLACEHOLDER, (_all, variant: string, metric: string) =>
    figureText(metric, figureOf(variants, variant, metric)),
  );
}

function sentence(message: string): string {
  return /[.!?]$/u.test(message) ? message : `${message}.`;
}
