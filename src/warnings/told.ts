import type { BookLine, Warning } from "../result/types.js";
import { inLanguage, language, spaced } from "../text/language.js";
import { restated } from "../words/stored.js";
import { type WarningCode, WARNINGS } from "./table.js";
import { ZH } from "./zh.js";

type Said = (figures: Warning["figures"]) => string;

/**
 * What makes figures less certain, in the language of what is being drawn. A document keeps English. What this bench does not
 * know, or would say otherwise, is of another version, and keeps its words.
 */
export function toldWarning(warning: Warning): Warning {
  const { code, message, figures } = warning;
  if (language() === "en" || figures === undefined || !Object.hasOwn(WARNINGS, code)) return warning;
  try {
    const english = inLanguage("en", () => (WARNINGS[code as WarningCode].text as Said)(figures));
    if (english !== message) return warning;
    return { ...warning, message: spaced((ZH[code as WarningCode] as Said)(figures)) };
  } catch {
    return warning;
  }
}

/** A line of the books. */
export function toldBook(line: BookLine): BookLine {
  if (language() === "en") return line;
  const { name, left, right, reason } = line;
  return {
    ...line,
    name: restated(name),
    left: { ...left, who: restated(left.who) },
    right: { ...right, who: restated(right.who) },
    reason: reason === null ? null : restated(reason),
  };
}
