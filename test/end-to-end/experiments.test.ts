import { expect, test } from "vitest";
import { readResult, resultsOf } from "../../src/result/file.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

test("old data is taken without TIME_WAIT alone; who closes while a request is on its way answers it with a RST", async () => {
  const output = `${temporaryFolder()}/r.json`;
  const run = await benchHere(["run", "old-duplicate", "idle-race", "--quiet", "-o", output]);
  expect(leftovers(run.mark)).toEqual([]);
  const results = resultsOf(await readResult(output));
  const [oldDuplicate, idleRace] = results.map(({ variants }) => variants);
  expect(results.flatMap(({ expectations }) => expectations.filter(({ holds }) => !holds))).toEqual([]);
  expect(run.exitCode).toBe(0);
  // Both had a next connection.
  for (const variant of ["reset", "time-wait"])
    expect(oldDuplicate![variant]!.figures).toMatchObject({ "taken-again.succeeded": 1, "got.established": 1 });
  // What the client's kernel took to send, nobody has read.
  expect(idleRace!["far"]!.figures).toMatchObject({ "ask.bytes": 70, "got.bytes": 0, "reset.reached": 1 });
});
