import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { verdictOf } from "../../src/result/verdict.js";
import { OWN_FOLDER } from "../../src/scenario/folders.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { allPhases } from "../../src/scenario/phases/types.js";
import type { Scenario } from "../../src/scenario/types.js";
import { inSteps } from "../report/claim-fixture.js";
import { result } from "../report/fixture.js";

const claims = readdirSync(`${OWN_FOLDER}/claims`)
  .filter((name) => name.endsWith(".yaml"))
  .map((file): Scenario => parseScenario(readFileSync(`${OWN_FOLDER}/claims/${file}`, "utf8"), { name: file, file }));

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
  expect(claims.length).toBe(38);
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
