import { styleText } from "node:util";
import type { BenchError } from "../errors.js";
import { printableLines } from "../text/printable.js";

/** The one place that turns an error into text: what is wrong, then what to do. */
export function errorAsText(error: BenchError, color: boolean): string {
  const paint = (style: "red" | "cyan", text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const hint = error.hint === "" ? "" : `${paint("cyan", "hint:")} ${printableLines(error.hint).join("\n      ")}\n`;
  return `${paint("red", "error:")} ${printableLines(error.message).join("\n")}\n${hint}`;
}
