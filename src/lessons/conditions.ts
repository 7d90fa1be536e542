import { JUDGEMENTS } from "../compare/types.js";
import { figuresIn } from "../scenario/check.js";
import { type ExpectationFault, parseExpectation } from "../scenario/expect/expectation.js";
import { parseNoFinding } from "../scenario/expect/no-finding.js";
import type { Path, Problem } from "../scenario/source/problem.js";
import { type Expectation, type Scenario, SIDES } from "../scenario/types.js";
import type { Verdict } from "../scenario/claim/types.js";
import type { StepFile } from "./schema.js";
import type { Choice, Condition } from "./types.js";

const VERDICTS: readonly Verdict[] = ["confirmed", "refuted", "partly", "gone", "not-testable-here"];

/** The first line of `bench compare`, as a figure in a text. */
export const COMPARED = "compared.summary";

/** What a step's scenario has, for whoever speaks of it. */
export interface Known {
  scenario: Scenario;
  expectation(text: string): ReturnType<typeof parseExpectation>;
}

export function knownIn(scenario: Scenario): Known {
  const names = scenario.variants.map(({ name }) => name);
  const isFigure = figuresIn(scenario.variants, {});
  return { scenario, expectation: (text) => parseExpectation(text, names, isFigure) };
}

/** What has to be seen, and what makes a choice right; faults are added to `problems`. */
export function conditionsOf(
  step: StepFile,
  path: Path,
  known: Known,
  problems: Problem[],
): { shows: Expectation[]; choices: Choice[] } {
  const shows = step.shows.flatMap((text, at) => {
    const names = known.scenario.variants.map(({ name }) => name);
    const none = parseNoFinding(text, names);
    if (none?.ok === true) return none.expectations;
    const found = none === null ? known.expectation(text) : { ok: false as const, faults: [none.fault] };
    if (found.ok) return [found.expectation];
    for (const fault of found.faults) problems.push({ paths: [[...path, "shows", at]], at: "value", ...fault });
    return [];
  });
  const choices = Object.entries(step.choices).map(([id, when]) => ({
    id,
    when: [when].flat().flatMap((text, at) => {
      const where: Path = [...path, "choices", id, ...(Array.isArray(when) ? [at] : [])];
      const read = conditionOf(text, known);
      if ("condition" in read) return [read.condition].filter((one) => one !== null);
      for (const fault of read.faults) problems.push({ paths: [where], at: "value", ...fault });
      return [];
    }),
  }));
  return { shows, choices };
}

type Read = { condition: Condition | null } | { faults: Omit<Problem, "paths" | "at">[] };

function conditionOf(text: string, { scenario, expectation }: Known): Read {
  if (text.trim() === "otherwise") return { condition: null };
  const [, kind, asked] = /^\s*(verdict|compared)\s*==\s*(\S+)\s*$/u.exec(text) ?? [];
  if (kind === undefined || asked === undefined) {
    const parsed = expectation(text);
    return parsed.ok ? { condition: { kind: "figure", expectation: parsed.expectation } } : { faults: parsed.faults };
  }
  if (kind === "compared") {
    if (!hasSides(scenario)) return { faults: [{ message: noSides(scenario) }] };
    const judgement = JUDGEMENTS.find((one) => one === asked);
    return judgement === undefined ? unknown(asked, JUDGEMENTS) : { condition: { kind, judgement } };
  }
  if (scenario.claim === null) return { faults: [{ message: `the scenario ${scenario.name} tests no claim` }] };
  const verdict = VERDICTS.find((one) => one === asked);
  return verdict === undefined ? unknown(asked, VERDICTS) : { condition: { kind: "verdict", verdict } };
}

function unknown(asked: string, known: readonly string[]): Read {
  return { faults: [{ message: `\`${asked}\` is no verdict`, hint: `there are ${known.join(", ")}` }] };
}

/** What is wrong with a figure that a text speaks of. */
export function faultsOfFigure(path: string, { scenario, expectation }: Known): ExpectationFault[] {
  if (path === COMPARED) return hasSides(scenario) ? [] : [{ offset: 0, message: noSides(scenario) }];
  // What is neither a number nor a name is no left side of an expectation.
  const tried = [`${path} == 0`, `${path} == none`, `${path} == server`].map(expectation);
  const [asNumber] = tried;
  return asNumber!.ok || tried.some(({ ok }) => ok) ? [] : asNumber!.faults;
}

/** Whether it has variants that `bench compare --sides base,head` takes for two sides. */
function hasSides({ variants }: Scenario): boolean {
  const names = variants.map(({ name }) => name);
  return SIDES.every((side) => names.some((name) => name === side || name.endsWith(`-${side}`)));
}

function noSides({ name }: Scenario): string {
  return `the scenario ${name} has no variants \`base\` and \`head\` to compare`;
}
