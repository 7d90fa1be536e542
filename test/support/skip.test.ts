import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT, runProgram } from "./bench.js";
import { temporaryFolder } from "./temporary.js";

/** The exit code of a test run that consists of these lines. */
async function exitCodeOf(lines: string, env: Record<string, string>): Promise<number | null> {
  const folder = temporaryFolder();
  const skip = JSON.stringify(join(ROOT, "test/support/skip.ts"));
  writeFileSync(join(folder, "some.test.ts"), `import { skipUnlessKernel } from ${skip};\n${lines}`);
  const reporter = `--reporter=${join(ROOT, "test/support/skip-reporter.ts")}`;
  const args = [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--globals", "--root", folder, reporter];
  return (await runProgram(process.execPath, args, { cwd: folder, env })).exitCode;
}

describe("a test that is skipped", () => {
  const CI = { CI: "1" };

  test("fails a run in CI when it gives no reason", async () => {
    expect(await exitCodeOf('test.skipIf(true)("skipped", () => {});', CI)).toBe(1);
  });

  test("fails a run in CI when its reason is not the kernel", async () => {
    expect(await exitCodeOf('test("skipped", ({ skip }) => skip("no Go here"));', CI)).toBe(1);
  });

  test("may be skipped in CI when the kernel lacks what it needs", async () => {
    const line = 'test("skipped", (context) => skipUnlessKernel(context, false, "sch_netem"));';
    expect(await exitCodeOf(line, CI)).toBe(0);
  });

  test("may be skipped at home", async () => {
    expect(await exitCodeOf('test.skipIf(true)("skipped", () => {});', {})).toBe(0);
  });
});

test("a test is not skipped when the kernel has what it needs", async () => {
  const line = 'test("runs", (context) => { skipUnlessKernel(context, true, "veth"); throw new Error("it ran"); });';
  expect(await exitCodeOf(line, { CI: "1" })).toBe(1);
  expect(await exitCodeOf(line.replace('throw new Error("it ran");', ""), { CI: "1" })).toBe(0);
});
