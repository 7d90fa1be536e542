import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ClaimResult, Figure } from "../../src/result/types.js";
import { verdictOf } from "../../src/result/verdict.js";
import { OWN_FOLDER } from "../../src/scenario/folders.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { allPhases } from "../../src/scenario/phases/types.js";
import type { CompareOp } from "../../src/scenario/expect/types.js";
import type { Expectation, Scenario } from "../../src/scenario/types.js";
import { VERDICTS } from "../claims/verdicts.js";
import { inSteps } from "../report/claim-fixture.js";
import { result } from "../report/fixture.js";

const claims = readdirSync(`${OWN_FOLDER}/claims`)
  .filter((name) => name.endsWith(".yaml"))
  .map((file): Scenario =>
    parseScenario(readFileSync(`${OWN_FOLDER}/claims/${file}`, "utf8"), { name: file.replace(".yaml", ""), file }),
  );

/** Every setting that a claim's steps write, and whose fate none of its rules or figures speaks of. */
const premises = claims.flatMap((scenario) =>
  scenario.variants.flatMap(({ name, phases }) =>
    allPhases(phases).flatMap((step) => {
      if (step.do !== "sysctl" || step.value === null || step.optional) return [];
      const spokenOf = JSON.stringify(scenario.claim).includes(`"metric":"${step.name}.outcome"`);
      return spokenOf ? [] : [{ scenario, variant: name, step }];
    }),
  ),
);

test("claims have such premises", () => {
  expect(claims.length).toBe(51);
  expect(new Set(premises.map(({ scenario }) => scenario.name)).size).toBeGreaterThan(1);
});

test.each(premises.map((premise) => [premise.scenario.name, premise.variant, premise.step.name, premise] as const))(
  "%s cannot be tested where %s could not write the setting of %s",
  (_claim, variant, _step, { scenario, step }) => {
    const variants = scenario.variants.map(({ name }) => {
      const written = premises.filter((premise) => premise.scenario === scenario && premise.variant === name);
      const figures = written.map((premise) => [
        `${premise.step.name}.outcome`,
        name === variant && premise.step === step ? "absent" : "written",
      ]);
      return inSteps(name, Object.fromEntries(figures) as Record<string, string>);
    });
    const run = result(variants);
    const claim = verdictOf(scenario, run);
    expect(claim?.verdict).toBe("not-testable-here");
    expect(claim?.reason).toBe(`${step.key} could not be written on ${step.on}, in ${variant}: absent.`);
  },
);

test("a premise that nobody could read is no better than one that does not hold", () => {
  const { scenario, step, variant } = premises[0]!;
  const claim = verdictOf(scenario, result(scenario.variants.map(({ name }) => inSteps(name, {}))));
  expect(claim?.reason).toBe(`${step.key} could not be written on ${step.on}, in ${variant}: not tried.`);
});

type Recorded = Record<string, Record<string, Figure>>;
/** What all claims measured once, on Linux 6.18; kept by test/fixtures/record-claims.mjs. */
const recorded = JSON.parse(readFileSync(new URL("../fixtures/claims.json", import.meta.url), "utf8")) as Record<
  string,
  Recorded
>;

function judged(scenario: Scenario, figures: Recorded): ClaimResult {
  const variants = scenario.variants.map(({ name }) => inSteps(name, figures[name] ?? {}));
  return verdictOf(scenario, result(variants))!;
}

function changed(figures: Recorded, variant: string, metric: string, value: Figure): Recorded {
  return { ...figures, [variant]: { ...figures[variant], [metric]: value } };
}

/** A left side with which a comparison does not hold; for the right side, what stands on the left. */
const FAILING: Record<CompareOp, (against: number) => number> = {
  ">=": (against) => against - 1,
  "<=": (against) => against + 1,
  "==": (against) => against + 1,
  "!=": (against) => against,
  ">": (against) => against,
  "<": (against) => against,
};

/** Every figure that a premise names, changed so that it does not hold. */
function broken({ variant, metric, op, right }: Expectation, figures: Recorded): Recorded[] {
  if (right.kind === "name")
    return [changed(figures, variant, metric, op === "==" ? `not ${right.value}` : right.value)];
  if (right.kind === "number") return [changed(figures, variant, metric, FAILING[op](right.value))];
  const against = right.factor * Number(figures[right.variant]![right.metric]);
  const left = Number(figures[variant]![metric]);
  const other = op.startsWith("<") ? left - 1 : left + 1;
  return [
    changed(figures, variant, metric, FAILING[op](against)),
    changed(figures, right.variant, right.metric, other / right.factor),
  ];
}

/** The opposite, of a number: what a rule without a verdict asks for. */
const HOLDING: Record<CompareOp, (against: number) => number> = {
  ">=": (against) => against,
  "<=": (against) => against,
  "==": (against) => against,
  "!=": (against) => against + 1,
  ">": (against) => against + 1,
  "<": (against) => against - 1,
};

function held(conditions: readonly Expectation[], figures: Recorded): Recorded {
  return conditions.reduce((all, { variant, metric, op, right }) => {
    if (right.kind === "name") return changed(all, variant, metric, right.value);
    const against = right.kind === "number" ? right.value : right.factor * Number(all[right.variant]![right.metric]);
    return changed(all, variant, metric, HOLDING[op](against));
  }, figures);
}

/** A reason as a premise words it, whatever its figures. */
function isInWords(reason: string, otherwise: string): boolean {
  const parts = otherwise.split(/\{[^{}]*\}/u).map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/gu, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "u").test(reason);
}

describe.each(claims.map((scenario) => [scenario.claim!.id, scenario] as const))("claim %s", (id, scenario) => {
  const { premises: named, rules } = scenario.claim!;
  const figures = recorded[id]!;

  test("has the verdict that it is known for", () => {
    expect(judged(scenario, figures)).toMatchObject({ verdict: VERDICTS[id] });
  });

  test("has premises, each of which can fail: then there is no verdict, and the reason is the premise's", () => {
    expect(named.length).toBeGreaterThan(0);
    for (const { holds, otherwise } of named)
      for (const condition of holds)
        for (const mutated of broken(condition, figures)) {
          const { verdict, reason, fitsNone } = judged(scenario, mutated);
          expect([condition.text, verdict, fitsNone]).toEqual([condition.text, "not-testable-here", undefined]);
          // An earlier premise may speak of the same figure.
          const spoken = named.filter((premise) => JSON.stringify(premise.holds).includes(`"${condition.metric}"`));
          const words = [otherwise, ...spoken.map((premise) => premise.otherwise)];
          expect([reason, words.some((text) => isInWords(reason, text))]).toEqual([reason, true]);
        }
  });

  test("has no verdict where a premise was not measured", () => {
    for (const { variant, metric, text } of named.flatMap(({ holds }) => holds)) {
      const { verdict, reason } = judged(scenario, changed(figures, variant, metric, null));
      expect([text, verdict, reason]).toEqual([
        text,
        "not-testable-here",
        expect.stringContaining(`was not measured: ${variant}.${metric}`),
      ]);
    }
  });

  test("has no verdict where a rule says so", () => {
    // One that asks for nothing takes what no other rule fits.
    for (const { when, because } of rules.filter(
      ({ verdict, when: asked }) => verdict === "not-testable-here" && asked.length > 0,
    )) {
      const { verdict, reason } = judged(scenario, held(when, figures));
      // What the rule asks for may break a premise as well.
      const words = [because, ...named.map(({ otherwise }) => otherwise)];
      expect([reason, verdict, words.some((text) => isInWords(reason, text))]).toEqual([
        reason,
        "not-testable-here",
        true,
      ]);
    }
  });

  test("has no rule that holds its premises itself", () => {
    const [first = [], ...others] = rules
      .filter(({ verdict }) => verdict !== "not-testable-here")
      .map(({ when }) => when.map(({ text }) => text));
    expect(first.filter((text) => others.every((when) => when.includes(text)))).toEqual([]);
  });
});

test("connect-cliff has no verdict where the machine was busy for a part of its connects only", () => {
  const scenario = claims.find(({ name }) => name === "connect-cliff")!;
  const took = (half: number, other: number, halfAgain: number, otherAgain: number): string => {
    const times = { half, other, "half-again": halfAgain, "other-again": otherAgain };
    const figures = Object.entries(times).map(([step, ms]) => [`${step}.tookMs`, ms] as const);
    return judged(scenario, { ports: { ...recorded[scenario.name]!["ports"], ...Object.fromEntries(figures) } })
      .verdict;
  };
  expect(took(400, 40, 400, 40)).toBe("refuted");
  expect(took(45, 40, 38, 41)).toBe("confirmed");
  // As slow as each other: with ports in use, without.
  expect(took(400, 390, 400, 410)).toBe("confirmed");
  for (const busy of [took(400, 40, 40, 40), took(400, 400, 400, 40), took(400, 40, 400, 400), took(40, 40, 400, 40)])
    expect(busy).toBe("not-testable-here");
});
