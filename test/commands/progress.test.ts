import { expect, test } from "vitest";
import type { RunProgress } from "../../src/bench.js";
import { progressOn } from "../../src/commands/progress.js";

const CLEAR = "\r\u001b[2K";
const at = (variant: string, trial: number, elapsedMs: number): RunProgress => ({
  variant,
  trial,
  elapsedMs,
  durationMs: 1_000,
  succeeded: 10,
  failed: 0,
  connections: 5,
  perSec: 10,
  timeWait: { client: 0, server: 0 },
});

function written(columns: number | null, plannedMs: readonly number[]): string {
  let text = "";
  const progress = progressOn({
    write(more) {
      text += more;
      return true;
    },
    columns,
    rows: null,
    color: columns !== null,
  });
  progress.plan(plannedMs);
  progress.show(at("x-base", 0, 100));
  progress.show(at("x-head", 0, 100));
  progress.say("warning: something");
  progress.finish();
  return text;
}

test("on a terminal the time left over all trials is shown, and is no part of the lines that stay", () => {
  const text = written(120, [1_000, 1_000]);
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
  expect(written(120, [1_000])).not.toContain("left");
  const plain = written(null, [1_000, 1_000]);
  expect(plain).not.toContain("\u001b");
  expect(plain).not.toContain("left");
  expect(plain.trimEnd().split("\n")).toHaveLength(3);
});
