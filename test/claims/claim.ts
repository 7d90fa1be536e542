import { expect } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { runBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** Runs `claims/<id>` as a user would, and gives back what became of the claim. */
export async function runClaim(
  id: string,
  args: readonly string[] = [],
): Promise<{ claim: NonNullable<RunResult["claim"]>; result: RunResult }> {
  const run = await runBench(["run", `claims/${id}`, "--format", "json", "--quiet", "-o", "r.json", ...args], {
    cwd: temporaryFolder(),
  });
  expect(leftovers(run.mark)).toEqual([]);
  const result = JSON.parse(run.stdout) as RunResult;
  expect(result.error).toBeUndefined();
  expect(result.claim).toBeDefined();
  return { claim: result.claim!, result };
}
