import { count } from "../text/figures.js";
import { language, spacedBetween } from "../text/language.js";
import { EN, EN_NOUNS } from "./en.js";
import { ZH, ZH_NOUNS, ZH_TERMS } from "./zh.js";

export type Key = keyof typeof EN;
type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never;
type Filled<Word extends Key> =
  Slots<(typeof EN)[Word]> extends never ? [] : [values: Record<Slots<(typeof EN)[Word]>, string | number>];

/** A text of the report's own, in the language of what is being drawn. */
export function say<Word extends Key>(word: Word, ...[values]: Filled<Word>): string {
  const texts: Readonly<Record<Key, string>> = language() === "zh" ? ZH : EN;
  // Names of slots stand at every second place.
  const parts = texts[word].split(/\{(\w+)\}/u).map((part, at) => {
    if (at % 2 === 0) return part;
    return String((values as Record<string, string | number> | undefined)?.[part] ?? `{${part}}`);
  });
  return language() === "zh" ? spacedBetween(parts) : parts.join("");
}

/** Those that are there, one after the other. */
export function listed(parts: readonly string[], by: "list" | "clauses" | "full-stop" = "list"): string {
  const there = parts.filter((part) => part !== "");
  return there.length === 0 ? "" : there.reduce((a, b) => say(by, { a, b }));
}

/** `1 connection`, `2 connections`; `2 条连接`. */
export function counted(noun: keyof typeof EN_NOUNS, value: number): string {
  if (language() === "zh") return `${count(value)} ${ZH_NOUNS[noun]}`;
  return `${count(value)} ${EN_NOUNS[noun][value === 1 ? 0 : 1]}`;
}

/** A title or label of a figure, as the table of metrics has it in English. */
export function term(english: string): string {
  return language() === "zh" && Object.hasOwn(ZH_TERMS, english) ? ZH_TERMS[english]! : english;
}
