/** Foreign text in a format that has characters of its own: each reads as it is there, and marks up nothing. */

/** GitHub's Markdown: pipes end no cell, angle brackets open no tag, a text that begins like a list is none. */
export function inMarkdown(text: string): string {
  return (
    text
      .replaceAll(/[\\`*{}[\]|~#$@]/gu, String.raw`\$&`)
      // An underscore inside a word is no markup in GitHub's Markdown, and TIME_WAIT reads better without.
      .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replace(/^(\s*)([-+=]+)(?=\s|$)/u, String.raw`$1\$2`)
      .replace(/^(\s*\d+)([.)])(?=\s|$)/u, String.raw`$1\$2`)
  );
}

/** XML 1.0, as text or as the value of an attribute. What XML has no place for, not even escaped, becomes `�`. */
export function inXml(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // Section 2.2: Char.
      .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
  );
}

/** What a spreadsheet takes for the start of a formula, its full-width forms included. */
const LIKE_A_FORMULA = /^[=+\-@\t\r＝＋－＠]/u;
const NUMBER = /^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/u;

/** A cell of CSV (RFC 4180). What begins like a formula and is no number gets an apostrophe before it. */
export function inCsv(text: string): string {
  const safe = LIKE_A_FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
