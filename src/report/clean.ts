import { stripVTControlCharacters } from "node:util";

// Cc: C0 and C1 controls, ESC among them. Cf: what is invisible or turns the direction of text (Trojan Source,
// CVE-2021-42574). Cs: half a surrogate pair. Zl, Zp: line breaks that no wrapping would see. U+FE0F widens a character.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFE0F]/gu;

/** One line that is safe to print: escape sequences and control characters gone, every run of white space one space. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[\s\u0085]+/gu, " ")
    .replaceAll(UNPRINTABLE, "")
    .trim();
}

/** The same, but line breaks and indents stay. */
export function severalLines(text: string): string[] {
  return text.split(/\r?\n/u).map((line) => (/^[ \t]*/u.exec(line)?.[0] ?? "").replaceAll("\t", "  ") + oneLine(line));
}

/**
 * A copy in which every string, keys included, is one line that is safe to print. What a report draws passes through
 * here once, as a whole, so that no string can be forgotten.
 */
export function clean<T>(value: T): T {
  return cleanAny(value) as T;
}

function cleanAny(value: unknown): unknown {
  if (typeof value === "string") return oneLine(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cleanAny);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [oneLine(key), cleanAny(inner)]));
}
