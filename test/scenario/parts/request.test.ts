import { expect, test } from "vitest";
import type { LoadPlan } from "../../../src/scenario/types.js";
import { errorOf, parse, places, withLines } from "../parsing.js";

function loadOf(fields: string): LoadPlan {
  return parse(withLines(`load: { ${fields} }`), { folder: "/here", cwd: "/there" }).variants[0]!.load;
}

test("a load that says nothing of its requests has nothing about them in its plan", () => {
  expect(loadOf("path: /x")).not.toHaveProperty("request");
  expect(loadOf("path: /x")).not.toHaveProperty("success");
});

test.each([
  ["body: hi", { method: "POST", headers: {}, body: { text: "hi" }, paths: ["/"] }],
  ["method: PUT, bodyFile: data/x.json", { method: "PUT", body: { file: "/here/data/x.json" } }],
  [
    "headers: { Accept: text/csv, X-Try: 5, X-Gone: null }",
    { method: "GET", headers: { Accept: "text/csv", "X-Try": "5" } },
  ],
  ["paths: [/a, /b]", { method: "GET", body: null, paths: ["/a", "/b"] }],
  ["path: /p, method: DELETE", { method: "DELETE", paths: ["/p"] }],
])("%s", (fields, request) => {
  expect(loadOf(fields).request).toMatchObject(request);
});

test("the first of several paths is the load's own", () => {
  expect(loadOf("paths: [/a, /b]").path).toBe("/a");
});

test("a file that an option names is sought in the user's folder", () => {
  const overrides = [{ path: "load.bodyFile", value: "x.json", option: "--set load.bodyFile=x.json" }];
  const { variants } = parse(withLines(), { folder: "/here", cwd: "/there", overrides });
  expect(variants[0]!.load.request?.body).toEqual({ file: "/there/x.json" });
});

test("variants add fields to those above, and take them away", () => {
  const { variants } = parse(`title: t
load: { headers: { A: 1, B: 2 }, body: x }
variants: { more: { load: { headers: { C: 3, A: null } } }, bare: { load: { body: null } } }
`);
  expect(variants.map(({ load }) => load.request)).toMatchObject([
    { method: "POST", headers: { B: "2", C: "3" } },
    { method: "GET", headers: { A: "1", B: "2" } },
  ]);
  expect(variants[0]!.load.request?.headers).not.toHaveProperty("A");
});

test("success is said by statuses and classes", () => {
  expect(loadOf("success: [2xx, 404]").success).toEqual(["2xx", "404"]);
});

test.each([
  ['load: { headers: { A: "b\\r\\nEvil: 1" } }', "3:23"],
  ['load: { headers: { A: "b\\nEvil: 1" } }', "3:23"],
  ['load: { headers: { A: " b" } }', "3:23"],
  ["load: { headers: { A: Zoë } }", "3:23"],
  ['load: { headers: { "A B": c } }', "3:20"],
  ['load: { headers: { "A:\\r\\nEvil": c } }', "3:20"],
  ["load: { headers: { Connection: close } }", "3:32"],
  ["load: { headers: { content-length: 5 } }", "3:36"],
  ["load: { headers: { A: 1, a: 2 } }", "3:29"],
  ["load: { method: get }", "3:17"],
  ["load: { method: CONNECT }", "3:17"],
  ["load: { method: GET, body: x }", "3:17"],
  ["load: { body: x, bodyFile: y }", "3:28"],
  ["load: { path: /a, paths: [/b] }", "3:26"],
  ["load: { paths: [/a, b] }", "3:21"],
  ["load: { paths: [] }", "3:16"],
  ["load: { success: [600] }", "3:19"],
  ["load: { success: [2x] }", "3:19"],
  ['load: { client: command, command: "x {url}", method: PUT }', "3:54"],
  ["load: { client: wrk, success: [404] }", "3:31"],
])("%s is refused at %s", (line, place) => {
  expect(places(errorOf(withLines(line)).faults)).toEqual([place]);
});
