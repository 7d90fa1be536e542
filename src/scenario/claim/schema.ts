import { z } from "zod";
import * as rule from "../parts/rules.js";
import { VERDICTS } from "./types.js";

const Premise = z.strictObject({
  holds: z
    .array(rule.oneLine(), { error: "must be a list of conditions" })
    .min(1, { error: "must hold at least one condition" })
    .describe("Conditions in the form of `expect`."),
  otherwise: rule
    .paragraphs()
    .describe(
      "Why the claim is not testable when one of them does not hold; {variant.metric} stands for what was measured.",
    ),
});

const Rule = z.strictObject({
  verdict: z.enum(VERDICTS).describe("What it comes to when every condition holds."),
  when: z
    .array(rule.oneLine(), { error: "must be a list of conditions" })
    .optional()
    .meta({ description: "Conditions in the form of `expect`; none: always." }),
  because: rule.paragraphs().describe("Why, in one sentence; {variant.metric} stands for what was measured."),
});

export const ClaimFile = z.strictObject({
  text: rule.paragraphs().describe("The claim in one sentence, in our own words."),
  test: rule.paragraphs().describe("How it is tested."),
  lesson: rule.paragraphs().describe("What to take from it."),
  instead: rule.oneLine().describe("What to do instead, in a few words."),
  sources: z
    .array(rule.oneLine(), { error: "must be a list of sources" })
    .min(1, { error: "must name at least one source" })
    .describe("RFC sections, kernel files, kernel documentation."),
  figures: z
    .record(z.string(), rule.oneLine(), { error: "must be a map of label: variant.metric" })
    .describe("The figures that decide, in the order in which they are shown: what each is, and `variant.metric`."),
  premises: z.array(Premise, { error: "must be a list of premises" }).optional().meta({
    description:
      "What has to be so before anything can be judged. Tried in order, before the rules: where one does not hold, the claim is not testable here.",
  }),
  rules: z
    .array(Rule, { error: "must be a list of rules" })
    .min(1, { error: "must hold at least one rule" })
    .describe("Tried in order: the first of which every condition holds gives the verdict."),
});
export type ClaimFile = z.infer<typeof ClaimFile>;
