import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listScenarios } from "../../src/scenario/find.js";
import { loadScenarios } from "../../src/scenario/load.js";
import type { RunResult, RunResultSet } from "../../src/result/types.js";
import { runBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { commandsOf, markdownFiles, readBlocks, readMarkdown } from "../support/readme.js";
import { temporaryFolder } from "../support/temporary.js";
import { claimsAsMarkdown } from "./listing.js";
import { CLAIMS_COMMAND, VERDICTS } from "./verdicts.js";

/** Three minutes on two cores by themselves; other work on the machine may take its time from them. */
const TIMEOUT_MS = 540_000;

/** A verdict that says so of the machine is right, whatever is expected of a machine that is not. */
const TOO_BUSY = /: not-testable-here: The machine was too busy/u;
const MOST_TIMES = 2;

/** What could not be tested beside the others is tested by itself. */
async function reasonOf(claim: NonNullable<RunResult["claim"]>, cwd: string): Promise<string> {
  let { id, verdict, reason } = claim;
  for (let time = 0; time < MOST_TIMES && verdict === "not-testable-here" && VERDICTS[id] !== verdict; time++) {
    await runBench(["run", `claims/${id}`, "--quiet", "-o", "again.json"], { cwd, timeoutMs: TIMEOUT_MS });
    ({ id, verdict, reason } = (JSON.parse(readFileSync(join(cwd, "again.json"), "utf8")) as RunResult).claim!);
  }
  return `${id}: ${verdict}: ${reason}`;
}

test("every claim has its verdict, all in one run, in one table", { timeout: TIMEOUT_MS }, async () => {
  const shown = markdownFiles().flatMap(readBlocks).flatMap(commandsOf);
  expect(shown.map(({ command }) => command)).toContain(CLAIMS_COMMAND);
  const cwd = temporaryFolder();
  const run = await runBench(["run", "claims", "--quiet", "-o", "r.json"], { cwd, timeoutMs: TIMEOUT_MS });
  expect(leftovers(run.mark)).toEqual([]);
  const { results } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResultSet;
  expect(results.map(({ claim }) => claim!.id).toSorted()).toEqual(Object.keys(VERDICTS).toSorted());
  const reasons: string[] = [];
  for (const { claim } of results) reasons.push(await reasonOf(claim!, cwd));
  // What a reason speaks of was measured.
  expect(reasons.filter((line) => line.includes("?"))).toEqual([]);
  const differ = reasons.filter((line) => !line.includes(`: ${VERDICTS[line.split(":")[0]!]}: `));
  expect(differ.filter((line) => !TOO_BUSY.test(line))).toEqual([]);
  expect(run.exitCode).toBe(0);
  for (const id of Object.keys(VERDICTS)) expect(run.stdout).toContain(id);

  const markdown = await runBench(["report", "r.json", "--format", "markdown"], { cwd });
  const rows = markdown.stdout.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| id"));
  expect(rows.length).toBeGreaterThanOrEqual(Object.keys(VERDICTS).length);
});

test("scenarios/claims/README.md lists every claim, in the words of its scenario, with the verdict that is expected", async () => {
  const claims = (await listScenarios("/nonexistent")).filter(({ name }) => name.startsWith("claims/"));
  const scenarios = await loadScenarios(
    claims.map(({ name }) => name),
    "/nonexistent",
  );
  const shown = readMarkdown("scenarios/claims/README.md").split(/<!-- \/?claims -->/u)[1];
  expect(shown?.trim()).toBe(claimsAsMarkdown(scenarios, VERDICTS).trim());
  expect(Object.keys(VERDICTS).toSorted()).toEqual(scenarios.map(({ claim }) => claim!.id).toSorted());
});
