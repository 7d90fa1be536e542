import { count } from "../text/figures.js";
import { language } from "../text/language.js";
import { EN } from "./en/en.js";
import { EN_NOUNS } from "./en/nouns.js";
import { sayer } from "./sayer.js";
import { ZH, ZH_NOUNS, ZH_TERMS } from "./zh/zh.js";

/** A text of the report's own, in the language of what is being drawn. */
export const say = sayer(EN, ZH);

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
