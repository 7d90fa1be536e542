import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figuresOf } from "../../../src/scenario/phases/figures.js";
import { fieldsOf, STEP_KINDS } from "../../../src/scenario/phases/kinds.js";
import { stepsManual } from "../../../src/scenario/phases/manual.js";

const manual = stepsManual();
const lines = manual.split("\n");
const sectionOf = (kind: string): string[] => {
  const from = lines.findIndex((line) => line.startsWith(`**\`${kind}\`**`));
  const heading = lines.slice(0, from).findLastIndex((line) => line.startsWith("### "));
  const firstKind = lines.findIndex((line, at) => at > heading && line.startsWith("**"));
  const to = lines.findIndex((line, at) => at > from && /^(?:\*\*|###)/u.test(line));
  // With what all steps, and all of its group, have.
  const shared = [
    ...lines.slice(
      0,
      lines.findIndex((line) => line.startsWith("### ")),
    ),
    ...lines.slice(heading, firstKind),
  ];
  return from < 0 ? [] : [...shared, ...lines.slice(from, to < 0 ? undefined : to)];
};

test.each(STEP_KINDS)("names every field and every figure of `%s`", (kind) => {
  const section = sectionOf(kind).join("\n");
  expect(section).not.toBe("");
  for (const field of fieldsOf(kind).filter((name) => name !== "do")) expect(section).toContain(`- \`${field}\``);
  for (const figure of figuresOf(kind)) expect(section).toContain(`\`${figure}\``);
});

test("says each default, and what there is no default for", () => {
  expect(sectionOf("await")).toContain("- `within` (`10s`): Gives up after so long.");
  expect(sectionOf("wait")).toContain("- `for` (needed): How long to wait.");
});

test("leaves nothing unexplained", () => {
  for (const line of lines.filter((text) => text.startsWith("- "))) expect(line).toMatch(/: \S/u);
});

test("stands in scenarios/README.md as it is", () => {
  const readme = readFileSync(new URL("../../../scenarios/README.md", import.meta.url), "utf8");
  expect(readme.split(/<!-- \/?steps -->/u)[1]?.trim()).toBe(manual.trim());
});
