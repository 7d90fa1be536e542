import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { ROOT, runProgram } from "./bench.js";
import { temporaryFolder } from "./temporary.js";

const WITHOUT_REASON = 'test.skipIf(true)("without a reason", () => {});';
const NO_GO = 'test("for want of Go", ({ skip }) => skip("no Go here"));';
const LACKING = 'test("for want of a module", (context) => skipUnlessKernel(context, false, "sch_netem"));';
const RUNS = 'test("runs", (context) => { skipUnlessKernel(context, true, "veth"); console.log("it ran"); });';

// A test runner is started for each, which takes its time: side by side.
describe.concurrent("a test that is skipped", { timeout: 60_000 }, () => {
  const CI = { CI: "1" };

  test.for([
    ["fails a run in CI, and is named, unless its reason is the kernel", CI, [WITHOUT_REASON, NO_GO, LACKING, RUNS], 1],
    ["may be skipped in CI when the kernel lacks what it needs", CI, [LACKING, RUNS], 0],
    ["may be skipped at home", {}, [WITHOUT_REASON, NO_GO, RUNS], 0],
  ] as const)("%s", async ([_name, env, lines, exitCode], { expect, onTestFinished }) => {
    const folder = temporaryFolder({ onTestFinished });
    const skip = JSON.stringify(join(ROOT, "test/support/skip.ts"));
    writeFileSync(join(folder, "some.test.ts"), [`import { skipUnlessKernel } from ${skip};`, ...lines].join("\n"));
    const reporters = ["--reporter=default", `--reporter=${join(ROOT, "test/support/ci-reporter.ts")}`];
    const args = [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--globals", "--root", folder, ...reporters];
    const run = await runProgram(process.execPath, args, { cwd: folder, env });
    expect(run.exitCode).toBe(exitCode);
    expect(run.stdout).toContain("it ran");
    const named = ["without a reason", "for want of Go", "for want of a module"].filter((name) =>
      run.stderr.includes(`some.test.ts: ${name}`),
    );
    const wrong = [WITHOUT_REASON, NO_GO].filter((line) => (lines as readonly string[]).includes(line));
    expect(named).toHaveLength(wrong.length);
    expect(named).not.toContain("for want of a module");
  });
});
