import { expect, test } from "vitest";
import { judge } from "../../src/result/expectations.js";
import { medianOf } from "../../src/result/median.js";
import { trialOf } from "../../src/result/trial.js";
import type { VariantResult } from "../../src/result/types.js";
import type { CompareOp, Expectation } from "../../src/scenario/types.js";
import { measurementOf } from "./fixture.js";

const trial = trialOf(measurementOf());
const variants: Record<string, VariantResult> = {
  close: { trials: [trial], median: medianOf([trial]), figures: {} },
  never: { trials: [], median: null, figures: {} },
};

function verdict(metric: string, op: CompareOp, right: Expectation["right"], variant = "close"): unknown[] {
  const [result] = judge([{ text: "", variant, metric, op, right }], variants);
  return [result?.holds, result?.measured, result?.against];
}
const number = (value: number): Expectation["right"] => ({ kind: "number", value });

test.each([
  [">", 99, true],
  [">", 100, false],
  [">=", 100, true],
  ["<", 101, true],
  ["<=", 99, false],
  ["==", 100, true],
  ["!=", 100, false],
] as const)("100 %s %d: %s", (op, value, holds) => {
  expect(verdict("timeWait.server.peak", op, number(value))).toEqual([holds, 100, value]);
});

test("the right side may be a factor of another metric", () => {
  const right = { kind: "metric", factor: 0.5, variant: "close", metric: "timeWait.server.created" } as const;
  expect(verdict("timeWait.client.created", "<=", right)).toEqual([true, 0, 50]);
});

test("closedFirst is the name with the greatest share", () => {
  expect(verdict("closedFirst", "==", { kind: "name", value: "server" })).toEqual([true, "server", "server"]);
  expect(verdict("closedFirst", "!=", { kind: "name", value: "server" })[0]).toBe(false);
  expect(verdict("closedFirst.server", ">=", number(1))).toEqual([true, 1, 1]);
});

test("an errno that never came up was seen zero times", () => {
  expect(verdict("errors.EADDRNOTAVAIL", "==", number(0))).toEqual([true, 0, 0]);
});

test("what was not measured does not hold, whatever is asked", () => {
  expect(verdict("requests.sent", ">=", number(0), "never")).toEqual([false, null, 0]);
  expect(verdict("requests.sent", "!=", number(7), "never")[0]).toBe(false);
  expect(verdict("connectUs.p50", "<", number(1e9))).toEqual([false, null, 1e9]);
  const absent = { kind: "metric", factor: 1, variant: "never", metric: "requests.sent" } as const;
  expect(verdict("requests.sent", ">=", absent)).toEqual([false, 100, null]);
});
