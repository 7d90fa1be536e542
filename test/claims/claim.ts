import { expect } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** One for each way in which claims measure: sockets, a load, half-open ones, a setting, segments, a NAT, a listener. */
const USUAL: ReadonlySet<string> = new Set([
  "same-port-bind",
  "client-runs-out",
  "syncookies",
  "tw-reuse-client",
  "rfc1337",
  "nat-without-ports",
  "listener-close",
]);

/**
 * What turns a claim round: in the tests one each for a few claims, with `npm run claims` all of all. The first of a list is
 * the most telling. How each claim judges is tested for all of them without a lab (test/result/premises.test.ts).
 */
export function usualTurns<Turn>(turns: readonly Turn[], claimOf: (turn: Turn) => string): Turn[] {
  if (process.env["CLAIMS"] === "all") return [...turns];
  const first = new Map(turns.toReversed().map((turn) => [claimOf(turn), turn]));
  return [...first.values()].toReversed().filter((turn) => USUAL.has(claimOf(turn)));
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
