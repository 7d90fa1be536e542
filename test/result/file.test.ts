import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findingsOf } from "../../src/findings/findings.js";
import { prepareOutput, readResult, resultsOf, writeResult } from "../../src/result/file.js";
import type { RunResult } from "../../src/result/types.js";
import { claimResult } from "../report/claim-fixture.js";
import { result as wholeResult } from "../report/fixture.js";
import { temporaryFolder } from "../support/temporary.js";

const result = wholeResult();
const UUID = randomUUID();

test("a result comes back as it was written, and nothing else lies beside it", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "deep", "er", "result.json");
  await prepareOutput(file);
  await writeResult(file, result);
  expect(await readResult(file)).toEqual(result);
  expect(readdirSync(join(folder, "deep", "er"))).toEqual(["result.json"]);
});

test("hosts beside client and server come back with what they tracked", async () => {
  const file = join(temporaryFolder(), "others.json");
  const others = wholeResult();
  const of = others.variants["close"]!.trials[0]!;
  const nat = structuredClone(of.timeline.client!);
  Object.assign(nat.table, { conntrack: [0, 9], conntrackTimeWait: [0, null], conntrackCostUs: [0, 0] });
  of.timeline.others = { nat };
  of.otherKernels = { nat: { counters: {}, sysctls: {}, localPorts: null } };
  others.findings = findingsOf(others);
  await writeResult(file, others);
  expect(await readResult(file)).toEqual(others);
});

test("whatever its strings hold, a result comes back as it was written, each column on one line", async () => {
  const file = join(temporaryFolder(), "odd.json");
  const message = 'a [\n 1,\n 2\n] \\" b';
  const odd = {
    ...result,
    warnings: [{ code: "x", message }],
    columns: [[1, 2], [], ["[", "]"], [null, { a: [3, 4] }]],
  };
  await writeResult(file, odd);
  expect(await readResult(file)).toEqual(odd);
  expect(readFileSync(file, "utf8")).toContain("[ 1, 2 ]");
});

test("several results in one document come back in order", async () => {
  const file = join(temporaryFolder(), "several.json");
  await writeResult(file, { schemaVersion: 1, results: [result, { ...result, status: "interrupted" }] });
  expect(resultsOf(await readResult(file)).map(({ status }) => status)).toEqual(["complete", "interrupted"]);
});

test("what a killed run left unfinished is removed by the next, what a living one writes is not", async () => {
  const folder = temporaryFolder();
  // No process has a number beyond the kernel's greatest pid_max (2^22).
  writeFileSync(join(folder, `.a.json.4194305.${UUID}.unfinished`), "{");
  writeFileSync(join(folder, `.b.json.${process.pid}.${UUID}.unfinished`), "{");
  await prepareOutput(join(folder, "new.json"));
  expect(readdirSync(folder)).toEqual([`.b.json.${process.pid}.${UUID}.unfinished`]);
});

test("a place that cannot be written to is told before anything runs", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "taken"));
  writeFileSync(join(folder, "file"), "");
  await expect(prepareOutput(join(folder, "taken"))).rejects.toMatchObject({
    code: "output-not-writable",
    exitCode: 2,
  });
  await expect(prepareOutput(join(folder, "file", "x.json"))).rejects.toMatchObject({ code: "output-not-writable" });
});

test.each([
  ["empty", ""],
  ["cut off", '{"schemaVersion": 1, "sta'],
  ["no object", "[1, 2]"],
  ["foreign", '{"hello": "world"}'],
  ["newer", '{"schemaVersion": 3}'],
  ["hollow", '{"schemaVersion": 1}'],
  ["hollow set", '{"schemaVersion": 1, "results": []}'],
  ["a set of one that is hollow", '{"schemaVersion": 1, "results": [{}]}'],
  ["a set that is no list", '{"schemaVersion": 1, "results": 7}'],
  ["binary", "\u0000\u0001\u0002"],
])("what is no result is refused with a sentence: %s", async (_what, text) => {
  const file = join(temporaryFolder(), "bad.json");
  writeFileSync(file, text);
  await expect(readResult(file)).rejects.toMatchObject({ code: "bad-result", exitCode: 2 });
  expect(readFileSync(file, "utf8")).toBe(text);
});

type Damage = (damaged: RunResult) => void;
const trialIn = (damaged: RunResult): Record<string, Record<string, unknown>> =>
  damaged.variants["close"]!.trials[0] as unknown as Record<string, Record<string, unknown>>;

test.each<[string, RegExp, Damage]>([
  ["a word for a number", /trials\[0\]\.requests\.sent/u, (of) => (trialIn(of)["requests"]!["sent"] = "many")],
  ["nothing for a number", /connections\.perSec/u, (of) => (trialIn(of)["connections"]!["perSec"] = null)],
  ["a negative count", /connections\.opened/u, (of) => (trialIn(of)["connections"]!["opened"] = -1)],
  ["a word among errors", /errors\.EPIPE/u, (of) => (trialIn(of)["errors"]!["EPIPE"] = "some")],
  ["half a summary", /latencyUs\.p99/u, (of) => delete trialIn(of)["latencyUs"]!["p99"]],
  [
    "another text for a histogram",
    /histograms\.latencyUs/u,
    (of) => (trialIn(of)["histograms"]!["latencyUs"] = "AAAA"),
  ],
  ["no timeline", /timeline/u, (of) => delete (trialIn(of) as Partial<ReturnType<typeof trialIn>>)["timeline"]],
  [
    "a host whose table is no table",
    /timeline\.others\.nat/u,
    (of) => (trialIn(of)["timeline"]!["others"] = { nat: { atMs: [], time_wait: [], costUs: [], established: [] } }),
  ],
  [
    "a word for a number of tracked connections",
    /table\.conntrack\[0\]/u,
    (of) => {
      const { client } = of.variants["close"]!.trials[0]!.timeline;
      Object.assign(client!.table, { conntrack: ["many"] });
    },
  ],
  ["no list of trials", /variants\.close\.trials/u, (of) => ((of.variants["close"] as { trials: unknown }).trials = 3)],
  [
    "no load",
    /scenario\.variants\[0\]\.load/u,
    (of) => delete (of.scenario.variants[0] as Partial<(typeof of.scenario.variants)[0]>).load,
  ],
  ["no kernel", /environment\.kernel/u, (of) => delete (of.environment as Partial<typeof of.environment>).kernel],
  ["another status", /status/u, (of) => ((of as { status: string }).status = "fine")],
])("a result edited by hand is refused with the place: %s", async (_what, place, damage) => {
  const file = join(temporaryFolder(), "edited.json");
  const damaged = wholeResult();
  damage(damaged);
  writeFileSync(file, JSON.stringify(damaged));
  await expect(readResult(file)).rejects.toMatchObject({ code: "bad-result", message: expect.stringMatching(place) });
});

test("infinity is no number", async () => {
  const file = join(temporaryFolder(), "infinite.json");
  writeFileSync(file, JSON.stringify(result).replace(/"perSec":[\d.]+/u, '"perSec":1e999'));
  await expect(readResult(file)).rejects.toMatchObject({
    code: "bad-result",
    message: expect.stringMatching(/perSec/u),
  });
});

test("a claim and what its steps found come back as they were written", async () => {
  const file = join(temporaryFolder(), "claim.json");
  await writeResult(file, claimResult());
  expect(await readResult(file)).toEqual(claimResult());
});

test.each<[string, RegExp, (damaged: Required<RunResult>) => void]>([
  ["another verdict", /claim\.verdict/u, (of) => ((of.claim as { verdict: string }).verdict = "maybe")],
  ["no reason", /claim\.reason/u, (of) => delete (of.claim as Partial<typeof of.claim>).reason],
  ["a list for a figure", /claim\.figures\.x/u, (of) => ((of.claim.figures as Record<string, unknown>)["x"] = [])],
  [
    "a list for what a step found",
    /variants\.plain\.trials\[0\]\.figures\.x/u,
    (of) => ((of.variants["plain"]!.trials[0]!.figures as Record<string, unknown>)["x"] = []),
  ],
  ["no sources", /scenario\.claim\.sources/u, (of) => ((of.scenario.claim as { sources: unknown }).sources = null)],
])("a claim edited by hand is refused with the place: %s", async (_what, place, damage) => {
  const file = join(temporaryFolder(), "edited.json");
  const damaged = structuredClone(claimResult());
  damage(damaged as Required<RunResult>);
  writeFileSync(file, JSON.stringify(damaged));
  await expect(readResult(file)).rejects.toMatchObject({ code: "bad-result", message: expect.stringMatching(place) });
});

test("what results of earlier versions did not have is nothing", async () => {
  const file = join(temporaryFolder(), "old.json");
  const { gates: _gates, ...scenario } = result.scenario;
  const old = structuredClone({ ...result, scenario }) as RunResult;
  delete (old.variants["close"]!.trials[0] as Partial<(typeof old.variants)["close"]["trials"][0]>).pace;
  for (const variant of Object.values(old.variants))
    for (const measured of [variant, ...variant.trials] as { figures?: unknown }[]) delete measured.figures;
  writeFileSync(file, JSON.stringify(old));
  const [read] = resultsOf(await readResult(file));
  expect(read!.scenario.gates).toEqual([]);
  expect(read!.variants["close"]!.figures).toEqual({});
  expect(read!.variants["close"]!.trials[0]!.figures).toEqual({});
  expect(read!.variants["close"]!.trials[0]!.pace).toBeNull();
});

test("a missing result and a folder are refused with a sentence", async () => {
  await expect(readResult("/no/such/result.json")).rejects.toMatchObject({ code: "bad-result" });
  await expect(readResult(temporaryFolder())).rejects.toMatchObject({ code: "bad-result" });
});

test.each([
  [
    "20,000 levels",
    `{"schemaVersion": 1, "deep": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    /nested more than 100 levels/u,
  ],
  ["many values", `{"schemaVersion": 1, "many": [${"0,".repeat(20_000_000)}0]}`, /more than 20 million values/u],
])("a result of %s is refused before it is parsed", async (_, text, why) => {
  const file = join(temporaryFolder(), "result.json");
  writeFileSync(file, text);
  await expect(readResult(file)).rejects.toMatchObject({
    code: "bad-result",
    message: expect.stringMatching(why) as string,
  });
});

test("brackets in a text are no levels", async () => {
  const file = join(temporaryFolder(), "result.json");
  const odd = { ...result, warnings: [{ code: "x", message: `\\"${"[".repeat(500)}` }] };
  await writeResult(file, odd);
  expect(await readResult(file)).toEqual(odd);
});

test("warnings of an earlier version that are findings today are told as these, once", async () => {
  const file = join(temporaryFolder(), "warned.json");
  const old = wholeResult();
  old.variants["close"]!.trials[0]!.kernel.server!.counters["TcpExt:ListenOverflows"] = 3;
  const overflowed = { code: "listen-overflow", message: "the server's listen queue overflowed 3 times" };
  const late = { code: "sampler-late", message: "the sampler on the server missed readings" };
  await writeResult(file, { ...old, warnings: [overflowed, late], findings: [] });
  const [read] = resultsOf(await readResult(file));
  expect(read!.warnings).toEqual([late]);
  expect(read!.findings.filter(({ code }) => code === "listen-overflow")).toHaveLength(1);
});
