import { count } from "../text/figures.js";
import { inLanguage } from "../text/language.js";
import { displayWidth, padLeft, padRight } from "../text/width.js";
import { wrap } from "../text/wrap.js";
import type { AsideView, Block, ChoiceView, LessonView } from "./view-types.js";

/** A lesson on a terminal: plain lines, with what is bold or dim marked for whoever paints. */
export interface Line {
  text: string;
  style?: "bold" | "dim" | "good";
}

const WIDEST = 96;
const LONGEST_BAR = 24;
/** Beside a choice and its bar: its number, how many hands there were, and the mark of the right one. */
const AROUND_BAR = 28;

/** Ends with what can be typed. */
export function screenOf(view: LessonView, columns: number): Line[] {
  const width = Math.min(columns, WIDEST);
  const { title, part, where, heading, blocks, choices, sum, origin, keys } = view;
  const parts: Line[][] = [
    linesOf(blocks, width),
    inLanguage(view.lang, () => barsOf(choices, width)),
    [...styled(sum, width, "bold"), ...styled(origin, width, "dim")],
    styled(keys, width, "dim"),
  ];
  return [
    ...(part === "end" ? [] : [{ text: `${title} · ${where}`, style: "dim" as const }]),
    ...styled(heading, width, "bold"),
    ...parts.filter((lines) => lines.length > 0).flatMap((lines) => [{ text: "" }].concat(lines)),
  ];
}

/** What is added below it. */
export function asideLines({ heading, blocks }: AsideView, columns: number): Line[] {
  const width = Math.min(columns, WIDEST);
  return [...styled(heading, width, "bold"), ...linesOf(blocks, width)];
}

function styled(text: string, width: number, style: Line["style"] & string): Line[] {
  return text === "" ? [] : wrap(text, width).map((line) => ({ text: line, style }));
}

function linesOf(blocks: readonly Block[], width: number): Line[] {
  return blocks.flatMap((block, at): Line[] => {
    const apart = at > 0 && !(block.kind === "item" && blocks[at - 1]!.kind === "item");
    const lines =
      block.kind === "drawing"
        ? block.lines.map((line) => `  ${line}`)
        : block.kind === "item"
          ? wrap(`- ${block.text}`, width, 2)
          : wrap(block.text, width);
    return [...(apart ? [{ text: "" }] : []), ...lines.map((text) => ({ text }))];
  });
}

/** What the room said, beside what was measured. */
function barsOf(choices: readonly ChoiceView[], width: number): Line[] {
  const anybody = choices.some(({ hands }) => hands > 0);
  const longest = anybody ? Math.max(1, Math.min(LONGEST_BAR, Math.floor((width - AROUND_BAR) / 3))) : 0;
  const texts = choices.map(({ text }) => displayWidth(text));
  const widest = Math.min(Math.max(10, width - longest - AROUND_BAR), Math.max(...texts));
  return choices.flatMap(({ number, text, hands, part, mark }) => {
    const bar = anybody ? `  ${"█".repeat(Math.round(part * longest))} ${count(hands)}` : "";
    const [first = "", ...more] = wrap(text, widest);
    const beside = mark === "" ? "" : `  ◄ ${mark}`;
    const line = `${padLeft(String(number), 3)}  ${padRight(first, widest)}${bar}${beside}`.trimEnd();
    return [
      { text: line, ...(mark === "" ? {} : { style: "good" as const }) },
      ...more.map((rest) => ({ text: `     ${rest}` })),
    ];
  });
}
