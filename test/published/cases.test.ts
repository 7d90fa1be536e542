import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { casesAsMarkdown, casesOf, FILES } from "./cases.js";

const cases = FILES.flatMap(casesOf);

test("forty cases and more are restated, each under a name of its own", () => {
  expect(cases.length).toBeGreaterThanOrEqual(40);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});

test.each(cases)("$name expects something", ({ expectations }) => {
  expect(expectations).toBeGreaterThan(0);
});

test("README.md lists them, in the words of the scenarios", () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
  expect(readme.split(/<!-- \/?cases -->/u)[1]!.trim()).toBe(casesAsMarkdown(cases).trim());
});
