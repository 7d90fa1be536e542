import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { OWN_FOLDER } from "../../src/scenario/folders.js";
import { scenarioJsonSchema, scenarioJsonSchemaText } from "../../src/scenario/json-schema.js";

const ONCE = /^d\d+$/u;
const published = JSON.parse(scenarioJsonSchemaText()) as Record<string, unknown>;
const schema = whole(published) as Record<string, unknown>;

/** With what was told once in each of its places; a step that holds steps stays a definition. */
function whole(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(whole);
  const { $ref } = value as Record<string, unknown>;
  const name = typeof $ref === "string" ? $ref.replace("#/definitions/", "") : "";
  if (ONCE.test(name)) return whole((published["definitions"] as Record<string, unknown>)[name]);
  const kept = Object.entries(value).filter(([key]) => !ONCE.test(key));
  return Object.fromEntries(kept.map(([key, child]) => [key, whole(child)]));
}

function walk(value: unknown, visit: (node: Record<string, unknown>, path: string) => void, path = ""): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) visit(value as Record<string, unknown>, path);
  for (const [name, child] of Object.entries(value)) walk(child, visit, `${path}/${name}`);
}

test("the published file is what the schema says; mend it with `npx vitest run test/scenario/json-schema.test.ts -u`", async () => {
  await expect(scenarioJsonSchemaText()).toMatchFileSnapshot(`${OWN_FOLDER}/scenario.schema.json`);
});

test("what stands there several times is told once, and means the same", () => {
  expect(schema).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
});

test("every field explains itself", () => {
  const silent: string[] = [];
  walk(schema, (node, path) => {
    if (/\/properties\/[^/]+$/.test(path) && typeof node["description"] !== "string") silent.push(path);
  });
  expect(silent).toEqual([]);
});

test("durations are checked by editors too", () => {
  const durations: unknown[] = [];
  walk(schema, (node, path) => {
    if (/\/(duration|timeout|readyTimeout|every|table)$/.test(path)) durations.push(node["pattern"]);
  });
  expect(durations.length).toBeGreaterThan(8);
  for (const pattern of durations) expect("10s").toMatch(new RegExp(String(pattern), "u"));
  for (const pattern of durations) expect("10").not.toMatch(new RegExp(String(pattern), "u"));
});

test("every pattern means the same to engines that read it in Unicode mode", () => {
  walk(schema, ({ pattern }) => {
    if (typeof pattern === "string") expect(() => new RegExp(pattern, "u")).not.toThrow();
  });
});

test("no field takes names that it does not know", () => {
  walk(schema, (node, path) => {
    if ("properties" in node && !path.endsWith("/properties"))
      expect([path, node["additionalProperties"]]).toEqual([path, false]);
  });
});

test("each scenario tells editors where the schema is", async () => {
  const files = (await readdir(OWN_FOLDER)).filter((name) => name.endsWith(".yaml"));
  expect(files.length).toBeGreaterThan(2);
  for (const name of files) {
    expect(await readFile(`${OWN_FOLDER}/${name}`, "utf8")).toMatch(
      /^# yaml-language-server: \$schema=\.\/scenario\.schema\.json\n/,
    );
  }
});
