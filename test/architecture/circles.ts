import { posix } from "node:path";
import { importsOf } from "./imports.js";
import type { SourceFile } from "./violations.js";

/**
 * Files that import each other in a circle, each circle as its sorted paths. Imports of types count too: who reads one
 * of such files has to read them all. Each circle is a strongly connected component (Tarjan 1972).
 */
export function circlesOf(files: readonly SourceFile[]): string[][] {
  const imports = new Map(files.map((file) => [file.path, ownImports(file)]));
  const circles: string[][] = [];
  const low = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();

  const visit = (path: string): number => {
    const index = low.size;
    low.set(path, index);
    stack.push(path);
    open.add(path);
    let lowest = index;
    for (const to of imports.get(path) ?? []) {
      if (!imports.has(to)) continue;
      if (!low.has(to)) lowest = Math.min(lowest, visit(to));
      else if (open.has(to)) lowest = Math.min(lowest, low.get(to)!);
    }
    low.set(path, lowest);
    if (lowest === index) {
      const circle = stack.splice(stack.indexOf(path));
      for (const member of circle) open.delete(member);
      if (circle.length > 1 || imports.get(path)?.includes(path)) circles.push(circle.toSorted());
    }
    return lowest;
  };
  for (const path of imports.keys()) if (!low.has(path)) visit(path);
  return circles.toSorted((a, b) => a[0]!.localeCompare(b[0]!));
}

function ownImports({ path, text }: SourceFile): string[] {
  return importsOf(text)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier).replace(/\.js$/u, ".ts"));
}
