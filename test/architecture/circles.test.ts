import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { circlesOf } from "./circles.js";

const SRC = new URL("../../src/", import.meta.url);

test("no files of src/ import each other in a circle", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/u.test(path))
    // Whoever imports a component names it without its x.
    .map((path) => ({ path: `src/${path.replace(/x$/u, "")}`, text: readFileSync(new URL(path, SRC), "utf8") }));
  expect(files.length).toBeGreaterThan(100);
  expect(circlesOf(files)).toEqual([]);
});

describe("the search for circles", () => {
  const file = (path: string, ...imports: string[]) => ({
    path,
    text: imports.map((from) => `import type { A } from "${from}";\n`).join(""),
  });

  test("finds two files that know each other", () => {
    expect(circlesOf([file("src/a.ts", "./b.js"), file("src/b.ts", "./a.js")])).toEqual([["src/a.ts", "src/b.ts"]]);
  });

  test("finds a long circle once, and not the files that only lead to it", () => {
    const files = [
      file("src/top.ts", "./a/one.js"),
      file("src/a/one.ts", "../b/two.js", "./leaf.js"),
      file("src/a/leaf.ts"),
      file("src/b/two.ts", "./three.js"),
      file("src/b/three.ts", "../a/one.js", "zod"),
    ];
    expect(circlesOf(files)).toEqual([["src/a/one.ts", "src/b/three.ts", "src/b/two.ts"]]);
  });

  test("finds a file that imports itself", () => {
    expect(circlesOf([file("src/a.ts", "./a.js")])).toEqual([["src/a.ts"]]);
  });

  test("takes two ways to one file for no circle", () => {
    const files = [
      file("src/a.ts", "./b.js", "./c.js"),
      file("src/b.ts", "./d.js"),
      file("src/c.ts", "./d.js"),
      file("src/d.ts"),
    ];
    expect(circlesOf(files)).toEqual([]);
  });
});
