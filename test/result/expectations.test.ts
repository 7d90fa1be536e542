import { describe, expect, test } from "vitest";
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

describe("what steps found", () => {
  const figures = { "again.errno": "EADDRINUSE", "set.after": "2", "set.range": "32768 60999", "a.x": 5 };
  const stepped = { close: { trials: [trial], median: null, figures } };
  const holds = (metric: string, op: CompareOp, right: Expectation["right"]): boolean =>
    judge([{ text: "", variant: "close", metric, op, right }], stepped)[0]!.holds;
  const name = (value: string): Expectation["right"] => ({ kind: "name", value });

  test("is compared with a name, which has no order", () => {
    expect(holds("again.errno", "==", name("EADDRINUSE"))).toBe(true);
    expect(holds("again.errno", "!=", name("EADDRINUSE"))).toBe(false);
    expect(holds("again.errno", "!=", name("none"))).toBe(true);
    for (const op of ["<", "<=", ">", ">="] as const) expect(holds("again.errno", op, name("EADDRINUSE"))).toBe(false);
  });

  test("may be a setting, which is text and meant as a number", () => {
    expect(holds("set.after", "==", number(2))).toBe(true);
    expect(holds("set.after", ">", number(1))).toBe(true);
    const twice = { kind: "metric", factor: 2, variant: "close", metric: "set.after" } as const;
    expect(holds("a.x", ">", twice)).toBe(true);
    expect(holds("a.x", "<", { ...twice, factor: 3 })).toBe(true);
    expect(holds("set.range", "==", { ...twice, factor: 1, metric: "set.range" })).toBe(true);
  });

  test("is never more, less, the same or other than what it cannot be compared with", () => {
    for (const op of ["<", "<=", ">", ">=", "==", "!="] as const) {
      expect(holds("again.errno", op, number(0))).toBe(false);
      expect(holds("a.x", op, name("none"))).toBe(false);
      expect(holds("set.range", op, number(32_768))).toBe(false);
      expect(holds("never.measured", op, name("none"))).toBe(false);
    }
  });
});
