import type { Variant } from "../scenario/types.js";
import { language, type Language } from "../text/language.js";
import type { FindingCode } from "./codes.js";
import { EN } from "./en/en.js";
import { mend } from "./mend.js";
import type { Catalogue, FiguresOf, Finding, Place } from "./types.js";
import { ZH } from "./zh/zh.js";

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: EN, zh: ZH };

/**
 * Saved findings in the language of what is being drawn. What this bench does not know, or has figures of another version,
 * keeps its words.
 */
export function toldFindings(findings: Finding[], variants: readonly Variant[]): Finding[] {
  return language() === "en" ? findings : toldIn(findings, variants, CATALOGUES[language()]);
}

/** A sentence about what is found just now, without its full stop. */
export function toldText<Code extends FindingCode>(code: Code, figures: FiguresOf[Code], at: Place): string {
  return CATALOGUES[language()].findings[code].text(figures, at);
}

/** How to mend what is found just now. */
export function remedyTexts(): Catalogue["remedies"] {
  return CATALOGUES[language()].remedies;
}

export function toldIn(findings: readonly Finding[], variants: readonly Variant[], catalogue: Catalogue): Finding[] {
  return findings.map((finding) => {
    const variant = variants.find(({ name }) => name === finding.variant);
    if (variant === undefined || !Object.hasOwn(catalogue.findings, finding.code)) return finding;
    try {
      return { ...finding, ...words(finding, variant, catalogue) };
    } catch {
      return finding;
    }
  });
}

function words(
  finding: Finding,
  variant: Variant,
  { findings, remedies }: Catalogue,
): Pick<Finding, "text" | "remedy"> {
  const { text } = findings[finding.code] as { text(figures: unknown, at: Place): string };
  const { remedy } = mend({ ...finding, size: 0 }, variant, remedies);
  return { text: text(finding.figures, finding), remedy: finding.remedy === null ? null : remedy };
}
