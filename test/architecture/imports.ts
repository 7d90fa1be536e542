export interface Import {
  specifier: string;
  /** true for `import type` and `export type`, of which nothing is left when the code runs. */
  typeOnly: boolean;
  /** Counted from 1. */
  line: number;
}

/** `import … from "x"`, `export … from "x"` and `import "x"`, at the start of a line and over several lines. */
const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[\w*{][^;"'`]*?\sfrom\s*)?["']([^"']+)["']/gmu;
/** `import("x")`, `require("x")` and `createRequire(…)("x")`, wherever they stand. */
const DYNAMIC = /\b(?:import|require|createRequire\([^)]*\))\(\s*["']([^"']+)["']\s*\)/gu;

/** Every import of a TypeScript file, in no particular order. Reads the text alone; comments never match. */
export function importsOf(text: string): Import[] {
  const code = text.replaceAll(/^\s*(?:\/\/.*|\/\*(?:[^*]|\*(?!\/))*\*\/)/gmu, blankLines);
  const at = (index: number): number => code.slice(0, index).split("\n").length;
  return [
    ...[...code.matchAll(STATEMENT)].map(({ 1: type, 2: specifier = "", index }) => ({
      specifier,
      typeOnly: type !== undefined,
      line: at(index),
    })),
    ...[...code.matchAll(DYNAMIC)].map(({ 1: specifier = "", index }) => ({
      specifier,
      typeOnly: false,
      line: at(index),
    })),
  ];
}

function blankLines(comment: string): string {
  return comment.replaceAll(/[^\n]/gu, "");
}
