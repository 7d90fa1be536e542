import { count, share } from "../text/figures.js";
import { inLanguage, type Language } from "../text/language.js";
import { printable, printableLines } from "../text/printable.js";
import { sayInLesson as say } from "../words/lessons.js";
import { filledIn, handsRight, rightChoice } from "./judge.js";
import { PARTS, type Place } from "./place.js";
import type { Hands, Lesson, Shown, Step } from "./types.js";
import type { AsideView, Block, ChoiceView, LessonView } from "./view-types.js";

export interface Drawn {
  lesson: Lesson;
  place: Place;
  /** Of the step; null before it ran. */
  shown: Shown | null;
  hands: Hands;
  language: Language;
}

/** One part of a step. */
export function viewOf(drawn: Drawn): LessonView {
  return inLanguage(drawn.language, () => partOf(drawn));
}

function partOf({ lesson, place, shown, hands, language }: Drawn): LessonView {
  const step = lesson.steps[place.step]!;
  const { title, sections } = step.texts[language];
  const { part } = place;
  const runs = part === "measured" && shown === null;
  const right = shown === null || part !== "measured" ? null : rightChoice(step, shown.result);
  const of = say("step-of", { n: place.step + 1, of: lesson.steps.length });
  const asked = part === "question" || (part === "measured" && !runs);
  return {
    lang: language,
    title: lesson.title[language],
    step: step.id,
    part,
    where: `${of} · ${say(`part-${part}`)}`,
    heading: title,
    blocks: runs
      ? [{ kind: "paragraph", text: say("running-step", { scenario: printable(step.scenario.name) }) }]
      : blocksOf(sections[part], part === "question" ? null : shown),
    choices: asked ? choicesOf(step, hands, right, language) : [],
    sum: right === null ? "" : sumOf(hands, right),
    origin: part !== "measured" || shown === null ? "" : originOf(shown),
    aside: null,
    keys: runs ? "" : keysOf(place, lesson),
    buttons: runs ? [] : buttonsOf(place, step),
    runs,
    watch: part === "measured" ? step.watch : [],
  };
}

/** A section beside the others: hint or notes. */
export function asideOf(which: "hint" | "notes", { lesson, place, shown, language }: Drawn): AsideView {
  return inLanguage(language, () => {
    const text = lesson.steps[place.step]!.texts[language].sections[which];
    return { heading: say(`part-${which}`), blocks: blocksOf(text === "" ? say("nothing-of-it") : text, shown) };
  });
}

/** What was typed and is no command. */
export function unknownOf(text: string, language: Language): AsideView {
  const said = inLanguage(language, () => say("not-understood", { text: printable(text) }));
  return { heading: "", blocks: [{ kind: "paragraph", text: said }] };
}

/** How the room did, when all is over. */
export function endOf(
  lesson: Lesson,
  kept: Readonly<Record<string, Hands>>,
  right: ReadonlyMap<string, string | null>,
  language: Language,
): LessonView {
  return inLanguage(language, () => {
    const rows = lesson.steps.flatMap(({ id, texts }, at): Block[] => {
      const { all, right: ofThem } = handsRight(kept[id] ?? {}, right.get(id) ?? null);
      if (all === 0 || !right.has(id)) return [];
      return [{ kind: "item", text: `${at + 1} ${texts[language].title}: ${share(ofThem / all)}` }];
    });
    return {
      lang: language,
      title: lesson.title[language],
      step: "",
      part: "end",
      where: "",
      heading: say("lesson-over", { title: lesson.title[language] }),
      blocks: rows.length === 0 ? [] : [{ kind: "paragraph", text: say("how-room-did") }, ...rows],
      choices: [],
      sum: "",
      origin: "",
      aside: null,
      keys: "",
      buttons: [],
      runs: false,
      watch: [],
    };
  });
}

/** Paragraphs and lists; a drawing, between lines of ```, as it is. */
function blocksOf(markdown: string, shown: Shown | null): Block[] {
  const blocks: Block[] = [];
  let drawing: string[] | null = null;
  let open = false;
  for (const line of printableLines(filledIn(markdown, shown?.result ?? null))) {
    if (line.startsWith("```")) {
      if (drawing !== null) blocks.push({ kind: "drawing", lines: drawing });
      drawing = drawing === null ? [] : null;
      open = false;
      continue;
    }
    if (drawing !== null) {
      drawing.push(line);
      continue;
    }
    const text = line.trim().replaceAll("**", "");
    const last = blocks.at(-1);
    if (text === "") open = false;
    else if (text.startsWith("- ") || !open || last === undefined || last.kind === "drawing") {
      const item = text.startsWith("- ");
      blocks.push(item ? { kind: "item", text: text.slice(2).trim() } : { kind: "paragraph", text });
      open = true;
    } else last.text = joined(last.text, text);
  }
  return blocks;
}

/** Chinese is written without spaces, also where a line of the file ends: none stands beside its punctuation. */
function joined(before: string, line: string): string {
  const wide = /[，。、；：！？）」』”]$/u.test(before) || /^[（「『“]/u.test(line);
  const chinese = /\p{Script=Han}$/u.test(before) && /^\p{Script=Han}/u.test(line);
  return before + (wide || chinese ? "" : " ") + line;
}

function choicesOf({ choices, texts }: Step, hands: Hands, right: string | null, language: Language): ChoiceView[] {
  const most = Math.max(1, ...Object.values(hands));
  return choices.map(({ id }, at) => ({
    number: at + 1,
    text: texts[language].choices[id] ?? id,
    hands: hands[id] ?? 0,
    part: (hands[id] ?? 0) / most,
    mark: id === right ? say("measured-here") : "",
  }));
}

function sumOf(hands: Hands, right: string): string {
  const { all, right: ofThem } = handsRight(hands, right);
  if (all === 0) return say("no-hands");
  return say("hands-right", { right: count(ofThem), all: count(all), share: share(ofThem / all) });
}

function originOf({ recorded }: Shown): string {
  return recorded === null ? say("measured-now") : say("from-recording", { why: recorded });
}

function keysOf({ part, step }: Place, { steps }: Lesson): string {
  if (part === "question") return say("keys-question");
  if (part === PARTS.at(-1)) return say(step + 1 < steps.length ? "keys-next-step" : "keys-end");
  return say(part === "measured" ? "keys-measured" : "keys");
}

function buttonsOf({ part, step: at }: Place, { texts: { en } }: Step): LessonView["buttons"] {
  const is = (wanted: boolean, types: string, says: string) => (wanted ? [{ types, says }] : []);
  return [
    { types: "", says: say(part === "question" ? "do-run" : "do-next") },
    ...is(at > 0 || part !== "before", "b", say("do-back")),
    ...is(part !== "before" && part !== "question", "r", say("do-again")),
    { types: "s", says: say("do-skip") },
    ...is(en.sections.hint !== "", "h", say("part-hint")),
    ...is(en.sections.notes !== "", "n", say("part-notes")),
    { types: "q", says: say("do-quit") },
  ];
}
