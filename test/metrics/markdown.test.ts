import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { metricsAsMarkdown } from "../../src/metrics/markdown.js";

const README = readFileSync(new URL("../../results/README.md", import.meta.url), "utf8");
/** The formatter aligns columns. */
const plain = (text: string): string => text.replaceAll(/ {2,}/gu, " ").replaceAll(/-{3,}/gu, "---");

test("results/README.md lists every metric as the table of metrics says it, in at most 110 columns", () => {
  expect(plain(README)).toContain(plain(metricsAsMarkdown()));
  const wide = README.split("\n").filter((line) => line.startsWith("|") && line.length > 110);
  expect(wide).toEqual([]);
});
