import { eastAsianWidth } from "get-east-asian-width";
import { withoutEscapes } from "./printable.js";

/** Drawn over the character before, or not at all. */
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/gu;
const ASCII = /^[ -~]*$/u;

/** How many columns of a terminal the text takes; colour takes none. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
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
