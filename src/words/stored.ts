import { language } from "../text/language.js";
import { STORED as EN } from "./en/stored.js";
import { recognizer } from "./recognized.js";
import { term } from "./say.js";
import { sayer } from "./sayer.js";
import { STORED as ZH } from "./zh/stored.js";

/** A sentence for a document, which keeps English whatever is being drawn. */
export const stored = sayer(EN, EN);

const told = sayer(EN, ZH) as (key: string, values: Readonly<Record<string, string>>) => string;

const recognized = recognizer(EN);

/** Values that are words of ours; all others are names, and stay. */
const WORDS: readonly string[] = ["role", "host", "reason", "outcome", "value"];

/**
 * A sentence that a document has kept, in the language of what is being drawn; and so the words in it. One of another
 * version, or of somebody else, stays as it is.
 */
export function restated(english: string): string {
  if (language() === "en") return english;
  const found = recognized(english);
  if (found !== null) {
    const values = Object.entries(found.values);
    return told(
      found.key,
      Object.fromEntries(values.map(([name, value]) => [name, WORDS.includes(name) ? restated(value) : value])),
    );
  }
  return term(english);
}
