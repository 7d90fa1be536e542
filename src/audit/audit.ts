import type { RunResult } from "../result/types.js";
import { type Language, language, spaced } from "../text/language.js";
import { printable } from "../text/printable.js";
import { differencesIn, type Found } from "./differences.js";
import { EN } from "./en.js";
import { figuresOf, trialIn } from "./figures.js";
import { situationOf, type SituationName } from "./situations.js";
import type { Audit, Difference, DifferenceTexts, ProgramAudit, SituationAudit } from "./types.js";
import { ZH } from "./zh.js";

const TEXTS: Readonly<Record<Language, DifferenceTexts>> = { en: EN, zh: ZH };

/** What results of an audit come to; those of other scenarios are left out. Pure. */
export function auditOf(results: readonly RunResult[]): Audit {
  const programs = new Map<string, { of: Omit<ProgramAudit, "situations">; results: Measured[] }>();
  for (const result of results) {
    const situation = situationOf(result.scenario);
    if (situation === null) continue;
    const of = programIn(result);
    const key = JSON.stringify([of.program, of.command]);
    const there = programs.get(key);
    if (there === undefined) programs.set(key, { of, results: [{ situation, result }] });
    else {
      there.results.push({ situation, result });
      // Its version is known once it was found.
      if (there.of.name === there.of.program) there.of = of;
    }
  }
  return {
    programs: [...programs.values()].map(({ of, results: measured }) => {
      const { program, name, command, isRead } = of;
      return { program, name, command, isRead, situations: measured.map((one) => situationAudit(one, program)) };
    }),
  };
}

interface Measured {
  situation: SituationName;
  result: RunResult;
}

function programIn(result: RunResult): Omit<ProgramAudit, "situations"> {
  const { name: called, load } = result.scenario.variants[0]!;
  const { client, program } = load;
  const trial = trialIn(result);
  if (client === "command" && program !== undefined) {
    const name = trial?.claims?.tool ?? called;
    return { program: called, name, command: printable(program.command), isRead: program.reads !== undefined };
  }
  const name = trial?.clientName ?? "none";
  return { program: called, name: name === "none" ? called : printable(name), command: null, isRead: true };
}

function situationAudit({ situation, result }: Measured, program: string): SituationAudit {
  const { error, status, scenario } = result;
  const trial = trialIn(result);
  const figures = trial === undefined ? null : figuresOf(scenario.variants[0]!, trial);
  return {
    situation,
    status,
    error: error ?? null,
    figures,
    differences: figures === null ? [] : differencesIn(situation, figures).map((found) => inWords(found, program, EN)),
  };
}

function inWords(found: Found, program: string, texts: DifferenceTexts): Difference {
  return { ...found, text: textOf(found, program, texts) };
}

function textOf({ code, figures }: Found, program: string, texts: DifferenceTexts): string {
  const said = texts[code] as (figures: unknown, program: string) => string;
  return printable(said(figures, program));
}

/** The sentence of a difference in the language of what is being drawn; a document keeps English. */
export function toldDifference(difference: Difference, program: string): string {
  const chosen = language();
  if (chosen === "en") return difference.text;
  return spaced(textOf(difference, program, TEXTS[chosen]));
}
