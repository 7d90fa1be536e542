import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";
import { isAccepted } from "./skip.js";

/**
 * Names every test that was skipped without an accepted reason; with `CI` set, such a run fails. Where tests failed, and nothing
 * else was wrong, their files are written to the file that `FAILED_FILES` names, a line each: for .ci/again.
 */
export default class CiReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]).filter(withoutReason);
    if (skipped.length > 0) {
      console.error("Skipped without an accepted reason (see test/support/skip.ts):");
      for (const test of skipped) console.error(`  ${test.module.moduleId}: ${test.fullName}`);
      if (process.env["CI"]) process.exitCode = 1;
    }
    const list = process.env["FAILED_FILES"];
    if (list === undefined || skipped.length > 0 || errors.length > 0) return;
    const failed = new Set(modules.filter((module) => !module.ok()).map(({ moduleId }) => `${moduleId}\n`));
    writeFileSync(list, [...failed].join(""));
  }
}

function withoutReason(test: TestCase): boolean {
  const result = test.result();
  return result.state === "skipped" && !isAccepted(result.note);
}
