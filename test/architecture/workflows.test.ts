import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../support/bench.js";

interface Workflow {
  jobs: Record<string, { steps: { uses?: string; run?: string }[] }>;
}

const FOLDER = join(ROOT, ".github/workflows");
const workflows = readdirSync(FOLDER).map((name) => {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const { jobs } = parse(text) as Workflow;
  return { name, text, steps: Object.values(jobs).flatMap(({ steps }) => steps) };
});

test.each(workflows)("$name uses actions by their commit, with the version beside it", ({ text, steps }) => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) {
    expect(action).toMatch(/@[0-9a-f]{40}$/u);
    expect(text).toMatch(new RegExp(`uses: ${action} # v\\d`, "u"));
  }
});

test.each(workflows)("$name installs programs from the one list of them", ({ steps }) => {
  expect(steps.filter(({ run }) => run?.includes("apt-get"))).toEqual([]);
});

test("each line of the list of packages is a program, or a pattern of its path, and its package, and none is named twice", () => {
  const lines = readFileSync(join(ROOT, ".ci/packages"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(lines.filter((line) => !/^[\w/*.-]+ +[\w.+-]+$/u.test(line))).toEqual([]);
  const programs = lines.map((line) => line.split(" ")[0]!);
  expect(programs).toEqual([...new Set(programs)]);
});
