import { expect, test } from "vitest";
import { ProgressLine } from "../../src/commands/progress.js";
import type { Output } from "../../src/commands/world.js";
import type { RunEvent } from "../../src/events/types.js";
import type { Scenario } from "../../src/scenario/types.js";
import { result as wholeResult } from "../report/fixture.js";
import { variantOf } from "../result/fixture.js";

const CLEAR = "\r\u001b[2K";
const at = (variant: string, trial: number, elapsedMs: number): RunEvent => ({
  type: "progress",
  atMs: elapsedMs,
  run: 0,
  variant,
  trial,
  step: null,
  elapsedMs,
  durationMs: 1_000,
  succeeded: 10,
  failed: 0,
  connections: 5,
  perSec: 10,
  noPort: 0,
  rows: { atMs: [], perSec: [], p50Us: [], p99Us: [] },
  timeWait: { client: 0, server: 0 },
});

function written(columns: number | null, variants: readonly string[]): string {
  let text = "";
  const output: Output = {
    write(more) {
      text += more;
      return true;
    },
    columns,
    rows: null,
    color: columns !== null,
  };
  const progress = new ProgressLine(output, "en");
  const scenario = { name: "x", parallel: false, variants: variants.map((name) => ({ ...variantOf(), name })) };
  progress.plan([scenario as unknown as Scenario], 1);
  progress.heard(at("x-base", 0, 100));
  progress.heard(at("x-head", 0, 100));
  const ofRun = { run: 0, variant: null, trial: null, atMs: 200 };
  progress.heard({ ...ofRun, type: "warning", warning: { code: "c", message: "something" } });
  progress.heard({ ...ofRun, type: "run-done", result: wholeResult() });
  return text;
}

test("on a terminal the time left over all trials is shown, and is no part of the lines that stay", () => {
  const text = written(120, ["x-base", "x-head"]);
  expect(text).toMatch(/1\/2 x-base {2}░+ {2}3 s left/u);
  expect(text).toMatch(/2\/2 x-head {2}[█░]+ {2}1 s left/u);
  const staying = text
    .split("\n")
    .map((line) => line.split(CLEAR).at(-1)!)
    .filter((line) => line !== "");
  expect(staying.join("\n")).toMatch(/^x-base[^\n]*\nwarning: something\nx-head/u);
  expect(staying.join("\n")).not.toContain("left");
});

test("one trial needs no overall count, and a file gets a line a trial without control codes", () => {
  expect(written(120, ["x-base"])).not.toContain("left");
  const plain = written(null, ["x-base", "x-head"]);
  expect(plain).not.toContain("\u001b");
  expect(plain).not.toContain("left");
  expect(plain.trimEnd().split("\n")).toHaveLength(3);
});

test("of several runs the one in front is shown, and each says how it ended; one alone is always shown", () => {
  const of = (parallel: boolean): Scenario =>
    ({ name: "x", parallel, variants: [{ ...variantOf(), name: "x-base" }] }) as unknown as Scenario;
  const said = (scenarios: readonly Scenario[]): string => {
    let text = "";
    const write = (more: string): boolean => {
      text += more;
      return true;
    };
    const progress = new ProgressLine({ write, columns: null, rows: null, color: false }, "en");
    progress.plan(scenarios, 1);
    progress.heard(at("x-base", 0, 100));
    const ofRun = { run: 0, variant: null, trial: null, atMs: 200 };
    progress.heard({ ...ofRun, type: "run-done", result: wholeResult() });
    return text;
  };
  expect(said([of(true)])).toContain("x-base");
  expect(said([of(true), of(false)])).toBe(`1 of 2: ${wholeResult().scenario.name}, complete\n`);
  expect(said([of(false), of(true)])).toContain("x-base");
});
