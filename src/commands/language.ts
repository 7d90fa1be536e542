import { BenchError } from "../errors.js";
import { type Language, languageNamed, LANGUAGES, languageOf } from "../text/language.js";

/** `--lang`, of every command that draws in several languages. */
export const LANG = {
  type: "string",
  value: "zh",
  does: "the language of the report, en or zh; else that of LC_ALL, LC_MESSAGES or LANG. Scenarios, codes and JSON stay English",
} as const;

/** @throws BenchError `bad-usage` */
export function chosenLanguage(asked: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  if (asked === undefined) return languageOf(env);
  const named = languageNamed(asked);
  if (named !== null) return named;
  throw new BenchError("bad-usage", `--lang does not take "${asked}"`, `It takes ${LANGUAGES.join(", ")}.`);
}
