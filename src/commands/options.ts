import { distance } from "fastest-levenshtein";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { BenchError } from "../errors.js";

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;

/** parseArgs with our errors: an unknown option names the nearest one that there is. @throws BenchError `bad-usage` */
export function parse<Options extends OptionsConfig>(
  command: string,
  args: readonly string[],
  options: Options,
): ReturnType<typeof parseArgs<{ args: string[]; options: Options; allowPositionals: true; strict: true }>> {
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

/** `Did you mean …?` when something known is near enough; else the fallback. */
export function suggestion(word: string, known: readonly string[], fallback: string): string {
  const nearest = known.toSorted((a, b) => distance(word, a) - distance(word, b))[0];
  return nearest !== undefined && distance(word, nearest) <= Math.max(2, word.length / 3)
    ? `Did you mean ${nearest}? ${fallback}`
    : fallback;
}

/** @throws BenchError `bad-usage` unless it is one of them */
export function oneOf<Choice extends string>(option: string, value: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const all = `It takes ${choices.join(", ")}.`;
  throw new BenchError("bad-usage", `${option} does not take "${value}"`, suggestion(value, choices, all));
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

function seeHelp(command: string): string {
  return `See bench ${command} --help.`;
}

function firstSentence(message: string): string {
  return message.split(". ")[0]!.replace(/\.$/, "");
}
