import { z } from "zod/mini";
import * as rule from "../parts/rules.js";
import { VERDICTS } from "./types.js";

const Premise = z.strictObject({
  holds: z
    .array(rule.oneLine(), { error: "must be a list of conditions" })
    .check(
      z.minLength(1, { error: "must hold at least one condition" }),
      z.describe("Conditions in the form of `expect`."),
    ),
  otherwise: rule
    .paragraphs()
    .check(
      z.describe(
        "Why the claim is not testable when one of them does not hold; {variant.metric} stands for what was measured.",
      ),
    ),
});

const Rule = z.strictObject({
  verdict: z.enum(VERDICTS).check(z.describe("What it comes to when every condition holds.")),
  when: z
    .optional(z.array(rule.oneLine(), { error: "must be a list of conditions" }))
    .check(z.meta({ description: "Conditions in the form of `expect`; none: always." })),
  because: rule.paragraphs().check(z.describe("Why, in one sentence; {variant.metric} stands for what was measured.")),
});

export const ClaimFile = z.strictObject({
  text: rule.paragraphs().check(z.describe("The claim in one sentence, in our own words.")),
  test: rule.paragraphs().check(z.describe("How it is tested.")),
  lesson: rule.paragraphs().check(z.describe("What to take from it.")),
  instead: rule.oneLine().check(z.describe("What to do instead, in a few words.")),
  sources: z
    .array(rule.oneLine(), { error: "must be a list of sources" })
    .check(
      z.minLength(1, { error: "must name at least one source" }),
      z.describe("RFC sections, kernel files, kernel documentation."),
    ),
  figures: z
    .record(z.string(), rule.oneLine(), { error: "must be a map of label: variant.metric" })
    .check(
      z.describe("The figures that decide, in the order in which they are shown: what each is, and `variant.metric`."),
    ),
  premises: z.optional(z.array(Premise, { error: "must be a list of premises" })).check(
    z.meta({
      description:
        "What has to be so before anything can be judged. Tried in order, before the rules: where one does not hold, the claim is not testable here.",
    }),
  ),
  rules: z
    .array(Rule, { error: "must be a list of rules" })
    .check(
      z.minLength(1, { error: "must hold at least one rule" }),
      z.describe("Tried in order: the first of which every condition holds gives the verdict."),
    ),
});
export type ClaimFile = z.infer<typeof ClaimFile>;
