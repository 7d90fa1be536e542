import { z } from "zod/mini";
import { VERDICTS } from "../scenario/claim/types.js";
import { SavedClaim, SavedGate, SavedVariant } from "./checks/scenario.js";
import { SavedTrial } from "./checks/trial.js";
import { count, savedFigure, savedFigures, metrics, nullable, text } from "./checks/values.js";

/**
 * What reports and comparisons take for granted of a result that was read from a file, which people may have edited,
 * damaged, or made themselves. Fields that nobody reads are not looked at; JSON has no NaN, and infinity is refused.
 */

const ClaimResult = z.looseObject({
  id: text,
  text,
  verdict: z.enum(VERDICTS),
  reason: text,
  figures: z.record(text, savedFigure),
});

const Finding = z.looseObject({
  code: text,
  severity: z.enum(["problem", "notice", "fact"]),
  variant: text,
  step: z.nullable(text),
  link: z.nullable(z.looseObject({ from: text, to: text })),
  trials: z.looseObject({ found: count, of: count }),
  text,
  remedy: z.nullable(text),
  source: nullable(text),
});

export const RunResultFile = z.looseObject({
  status: z.enum(["complete", "interrupted", "failed"]),
  startedAt: text,
  elapsedMs: count,
  scenario: z.looseObject({
    name: text,
    title: text,
    variants: z.array(SavedVariant),
    expect: z.array(z.looseObject({ text })),
    gates: z.optional(z.array(SavedGate)),
    claim: nullable(SavedClaim),
    sides: z.optional(z.looseObject({ base: z.looseObject({ label: text }), head: z.looseObject({ label: text }) })),
  }),
  environment: z.looseObject({
    benchVersion: text,
    kernel: text,
    cpu: text,
    cores: count,
    memoryBytes: count,
    node: text,
    platform: text,
    isolation: z.enum(["namespace", "none", "watched"]),
    tools: z.record(text, text),
  }),
  variants: z.record(
    text,
    z.looseObject({ trials: z.array(SavedTrial), median: z.nullable(z.looseObject(metrics)), figures: savedFigures }),
  ),
  expectations: z.array(z.looseObject({ text, holds: z.boolean(), measured: savedFigure, against: savedFigure })),
  warnings: z.array(z.looseObject({ code: text, message: text, variant: z.optional(text), trial: z.optional(count) })),
  findings: z.optional(z.array(Finding)),
  claim: z.optional(ClaimResult),
  error: z.optional(z.looseObject({ code: text, message: text, hint: text })),
});

/** The first thing that is wrong with a result, in words: `variants.close.trials[0].requests.sent is "12", not a number`. */
export function faultOf(document: unknown): string | null {
  const parsed = RunResultFile.safeParse(document);
  if (parsed.success) return null;
  const { path, message } = parsed.error.issues[0]!;
  const place = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return `${place.replace(/^\./u, "") || "it"}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
