import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { ROOT, runProgram } from "./bench.js";
import { temporaryFolder } from "./temporary.js";

/** A checkout whose vitest fails for files that are called broken. */
const VITEST = '#!/bin/sh\necho "again: $*"\ncase $* in *broken*) exit 1 ;; esac\n';

test.for([
  ["what passes by itself fails nothing, and is named", ["a", "b"], 1, 0, ["a", "b"]],
  ["what fails again fails", ["a", "broken"], 1, 1, ["a", "broken"]],
  ["of many files none gets a second time", ["a", "b", "c", "d"], 1, 1, []],
  ["what failed for another reason than a test does not get one either", [], 7, 7, []],
  ["what passes is run once", [], 0, 0, []],
] as const)("%s", async ([_name, failed, first, exitCode, again], { expect, onTestFinished }) => {
  const folder = temporaryFolder({ onTestFinished });
  const file = (name: string): string => join(folder, "test", `${name}.test.ts`);
  mkdirSync(join(folder, ".ci"));
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  copyFileSync(join(ROOT, ".ci/again"), join(folder, ".ci/again"));
  writeFileSync(join(folder, "node_modules/.bin/vitest"), VITEST);
  chmodSync(join(folder, "node_modules/.bin/vitest"), 0o755);
  const tests = `printf '%s\\n' ${failed.map(file).join(" ")} | grep . >"$FAILED_FILES"; exit ${first}`;
  const run = await runProgram("bash", [join(folder, ".ci/again"), "sh", "-c", tests], { cwd: folder });
  expect(run.exitCode).toBe(exitCode);
  expect(run.stdout.match(/again: .*/gu) ?? []).toEqual(
    again.map((name) => `again: run --config test/vitest.config.ts test/${name}.test.ts`),
  );
  expect(run.stdout.includes("which is to be mended")).toBe(failed.length > 0 && exitCode === 0);
});
