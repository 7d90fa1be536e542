import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Comparison } from "../../src/compare/types.js";
import type { RunResult } from "../../src/result/types.js";
import { ROOT } from "../support/bench.js";
import { benchHere } from "../support/here.js";
import { temporaryFolder } from "../support/temporary.js";

/**
 * Baselines of real runs: a service asked 200 times over 5 connections, six trials each. It keeps connections (twice
 * measured), closes each after one request, closes every tenth.
 */
const SAVED = ["keep-alive", "again", "closes-each", "closes-tenth"] as const;
const STACK = /^\s+at .*\(?.*:\d+:\d+\)?$/mu;

function folderWithResults(): string {
  const cwd = temporaryFolder();
  for (const name of SAVED)
    copyFileSync(join(ROOT, "test/fixtures/compare", `${name}.json`), join(cwd, `${name}.json`));
  writeFileSync(join(cwd, "none.yaml"), "- errors.ECONNRESET == 0\n");
  return cwd;
}

const compare = (cwd: string, args: readonly string[], env = {}): ReturnType<typeof benchHere> =>
  benchHere(["compare", ...args], { cwd, env: { GITHUB_STEP_SUMMARY: undefined, ...env } });

test("a service that closes its connections is found, one that does not is not, and the first line says it", async () => {
  const cwd = folderWithResults();
  const each = await compare(cwd, ["keep-alive.json", "closes-each.json"]);
  expect(each).toMatchObject({ exitCode: 1, stderr: "" });
  expect(each.stdout).toMatch(/^worse: opens 1\.00 connections per request, base 0\.025; the gate/u);
  const tenth = await compare(cwd, ["--baseline", "keep-alive.json", "closes-tenth.json"]);
  expect(tenth).toMatchObject({ exitCode: 1, stderr: "" });
  expect(tenth.stdout).toMatch(/^worse: opens 0\.12 connections per request, base 0\.025/u);
  const again = await compare(cwd, ["keep-alive.json", "again.json"]);
  expect(again).toMatchObject({ exitCode: 0, stderr: "" });
  expect(again.stdout).toMatch(/^holds: all 2 gates/u);
});

test("without gates of the scenario metrics decide; gates of a file come in their place", async () => {
  const cwd = folderWithResults();
  for (const name of SAVED) {
    const result = JSON.parse(readFileSync(join(cwd, `${name}.json`), "utf8")) as RunResult;
    result.scenario.gates = [];
    writeFileSync(join(cwd, `${name}.json`), JSON.stringify(result));
  }
  const worse = await compare(cwd, ["keep-alive.json", "closes-tenth.json"]);
  expect(worse.exitCode).toBe(1);
  expect(worse.stdout).toMatch(/^worse: opens 0\.12 connections per request, base 0\.025/u);
  expect((await compare(cwd, ["keep-alive.json", "closes-tenth.json", "--gates", "none.yaml"])).exitCode).toBe(0);
  expect((await compare(cwd, ["closes-each.json", "keep-alive.json"])).stdout).toMatch(/^better: /u);
});

test("what is unclear is told and ends with 0, or with 4 when that is asked for", async () => {
  const cwd = folderWithResults();
  writeFileSync(join(cwd, "timing.yaml"), "- latencyUs.p99 not worse\n");
  const args = ["keep-alive.json", "again.json", "--gates", "timing.yaml"];
  const lenient = await compare(cwd, args);
  expect(lenient.stdout).toMatch(/^unclear: latencyUs\.p99 not worse cannot be told/u);
  expect(lenient.exitCode).toBe(0);
  expect((await compare(cwd, [...args, "--strict"])).exitCode).toBe(4);
  expect((await compare(cwd, ["keep-alive.json", "closes-each.json", "--strict"])).exitCode).toBe(1);
});

test("each format is what it says", async () => {
  const cwd = folderWithResults();
  const as = async (format: string): Promise<string> =>
    (await compare(cwd, ["keep-alive.json", "closes-each.json", "--format", format])).stdout;
  const document = JSON.parse(await as("json")) as Comparison;
  expect(document).toMatchObject({ schemaVersion: 1, kind: "comparison", scenario: "service", verdict: "worse" });
  expect(document.variants[0]!.metrics[0]!.trials.base).toHaveLength(6);
  expect(await as("markdown")).toMatch(
    /^### ❌ worse: opens 1\.00[^]*\| connections\.perRequest \| 0\.025 \| 1\.00 \|/u,
  );
  expect(await as("junit")).toMatch(/^<\?xml[^]*<failure message="breaks: it is 1, base 40"/u);
  expect(await as("csv")).toMatch(/^scenario,variant,side,trial,metric,tier,value\r\nservice,service,base,1,/u);
});

test("the Markdown is added to the job's summary where there is one, and a summary that cannot be is a warning", async () => {
  const cwd = folderWithResults();
  writeFileSync(join(cwd, "summary.md"), "before\n");
  const args = ["keep-alive.json", "closes-each.json"];
  const run = await compare(cwd, args, { GITHUB_STEP_SUMMARY: "summary.md" });
  expect(run).toMatchObject({ exitCode: 1, stderr: "" });
  expect(readFileSync(join(cwd, "summary.md"), "utf8")).toMatch(/^before\n### ❌ worse: opens 1\.00 connections/u);
  const nowhere = await compare(cwd, args, { GITHUB_STEP_SUMMARY: "no/such/folder.md" });
  expect(nowhere.exitCode).toBe(1);
  expect(nowhere.stdout).toBe(run.stdout);
  expect(nowhere.stderr).toMatch(/^warning: nothing could be added to/u);
});

type Edit = (result: RunResult) => unknown;
const metricsIn = (result: RunResult): Record<string, Record<string, unknown>> =>
  result.variants["service"]!.trials[0] as unknown as Record<string, Record<string, unknown>>;

const gateIn = (result: RunResult): { metric: string; variant: string | null; right: object } =>
  result.scenario.gates[0] as { metric: string; variant: string | null; right: object };

test.each<[string, string | Edit, RegExp]>([
  ["truncated", '{"schemaVersion": 1, "status": "comp', /not whole JSON/u],
  ["foreign", '{"name": "time-wait-bench"}', /no schemaVersion/u],
  ["newer", '{"schemaVersion": 3}', /schemaVersion is 3/u],
  ["older than any", '{"schemaVersion": 0}', /schemaVersion is 0/u],
  ["empty", "", /not whole JSON/u],
  ["with NaN", '{"schemaVersion": 1, "elapsedMs": NaN}', /not whole JSON/u],
  ["with a text for a number", (of) => (metricsIn(of)["requests"]!["sent"] = "200"), /trials\[0\]\.requests\.sent/u],
  ["with nothing for a number", (of) => (metricsIn(of)["connections"]!["opened"] = null), /connections\.opened/u],
  ["of another scenario", (of) => (of.scenario.name = "other"), /of the scenario other/u],
  ["without trials", (of) => (of.variants["service"]!.trials = []), /no complete trial of service/u],
  ["that failed", (of) => (of.status = "failed"), /its run failed/u],
  ["that was interrupted", (of) => (of.status = "interrupted"), /was interrupted/u],
  [
    "with infinity",
    (of) => JSON.stringify(of).replace(/"perSec":[\d.]+/u, '"perSec":1e999'),
    /requests\.perSec: invalid input: expected number/u,
  ],
  ["with less than nothing", (of) => (metricsIn(of)["connections"]!["opened"] = -1), /connections\.opened/u],
  ["with a gate that compares by nothing", (of) => (gateIn(of).right = { op: "=>" }), /gates\[0\]\.right/u],
  [
    "with a gate about nothing",
    (of) => (gateIn(of).metric = "constructor.name"),
    /constructor\.name was not measured/u,
  ],
  ["with a gate about no variant", (of) => (gateIn(of).variant = "srvice"), /no variant srvice/u],
  ["whose variant was taken out", (of) => delete of.variants["service"], /no complete trial of service/u],
  ["of another load", (of) => (of.scenario.variants[0]!.load.connections = 6), /load\.connections is 6/u],
])("a result %s is refused with a sentence, and nothing is overwritten", async (what, edit, sentence) => {
  const cwd = folderWithResults();
  const text = typeof edit === "string" ? edit : edited(join(cwd, "again.json"), edit);
  writeFileSync(join(cwd, "bad.json"), text);
  const orders = [["keep-alive.json", "bad.json"]];
  // Gates are head's; whatever else is wrong is as wrong in the baseline.
  if (!what.includes("gate")) orders.push(["--baseline", "bad.json", "keep-alive.json"]);
  for (const files of orders) {
    const run = await compare(cwd, files, { GITHUB_STEP_SUMMARY: "summary.md" });
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toMatch(/^error: \S/u);
    if (files[0] === "keep-alive.json") expect(run.stderr).toMatch(sentence);
    expect(run.stderr).toMatch(/^hint: /mu);
    expect(run.stderr).not.toMatch(STACK);
  }
  expect(readFileSync(join(cwd, "bad.json"), "utf8")).toBe(text);
  expect(existsSync(join(cwd, "summary.md"))).toBe(false);
});

/** An edit may return the text itself. */
function edited(file: string, edit: Edit): string {
  const result = JSON.parse(readFileSync(file, "utf8")) as RunResult;
  const text = edit(result);
  return typeof text === "string" && text.startsWith("{") ? text : JSON.stringify(result);
}

test.each([
  ["a scenario with a fault", ["bad.yaml"]],
  ["no trials", ["who-closes", "--trials", "0"]],
  ["a file of gates with a fault", ["who-closes", "--base", "a", "--head", "b", "--gates", "bad.yaml"]],
  ["one side", ["who-closes", "--base", "a"]],
] as const)("a run with %s overwrites no baseline", async (_what, args) => {
  const cwd = folderWithResults();
  writeFileSync(join(cwd, "bad.yaml"), "- latencyUs.p9 not worse\n");
  const baseline = readFileSync(join(cwd, "keep-alive.json"), "utf8");
  const sides = args.includes("--base" as never);
  const saving = sides ? [] : ["--save-baseline", "keep-alive.json"];
  const run = await benchHere(["run", ...args, "-o", "r.json", ...saving], { cwd });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(/^error: \S[^]*^hint: /mu);
  expect(run.stderr).not.toMatch(STACK);
  expect(readFileSync(join(cwd, "keep-alive.json"), "utf8")).toBe(baseline);
  // What could not begin leaves no result.
  expect(existsSync(join(cwd, "r.json"))).toBe(false);
});

test.each([
  [[], /takes two results/u],
  [["keep-alive.json"], /takes two results/u],
  [["keep-alive.json", "again.json", "again.json"], /takes two results/u],
  [["--baseline", "keep-alive.json"], /takes two results/u],
  [["keep-alive.json", "missing.json"], /there is no file .*missing\.json/u],
  [["keep-alive.json", "folder"], /folder is no result/u],
  [["keep-alive.json", "again.json", "--format", "xml"], /--format does not take "xml"/u],
  [["keep-alive.json", "again.json", "--variant", "servce"], /no variant servce/u],
  [["keep-alive.json", "again.json", "--gates", "missing.yaml"], /no file missing\.yaml/u],
  [["keep-alive.json", "again.json", "--gates", "typo.yaml"], /typo\.yaml:1:3: [^]*did you mean `latencyUs\.p99`/u],
  [["keep-alive.json", "again.json", "--gates", "absent.yaml"], /firstByteUs\.p50 was not measured/u],
  [["keep-alive.json", "--sides", "base,head"], /no variants base and head/u],
  [["keep-alive.json", "--sides", "base"], /--sides takes two names/u],
  [["keep-alive.json", "again.json", "--sides", "a,b"], /--sides takes one result/u],
  [["keep-alive.json", "again.json", "--strct"], /no option --strct[^]*Did you mean --strict/u],
] as const)("bench compare %j: a sentence, a hint, exit code 2", async (args, sentence) => {
  const cwd = folderWithResults();
  mkdirSync(join(cwd, "folder"));
  writeFileSync(join(cwd, "typo.yaml"), "- latencyUs.p9 not worse\n");
  writeFileSync(join(cwd, "absent.yaml"), "- firstByteUs.p50 <= base\n");
  const run = await compare(cwd, args);
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(run.stderr).toMatch(sentence);
  expect(run.stderr).toMatch(/^hint: /mu);
  expect(run.stderr).not.toMatch(STACK);
});
