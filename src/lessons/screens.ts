import { say } from "../words/say.js";
import { count, share } from "../text/figures.js";
import { inLanguage, type Language } from "../text/language.js";
import { printable, printableLines } from "../text/printable.js";
import { displayWidth, padLeft, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";
import { filledIn, handsRight, rightChoice } from "./judge.js";
import { isEnd, PARTS, type Part, type Place } from "./place.js";
import type { Hands, Lesson, Shown, Step } from "./types.js";

/** What is drawn: plain lines, with what is bold or dim marked for whoever paints. */
export interface Line {
  text: string;
  style?: "bold" | "dim" | "good";
}

const WIDEST = 96;
const LONGEST_BAR = 24;
/** Beside a choice and its bar: its number, how many hands there were, and the mark of the right one. */
const AROUND_BAR = 28;

export interface Drawn {
  lesson: Lesson;
  place: Place;
  /** Of the step; null before it ran. */
  shown: Shown | null;
  hands: Hands;
  language: Language;
  columns: number;
}

/** One part of a step, for the projector. Ends with what can be typed. */
export function screenOf(drawn: Drawn): Line[] {
  return inLanguage(drawn.language, () => (isEnd(drawn.lesson, drawn.place) ? [] : partOf(drawn)));
}

function partOf(drawn: Drawn): Line[] {
  const { lesson, place, language, columns } = drawn;
  const width = Math.min(columns, WIDEST);
  const step = lesson.steps[place.step]!;
  const text = step.texts[language];
  const of = say("step-of", { n: place.step + 1, of: lesson.steps.length });
  return [
    { text: `${lesson.title[language]} · ${of} · ${headOf(place.part)}`, style: "dim" },
    ...wrap(text.title, width).map((line): Line => ({ text: line, style: "bold" })),
    { text: "" },
    ...(place.part === "question" ? questionOf(step, drawn, width) : proseOf(text.sections[place.part], drawn, width)),
    ...(place.part === "measured" ? [{ text: "" }, ...guessOf(step, drawn, width)] : []),
    { text: "" },
    ...wrap(keysOf(place, lesson), width).map((line): Line => ({ text: line, style: "dim" })),
  ];
}

function headOf(part: Part): string {
  return say(`part-${part}`);
}

/** A section beside the others: hint or notes. */
export function asideOf(which: "hint" | "notes", drawn: Drawn): Line[] {
  return inLanguage(drawn.language, () => {
    const text = drawn.lesson.steps[drawn.place.step]!.texts[drawn.language].sections[which];
    const shown = text === "" ? say("nothing-of-it") : text;
    return [{ text: say(`part-${which}`), style: "bold" }, ...proseOf(shown, drawn, Math.min(drawn.columns, WIDEST))];
  });
}

/** Paragraphs and lists wrapped; a drawing, between ```, as it is. */
export function proseOf(markdown: string, { shown }: Pick<Drawn, "shown">, width: number): Line[] {
  const filled = filledIn(markdown, shown?.result ?? null);
  const lines: Line[] = [];
  let fenced = false;
  let paragraph = "";
  const flush = (): void => {
    if (paragraph === "") return;
    const indent = paragraph.startsWith("- ") ? 2 : 0;
    lines.push(...wrap(paragraph.replaceAll("**", ""), width, indent).map((text) => ({ text })));
    paragraph = "";
  };
  for (const line of printableLines(filled)) {
    if (line.startsWith("```")) {
      flush();
      fenced = !fenced;
    } else if (fenced) lines.push({ text: `  ${line}` });
    else if (line.trim() === "") {
      flush();
      if (lines.at(-1)?.text !== "") lines.push({ text: "" });
    } else if (line.startsWith("- ")) {
      flush();
      paragraph = line;
    } else paragraph = joined(paragraph, line.trim());
  }
  flush();
  return lines;
}

/** Chinese is written without spaces, also where a line of the file ends: none stands beside its punctuation. */
function joined(before: string, line: string): string {
  const wide = /[，。、；：！？）」』”]$/u.test(before) || /^[（「『“]/u.test(line);
  const chinese = /\p{Script=Han}$/u.test(before) && /^\p{Script=Han}/u.test(line);
  return before + (before === "" || wide || chinese ? "" : " ") + line;
}

/** What was typed and is no command. */
export function unknownOf(text: string, language: Language): Line[] {
  return inLanguage(language, () => [{ text: say("not-understood", { text: printable(text) }) }]);
}

function questionOf(step: Step, drawn: Drawn, width: number): Line[] {
  const text = step.texts[drawn.language];
  const bars = barsOf(step, drawn.hands, null, drawn.language, width);
  return [...proseOf(text.sections.question, { shown: null }, width), { text: "" }, ...bars];
}

/** What the room said beside what was measured. */
function guessOf(step: Step, { shown, hands, language }: Drawn, width: number): Line[] {
  if (shown === null) return [];
  const right = rightChoice(step, shown.result);
  const { all, right: ofThem } = handsRight(hands, right);
  const sum =
    all === 0
      ? say("no-hands")
      : say("hands-right", { right: count(ofThem), all: count(all), share: share(ofThem / all) });
  const origin = shown.recorded === null ? say("measured-now") : say("from-recording", { why: shown.recorded });
  return [
    ...barsOf(step, hands, right, language, width),
    { text: "" },
    { text: sum, style: "bold" },
    ...wrap(origin, width).map((text): Line => ({ text, style: "dim" })),
  ];
}

function barsOf(
  { choices, texts }: Step,
  hands: Hands,
  right: string | null,
  language: Language,
  width: number,
): Line[] {
  const most = Math.max(1, ...Object.values(hands));
  const anybody = Object.values(hands).some((n) => n > 0);
  const says = choices.map(({ id }) => texts[language].choices[id] ?? id);
  const longest = Math.max(1, Math.min(LONGEST_BAR, Math.floor((width - AROUND_BAR) / 3)));
  const widest = Math.min(Math.max(10, width - longest - AROUND_BAR), Math.max(...says.map(displayWidth)));
  return choices.flatMap(({ id }, at) => {
    const n = hands[id] ?? 0;
    const bar = anybody ? `  ${"█".repeat(Math.round((n / most) * longest))} ${count(n)}` : "";
    const mark = id === right ? `  ◄ ${say("measured-here")}` : "";
    const [first = "", ...more] = wrap(says[at]!, widest);
    const line = `${padLeft(String(at + 1), 3)}  ${padRight(first, widest)}${bar}${mark}`.trimEnd();
    return [
      { text: line, ...(id === right ? { style: "good" as const } : {}) },
      ...more.map((text) => ({ text: `     ${text}` })),
    ];
  });
}

function keysOf(place: Place, { steps }: Lesson): string {
  const { part, step } = place;
  if (part === "question") return say("keys-question");
  if (part === PARTS.at(-1)) return say(step + 1 < steps.length ? "keys-next-step" : "keys-end");
  return say(part === "measured" ? "keys-measured" : "keys");
}

/** How the room did, when all is over. */
export function endOf(
  lesson: Lesson,
  kept: Readonly<Record<string, Hands>>,
  right: ReadonlyMap<string, string | null>,
  language: Language,
): Line[] {
  return inLanguage(language, () => {
    const rows = lesson.steps.flatMap(({ id, texts }, at): Line[] => {
      const { all, right: ofThem } = handsRight(kept[id] ?? {}, right.get(id) ?? null);
      if (all === 0 || !right.has(id)) return [];
      return [{ text: `${padLeft(String(at + 1), 3)}  ${padLeft(share(ofThem / all), 6)}  ${texts[language].title}` }];
    });
    return [
      { text: say("lesson-over", { title: lesson.title[language] }), style: "bold" },
      ...(rows.length === 0 ? [] : [{ text: "" }, { text: say("how-room-did") }, ...rows]),
    ];
  });
}
