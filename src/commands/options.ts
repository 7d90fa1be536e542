import { distance } from "fastest-levenshtein";
import { parseArgs } from "node:util";
import { BenchError } from "../errors.js";
import type { Definition, Values } from "./definition.js";

/**
 * The command's arguments by its definition. An unknown option names the nearest one that there is.
 * @throws BenchError `bad-usage`
 */
export function parse<Options extends Definition["options"]>(
  { name, options }: { name: string; options: Options },
  args: readonly string[],
): { values: Values<Options>; positionals: string[] } {
  const { values, positionals } = parsed(name, args, options);
  for (const [option, definition] of Object.entries(options))
    if (definition.type === "string" && definition.choices !== undefined && values[option] !== undefined)
      requireOneOf(`--${option}`, values[option] as string, definition.choices);
  return { values: values as Values<Options>, positionals };
}

function parsed(command: string, args: readonly string[], options: Definition["options"]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    const unknown = /Unknown option '(--?[^']+)'/.exec(message)?.[1];
    if (unknown === undefined) throw new BenchError("bad-usage", firstSentence(message), seeHelp(command));
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new BenchError(
      "bad-usage",
      `bench ${command} has no option ${unknown}`,
      suggestion(unknown, known, seeHelp(command)),
    );
  }
}

function requireOneOf(option: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  const all = `It takes ${choices.join(", ")}.`;
  throw new BenchError("bad-usage", `${option} does not take "${value}"`, suggestion(value, choices, all));
}

/** `Did you mean …?` when something known is near enough; else the fallback. */
export function suggestion(word: string, known: readonly string[], fallback: string): string {
  const nearest = known.toSorted((a, b) => distance(word, a) - distance(word, b))[0];
  return nearest !== undefined && distance(word, nearest) <= Math.max(2, word.length / 3)
    ? `Did you mean ${nearest}? ${fallback}`
    : fallback;
}

/** @throws BenchError `bad-usage` unless it is a whole number from 1 to `most` */
export function count(option: string, value: string, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
  throw new BenchError(
    "bad-usage",
    `${option} takes a whole number from 1 to ${most}, not "${value}"`,
    `Example: ${option} 3`,
  );
}

/** @throws BenchError `bad-usage` when there is an argument that is no option */
export function requireNothing(command: string, positionals: readonly string[], hint = seeHelp(command)): void {
  if (positionals.length > 0) throw new BenchError("bad-usage", `bench ${command} takes no "${positionals[0]}"`, hint);
}

function seeHelp(command: string): string {
  return `See bench help ${command}.`;
}

function firstSentence(message: string): string {
  return message.split(". ")[0]!.replace(/\.$/, "");
}
