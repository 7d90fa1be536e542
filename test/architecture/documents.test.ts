import { expect, test } from "vitest";
import { markdownFiles, readMarkdown } from "../support/readme.js";

test("README.md has at most 220 lines", () => {
  expect(readMarkdown("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(220);
});

test.each(markdownFiles())("no table of %s is wider than 110 columns", (file) => {
  const rows = readMarkdown(file)
    .split("\n")
    .filter((line) => line.trimStart().startsWith("|"));
  expect(rows.filter((row) => row.length > 110)).toEqual([]);
});

test("every document that another one links to is there", () => {
  const known = new Set(markdownFiles());
  const missing = markdownFiles().flatMap((file) =>
    [...readMarkdown(file).matchAll(/\]\(([^)#:]+\.md)(?:#[^)]*)?\)/gu)]
      .map(([, path]) => new URL(path!, `file:///${file}`).pathname.slice(1))
      .filter((path) => !known.has(path))
      .map((path) => `${file}: ${path}`),
  );
  expect(missing).toEqual([]);
});
