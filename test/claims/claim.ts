import { expect } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** Runs `claims/<id>`, and gives back what became of the claim. The run of all claims is one as a user makes it. */
export async function runClaim(
  id: string,
  args: readonly string[] = [],
): Promise<{ claim: NonNullable<RunResult["claim"]>; result: RunResult }> {
  const run = await benchHere(["run", `claims/${id}`, "--format", "json", "--quiet", "-o", "r.json", ...args], {
    cwd: temporaryFolder(),
  });
  expect(leftovers(run.mark)).toEqual([]);
  const result = JSON.parse(run.stdout) as RunResult;
  expect(result.error).toBeUndefined();
  expect(result.claim).toBeDefined();
  return { claim: result.claim!, result };
}
