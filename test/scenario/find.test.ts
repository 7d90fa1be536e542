import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BenchError } from "../../src/errors.js";
import { findScenarios, listScenarios } from "../../src/scenario/find.js";
import { loadScenarios } from "../../src/scenario/load.js";

let folder: string;
let cwd: string;
let own: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-find-"));
  cwd = join(folder, "work");
  own = join(folder, "package", "scenarios");
  await mkdir(cwd);
  await put("package/scenarios/close.yaml", "own close");
  await put("package/scenarios/claims/two.yaml", "own two");
  await put("package/scenarios/claims/one.yml", "own one");
  await put("package/scenarios/scenario.schema.json", "{}");
});

afterEach(async () => rm(folder, { recursive: true }));

async function put(path: string, title: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), `title: ${title}\nvariants: { a: {} }\n`);
}

const names = async (asked: string) => (await findScenarios(asked, cwd, own)).map(({ name }) => name);
const titles = async (...asked: string[]) => (await loadScenarios(asked, cwd, {}, own)).map(({ title }) => title);

test("a name, with its folder, without its ending", async () => {
  expect(await names("close")).toEqual(["close"]);
  expect(await names("claims/one")).toEqual(["claims/one"]);
});

test("a folder is all that is in it, sorted", async () => {
  expect(await names("claims")).toEqual(["claims/one", "claims/two"]);
  expect(await names("claims/")).toEqual(["claims/one", "claims/two"]);
});

test("the current folder's scenarios come first", async () => {
  await put("work/scenarios/close.yaml", "my close");
  expect(await titles("close")).toEqual(["my close"]);
  const listed = await listScenarios(cwd, own);
  expect(listed.map(({ name, title }) => `${name}: ${title}`)).toEqual([
    "claims/one: own one",
    "claims/two: own two",
    "close: my close",
  ]);
});

test("a path to a file or a folder", async () => {
  await put("work/mine/x.yaml", "x");
  await put("work/mine/deeper/y.yaml", "y");
  expect(await titles("mine/x.yaml", "./mine", join(cwd, "mine", "deeper"))).toEqual(["x", "x", "y"]);
  expect(await names("mine/x.yaml")).toEqual(["x"]);
  expect(await names("../package/scenarios/claims/one.yml")).toEqual(["claims/one"]);
});

test("a name with its ending is forgiven", async () => {
  expect(await names("close.yaml")).toEqual(["close"]);
});

test("messages call a file by its path from here", async () => {
  await put("work/scenarios/bad.yaml", "[");
  await expect(titles("bad")).rejects.toThrow(/^scenarios\/bad\.yaml:2:1: /m);
});

test.each(["clos", "./close", "/", "", "nothing\0", "../work", "a".repeat(5000)])("%j is not found", async (asked) => {
  await expect(findScenarios(asked, cwd, own)).rejects.toMatchObject({ code: "scenario-not-found", exitCode: 2 });
});

test("the nearest name is suggested", async () => {
  const error: unknown = await findScenarios("cloze", cwd, own).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BenchError);
  expect((error as BenchError).hint).toContain("`close`");
});

test("a scenario with mistakes is listed with them", async () => {
  await put("work/scenarios/bad.yaml", "[");
  const bad = (await listScenarios(cwd, own)).find(({ name }) => name === "bad");
  expect(bad?.fault?.code).toBe("bad-scenario");
  expect(bad?.title).toContain("bench show bad");
});
