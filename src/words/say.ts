import { count } from "../text/figures.js";
import { language, spaced } from "../text/language.js";
import { EN, EN_NOUNS } from "./en.js";
import { ZH, ZH_NOUNS, ZH_TERMS } from "./zh.js";

export type Key = keyof typeof EN;
type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never;
type Filled<Word extends Key> =
  Slots<(typeof EN)[Word]> extends never ? [] : [values: Record<Slots<(typeof EN)[Word]>, string | number>];

/** A text of the report's own, in the language of what is being drawn. */
export function say<Word extends Key>(word: Word, ...[values]: Filled<Word>): string {
  const texts: Readonly<Record<Key, string>> = language() === "zh" ? ZH : EN;
  const text = texts[word].replaceAll(/\{(\w+)\}/gu, (slot, name: string) =>
    String((values as Record<string, string | number> | undefined)?.[name] ?? slot),
  );
  return language() === "zh" ? spaced(text) : text;
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
