import { expect, test } from "vitest";
import type { LoadPlan } from "../../../src/scenario/types.js";
import { errorOf, parse, places, withLines } from "../parsing.js";

function loadOf(fields: string): LoadPlan {
  return parse(withLines(`load: { ${fields} }`)).variants[0]!.load;
}

test.each([
  ["think: 1s", { thinkMs: { from: 1000, to: 1000 }, batch: null, seed: 1 }],
  ["think: 500ms-2s", { thinkMs: { from: 500, to: 2000 }, batch: null, seed: 1 }],
  ["think: 5s, batch: 200", { thinkMs: { from: 5000, to: 5000 }, batch: 200, seed: 1 }],
  ["think: null", undefined],
])("%s", (fields, pauses) => {
  expect(loadOf(fields).pauses).toEqual(pauses);
});

test("a variant takes pauses away, and an option gives them", () => {
  const { variants } = parse(`title: t
load: { think: 1s, batch: 10 }
variants: { thinks: {}, hurries: { load: { think: null, batch: null } } }
`);
  expect(variants.map(({ load }) => load.pauses?.batch)).toEqual([10, undefined]);
  const overrides = [{ path: "load.think", value: "3s", option: "--set load.think=3s" }];
  expect(parse(withLines(), { overrides }).variants[0]!.load.pauses?.thinkMs).toEqual({ from: 3000, to: 3000 });
});

test.each([
  ["load: { think: 0s }", "3:16"],
  ["load: { think: 5 }", "3:16"],
  ["load: { think: 3s-1s }", "3:16"],
  ["load: { think: 1s-2s-3s }", "3:16"],
  ["load: { batch: 10 }", "3:16"],
  ["load: { batch: 0, think: 1s }", "3:16"],
  ["load: { think: 1s, rate: 5 }", "3:16"],
  ["load: { client: autocannon, think: 1s }", "3:36"],
  ["load: { client: epoll, threads: 2, think: 1s, batch: 5 }", "3:54"],
  ['load: { client: command, command: "x {url}", think: 1s }', "3:53"],
])("%s is refused at %s", (line, place) => {
  expect(places(errorOf(withLines(line)).faults)).toEqual([place]);
});
