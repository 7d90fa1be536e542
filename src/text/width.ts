import { eastAsianWidth } from "get-east-asian-width";
import { withoutEscapes } from "./printable.js";

/** Drawn over the character before, or not at all. */
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/gu;
/** ASCII, and what bench itself draws with (Unicode "Box Drawing", "Block Elements"): a column each. */
const PLAIN = /^[ -~·µ–…→─-▟]*$/u;

/** How many columns of a terminal the text takes; colour takes none. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of withoutEscapes(text).replaceAll(ZERO_WIDTH, ""))
    width += eastAsianWidth(character.codePointAt(0)!);
  return width;
}

export function padLeft(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

export function padRight(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** The text, cut to the width with `…` at the end where it is longer. For plain text without colour. */
export function fit(text: string, width: number): string {
  return displayWidth(text) <= width ? text : headOf(text, width - 1) + (width > 0 ? "…" : "");
}

/** As many characters from the start as fit. */
export function headOf(text: string, width: number): string {
  let out = "";
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) break;
    out += character;
  }
  return out;
}

// oxlint-disable-next-line no-control-regex -- it is what is looked for
const COLOR = /(\u001B\[[\d;]*m)/u;

/** The same of a text with colours; those behind the cut stay, so that what was switched on is switched off. */
export function headOfColored(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let left = width;
  return text
    .split(COLOR)
    .map((part, at) => {
      if (at % 2 === 1) return part;
      const head = headOf(part, left);
      // What follows a character that was too wide must not take its place.
      left = head === part ? left - displayWidth(head) : 0;
      return head;
    })
    .join("");
}
