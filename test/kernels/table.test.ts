import { expect, test } from "vitest";
import { jobs, orderOf } from "./jobs.js";
import { type Column, inPage, listedIn, outcomeOf, tableOf } from "./table.js";

const PAGE =
  "- `a` **confirmed**: It is so.\n- `b-2` **partly**: Not quite.\n<!-- kernels -->\nold\n<!-- /kernels -->\nend\n";
const old: Column = {
  kernel: "5.10.0",
  verdicts: { "b-2": { verdict: "partly", reason: "x" }, a: { verdict: "not-testable-here", reason: "Too slow." } },
};
const newer: Column = { kernel: "6.12", verdicts: { "b-2": { verdict: "refuted", reason: "It does." } } };

test("each claim has a row, each kernel a column, and what differs from the list has its reason", () => {
  expect(tableOf([old, newer], listedIn(PAGE)).split("\n")).toEqual([
    "| claim | 5.10.0            | 6.12    | the list  |",
    "| ----- | ----------------- | ------- | --------- |",
    "| `a`   | not-testable-here | –       | confirmed |",
    "| `b-2` | partly            | refuted | partly    |",
    "",
    "- `a` on 5.10.0, **not-testable-here**: Too slow.",
    "- `b-2` on 6.12, **refuted**: It does.",
  ]);
});

test("the table takes the place of the one before", () => {
  expect(inPage(PAGE, "new")).toContain("<!-- kernels -->\n\nnew\n\n<!-- /kernels -->\nend");
  expect(() => inPage("nothing", "new")).toThrow("the page has no");
});

test("a claim that came to no verdict is not testable there, and says why", () => {
  expect(outcomeOf({ verdict: "gone", reason: "r" }, 0)).toEqual({ verdict: "gone", reason: "r" });
  for (const code of [3, 124, 137]) expect(outcomeOf(null, code).verdict).toBe("not-testable-here");
  expect(outcomeOf(null, 124).reason).toContain("too slow");
  expect(outcomeOf(null, 3).reason).toContain("exit code 3");
});

test("the order has a line for each job, of words alone", () => {
  const lines = orderOf(jobs(["a", "b"]))
    .trim()
    .split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual([
    "doctor",
    "main-job",
    "observers",
    "cable",
    "claim.a",
    "claim.b",
  ]);
  for (const line of lines) expect(line).toMatch(/^\S+ \d+ (?:\S+ ?)+$/u);
});
