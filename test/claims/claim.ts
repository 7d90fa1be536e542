import { expect } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** What turns a claim round: one each in the tests, all with `npm run claims`. The first of a list is the most telling. */
export function oneOfEach<Turn>(turns: readonly Turn[], claimOf: (turn: Turn) => string): Turn[] {
  if (process.env["CLAIMS"] === "all") return [...turns];
  return [...new Map(turns.toReversed().map((turn) => [claimOf(turn), turn])).values()].toReversed();
}

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
