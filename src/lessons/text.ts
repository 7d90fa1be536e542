import { OPTIONAL, type Section, SECTIONS, type StepText } from "./types.js";

/** Something wrong with a step's text, at an offset in it. */
export interface TextFault {
  offset: number;
  message: string;
  hint?: string;
}

/** `{variant.metric}`; other braces are prose: `SO_LINGER {on, 0}`. */
export const PLACEHOLDER = /\{([^{}\s.]+\.[^{}\s]+)\}/gu;
const HEADING = /^(#{1,2}) +(.+?) *$/u;
const CHOICE = /^- ([a-z][a-z0-9-]*): +(.+?) *$/u;

interface Block {
  name: string;
  offset: number;
  lines: { text: string; offset: number }[];
}

/**
 * The Markdown of a step in one language: `# Title`, then `## before`, `## question` with a line `- choice: text` for each
 * choice, `## measured`, `## why`, `## life`, and if there is something to say `## hint` and `## notes`.
 * @param choices the ids that lesson.yaml has
 */
export function parseText(markdown: string, choices: readonly string[]): { text: StepText; faults: TextFault[] } {
  const faults: TextFault[] = [];
  const blocks = blocksOf(markdown);
  const [title, ...rest] = blocks;
  if (title === undefined || title.name !== "title")
    faults.push({ offset: 0, message: "the title is missing", hint: "the first line is `# What this step is about`" });
  const of = new Map<string, Block>();
  for (const block of title?.name === "title" ? rest : blocks) {
    if (!SECTIONS.some((known) => known === block.name))
      faults.push({
        offset: block.offset,
        message: `there is no section \`${block.name}\``,
        hint: `there are ${SECTIONS.map((known) => `\`${known}\``).join(", ")}`,
      });
    else if (of.has(block.name)) faults.push({ offset: block.offset, message: `\`${block.name}\` stands twice` });
    else of.set(block.name, block);
  }
  for (const name of SECTIONS)
    if (!OPTIONAL.includes(name) && textOf(of.get(name)) === "")
      faults.push({
        offset: of.get(name)?.offset ?? markdown.length,
        message: `the section \`## ${name}\` is missing`,
      });
  const { texts, prose } = choicesIn(of.get("question"), choices, faults);
  const sections = Object.fromEntries(
    SECTIONS.map((name) => [name, name === "question" ? prose : textOf(of.get(name))]),
  ) as Record<Section, string>;
  return { text: { title: title?.lines[0]?.text ?? "", sections, choices: texts }, faults };
}

/** Every figure that is spoken of, and where. */
export function placeholdersIn(markdown: string): { path: string; offset: number }[] {
  return Array.from(markdown.matchAll(PLACEHOLDER), (match) => ({ path: match[1]!, offset: match.index + 1 }));
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let offset = 0;
  let fenced = false;
  for (const line of markdown.split("\n")) {
    const text = line.replace(/\r$/u, "");
    if (text.startsWith("```")) fenced = !fenced;
    const [, level, name] = fenced ? [] : (HEADING.exec(text) ?? []);
    if (level === "#") blocks.push({ name: "title", offset, lines: [{ text: name!, offset }] });
    else if (level === "##") blocks.push({ name: name!, offset, lines: [] });
    else blocks.at(-1)?.lines.push({ text, offset });
    offset += line.length + 1;
  }
  return blocks;
}

function textOf(block: Block | undefined): string {
  return (block?.lines ?? [])
    .map(({ text }) => text)
    .join("\n")
    .trim();
}

function choicesIn(block: Block | undefined, ids: readonly string[], faults: TextFault[]) {
  const texts: Record<string, string> = {};
  const prose: string[] = [];
  for (const { text, offset } of block?.lines ?? []) {
    const [, id, says] = CHOICE.exec(text) ?? [];
    if (id === undefined || says === undefined) prose.push(text);
    else if (!ids.includes(id))
      faults.push({
        offset,
        message: `lesson.yaml has no choice \`${id}\``,
        hint: `there are ${ids.map((one) => `\`${one}\``).join(", ")}`,
      });
    else texts[id] = says;
  }
  for (const id of ids)
    if (block !== undefined && !Object.hasOwn(texts, id))
      faults.push({
        offset: block.offset,
        message: `the choice \`${id}\` has no text`,
        hint: `write a line \`- ${id}: …\` below \`## question\``,
      });
  return { texts, prose: prose.join("\n").trim() };
}
