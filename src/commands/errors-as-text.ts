import { styleText } from "node:util";
import type { BenchError } from "../errors.js";

/** Escape sequences (ECMA-48: CSI, and OSC up to its end), then every other control code but line feed and tab. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /\u001B\[[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)|(?![\n\t])\p{Cc}/gu;

/** The one place that turns an error into text: what is wrong, then what to do. */
export function errorAsText(error: BenchError, color: boolean): string {
  const paint = (style: "red" | "cyan", text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  // A server's last words, or a file's, may hold codes that a terminal would obey.
  const harmless = (text: string): string => text.replaceAll(CONTROL, "");
  const hint =
    error.hint === "" ? "" : `${paint("cyan", "hint:")} ${harmless(error.hint).replaceAll("\n", "\n      ")}\n`;
  return `${paint("red", "error:")} ${harmless(error.message)}\n${hint}`;
}
