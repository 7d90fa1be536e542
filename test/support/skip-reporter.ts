import type { Reporter, TestCase, TestModule } from "vitest/node";
import { isAccepted } from "./skip.js";

/** Names every test that was skipped without an accepted reason; with `CI` set, such a run fails. */
export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]).filter(withoutReason);
    if (skipped.length === 0) return;
    console.error("Skipped without an accepted reason (see test/support/skip.ts):");
    for (const test of skipped) console.error(`  ${test.module.moduleId}: ${test.fullName}`);
    if (process.env["CI"]) process.exitCode = 1;
  }
}

function withoutReason(test: TestCase): boolean {
  const result = test.result();
  return result.state === "skipped" && !isAccepted(result.note);
}
