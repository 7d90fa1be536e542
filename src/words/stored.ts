import { language } from "../text/language.js";
import { STORED as EN } from "./en/stored.js";
import { term } from "./say.js";
import { sayer } from "./sayer.js";
import { STORED as ZH } from "./zh/stored.js";

/** A sentence for a document, which keeps English whatever is being drawn. */
export const stored = sayer(EN, EN);

const told = sayer(EN, ZH) as (key: string, values: Readonly<Record<string, string>>) => string;

/** What each sentence looks like, with its values as groups: those without any first, so that none is taken for a value. */
const PATTERNS = Object.entries<string>(EN)
  .map(([key, text]) => ({ key, text, pattern: patternOf(text) }))
  .toSorted((a, b) => Number(a.text.includes("{")) - Number(b.text.includes("{")));

/** Values that are words of ours; all others are names, and stay. */
const WORDS: readonly string[] = ["role", "host", "reason", "outcome", "value"];

/**
 * A sentence that a document has kept, in the language of what is being drawn; and so the words in it. One of another
 * version, or of somebody else, stays as it is.
 */
export function restated(english: string): string {
  if (language() === "en") return english;
  for (const { key, pattern } of PATTERNS) {
    const found = pattern.exec(english);
    if (found === null) continue;
    const values: Record<string, string> = {};
    for (const [name, value] of Object.entries(found.groups ?? {}))
      values[name] = WORDS.includes(name) ? restated(value) : value;
    return told(key, values);
  }
  return term(english);
}

function patternOf(text: string): RegExp {
  const parts = text.split(/\{(\w+)\}/u);
  const literal = (part: string): string => part.replaceAll(/[()+.]/gu, String.raw`\$&`);
  return new RegExp(`^${parts.map((part, at) => (at % 2 === 0 ? literal(part) : `(?<${part}>.+)`)).join("")}$`, "su");
}
