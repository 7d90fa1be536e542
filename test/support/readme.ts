import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "./bench.js";

/**
 * What the project's Markdown promises, block by block. The words behind a block's language say what it is:
 *
 * - ` ```sh `: commands, which are run line by line in a folder like a checkout; each has to end with exit code 0, or
 *   with the one that its comment names (`# exit code 1`).
 * - ` ```sh elsewhere `: the same in a folder of a user's own, which may keep what they make. In a checkout nothing may be
 *   left but what .gitignore names.
 * - ` ```sh shown `: commands that are only shown.
 * - ` ```yaml `, ` ```js ` and ` ```py `: a file that stands in those folders, where the first line is a comment with its name
 *   (`# my-service.yaml`). A YAML file of that kind is a scenario, and has to be a right one.
 * - everything else, ` ```console ` above all, is only shown.
 */
export interface Block {
  language: string;
  /** The words behind the language. */
  words: string[];
  text: string;
  /** Of its first line, counted from 1. */
  line: number;
}

export interface Command {
  command: string;
  exitCode: number;
}

/** A file that a block shows whole. */
export interface ShownFile {
  name: string;
  text: string;
}

/** What comes from elsewhere, or is a tool's own. */
const NOT_OURS = new Set(["node_modules", "dist", "coverage", "fixtures", "snapshots"]);

/** Every Markdown file of the project, as paths from its top. */
export function markdownFiles(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return entry.name.endsWith(".md") ? [path] : [];
      return entry.isDirectory() && entry.name !== ".git" && !NOT_OURS.has(entry.name) ? inFolder(path) : [];
    });
  return inFolder("").toSorted();
}

/** @param file a path from the project's top */
export function readBlocks(file: string): Block[] {
  return parseBlocks(readMarkdown(file));
}

/** @param file a path from the project's top */
export function readMarkdown(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

export function parseBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\S+)(.*)\n([^]*?)^```$/gmu)].map(({ 1: language, 2: words, 3: text, index }) => ({
    language: language!,
    words: words!.split(" ").filter((word) => word !== ""),
    text: text!,
    line: markdown.slice(0, index).split("\n").length,
  }));
}

/** The commands of a block; none where it is only shown. A backslash at its end carries a line on. */
export function commandsOf({ language, words, text }: Block): Command[] {
  if (language !== "sh" || words.includes("shown")) return [];
  return text
    .replaceAll(/\s*\\\n\s*/gu, " ")
    .split("\n")
    .map((line) => ({
      command: line.replace(/(?:^|\s+)#.*$/u, "").trim(),
      exitCode: Number(/#.*\bexit code (\d+)/u.exec(line)?.[1] ?? 0),
    }))
    .filter(({ command }) => command !== "");
}

/** The files that a document shows. */
export function filesOf(blocks: readonly Block[]): ShownFile[] {
  return blocks.flatMap(({ language, words, text }) => {
    const name = /^(?:#|\/\/) ([\w./-]+\.(?:yaml|yml|js|mjs|py))\b/u.exec(text)?.[1];
    if (name === undefined || words.includes("shown") || !/^(?:yaml|js|py|python)$/u.test(language)) return [];
    return [{ name: basename(name), text }];
  });
}
