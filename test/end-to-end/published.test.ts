import { release } from "node:os";
import { expect, test } from "vitest";
import { readResult, resultsOf } from "../../src/result/file.js";
import { casesOf, FILES } from "../published/cases.js";
import { runBench } from "../support/bench.js";
import { temporaryFolder } from "../support/temporary.js";

/** `Since Linux 6.18.` in the explanation: what the case asserts was mended then. */
const SINCE: Readonly<Record<string, [major: number, minor: number]>> = { "port-sharing": [6, 18] };

function hasKernelFor(file: string): boolean {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  const since = SINCE[file];
  return since === undefined || major > since[0] || (major === since[0] && minor >= since[1]);
}

test("published cases come out on this kernel as their sources say", { timeout: 120_000 }, async (context) => {
  const files = FILES.filter(hasKernelFor);
  const output = `${temporaryFolder(context)}/result.json`;
  const paths = files.map((file) => `./test/published/${file}.yaml`);
  const run = await runBench(["run", ...paths, "--output", output, "--quiet"], { timeoutMs: 110_000 });
  const results = resultsOf(await readResult(output));
  expect(results.map(({ status }) => status)).toEqual(files.map(() => "complete"));
  const broken = results.flatMap(({ expectations }) => expectations.filter(({ holds }) => !holds));
  expect(broken).toEqual([]);
  expect(results.flatMap(({ expectations }) => expectations).length).toBeGreaterThan(files.flatMap(casesOf).length);
  expect(run.exitCode).toBe(0);
});
