import { FINDING_CODES } from "../../findings/codes.js";
import { didYouMean } from "../source/suggest.js";
import { type ExpectationFault, trimmed } from "./expectation.js";
import { type Expectation, FINDINGS } from "./types.js";

export type ParsedNoFinding = { ok: true; expectations: Expectation[] } | { ok: false; fault: ExpectationFault };

const FORM = /^(\s*(?:(\S+)\s+)?no\s+)([^\s<>=!]+)\s*$/u;

/**
 * Reads `no <code>` and `<variant> no <code>`: nothing of that code is to be found. Without a variant it is one expectation
 * for each of them. null: it is of another form.
 * @param variants the names there are; null when they are not known, and then any name will do
 */
export function parseNoFinding(text: string, variants: readonly string[] | null): ParsedNoFinding | null {
  const [, before, variant, code] = FORM.exec(text) ?? [];
  if (before === undefined || code === undefined) return null;
  const fail = (message: string, hint: string, offset: number): ParsedNoFinding => ({
    ok: false,
    fault: { message, hint, offset },
  });
  if (variant !== undefined && variants !== null && !variants.includes(variant))
    return fail(`there is no variant \`${variant}\``, didYouMean(variant, variants), trimmed(text, 0).offset);
  if (!FINDING_CODES.some((known) => known === code))
    return fail(`there is no finding \`${code}\``, didYouMean(code, FINDING_CODES), before.length);
  const about = variant === undefined ? (variants ?? []) : [variant];
  return { ok: true, expectations: about.map((name) => noFinding(name, code, variants?.length !== 1)) };
}

function noFinding(variant: string, code: string, named: boolean): Expectation {
  return {
    text: named ? `${variant} no ${code}` : `no ${code}`,
    variant,
    metric: `${FINDINGS}${code}`,
    op: "==",
    right: { kind: "number", value: 0 },
  };
}
