import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { ROOT, runProgram } from "../support/bench.js";
import { importsOf } from "./imports.js";

/** Whoever runs code of these starts the built program, or makes a lab. */
const LIVE = ["test/support/bench.ts", "src/lab/open.ts", "src/lab/holder.ts", "src/lab/host.ts"];

/** The files whose code runs when this one does, itself included. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { specifier, typeOnly } of importsOf(readFileSync(file, "utf8"))) {
    const other = resolve(dirname(file), specifier.replace(/\.js$/u, ".ts"));
    if (!typeOnly && specifier.startsWith(".") && existsSync(other)) reached(other, seen);
  }
  return seen;
}

test("no quick test can start the program or make a lab", async () => {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = ["list", "--filesOnly", "--json", "--config", "test/vitest.config.ts", "--project", "quick"];
  const { stdout } = await runProgram(process.execPath, [vitest, ...args]);
  const files = (JSON.parse(stdout) as { file: string }[]).map(({ file }) => file);
  expect(files.length).toBeGreaterThan(50);
  const reach = (file: string): string[] => [...reached(file)].map((path) => relative(ROOT, path));
  const live = files.filter((file) => reach(file).some((path) => LIVE.includes(path)));
  expect(live, "Name it among LIVE in test/vitest.config.ts").toEqual([]);
});
