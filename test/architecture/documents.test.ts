import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { ROOT } from "../support/bench.js";
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

test("whatever a document links to, a picture too, is in the repository", () => {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const files = listed.trimEnd().split("\n");
  const isThere = (path: string): boolean => files.some((file) => file === path || file.startsWith(`${path}/`));
  const missing = markdownFiles().flatMap((file) =>
    [...readMarkdown(file).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/gu)]
      .map(([, path]) => new URL(path!, `file:///${file}`).pathname.slice(1).replace(/\/$/u, ""))
      .filter((path) => !isThere(path))
      .map((path) => `${file}: ${path}`),
  );
  expect(missing).toEqual([]);
});
