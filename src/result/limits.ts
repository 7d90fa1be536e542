/** Bounds of a text of JSON, looked at before it is parsed: what is parsed has to fit into memory, and on the stack. */

export const LARGEST_BYTES = 256 * 1024 * 1024;
/** A result has ten; some of what reads it goes one call deeper with each. */
const DEEPEST = 100;
/** About 1 GB of memory. A result with a timeline of a minute has some ten thousand. */
const MOST_VALUES = 20_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
/** `[` and `]` differ from `{` and `}` in this bit alone. */
const CURLY = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** What of it is too much, in words; null where nothing is. The text need not be JSON. */
export function tooMuchIn(text: string): string | null {
  let depth = 0;
  let values = 1;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === COMMA) values++;
    else if ((code | CURLY) === OPENING) {
      values++;
      if (++depth > DEEPEST) return `it is nested more than ${DEEPEST} levels deep`;
    } else if ((code | CURLY) === CLOSING) depth--;
    if (values > MOST_VALUES) return `it holds more than ${MOST_VALUES / 1_000_000} million values`;
  }
  return null;
}
