import { expect, test } from "vitest";
import { CASES, type Fault, type Told, turns } from "./real.js";
import { isFound, realTable, shortcomings } from "./real-table.js";

const told = (fault: Fault, structural: string[] = [], timing: string[] = []): Told => ({
  fault,
  verdict: structural.length + timing.length > 0 ? "worse" : "same",
  summary: "",
  worse: { structural, timing },
  unclear: [],
  loadAverage: 1,
});
const CHURN = ["connections.perRequest: opens 1.00 connections per request, base 0.002"];
const SLOW = ["latencyUs.p50: 6.2 times as much"];
const found = [told("slow", [], SLOW), told("closes-each", CHURN), told("closes-tenth", CHURN)];

test("each case gets its number, spread over the whole time", () => {
  const all = turns({ same: 30, each: 10 });
  const count = (fault: Fault): number => all.filter((one) => one === fault).length;
  expect((Object.keys(CASES) as Fault[]).map(count)).toEqual([30, 10, 10, 10]);
  expect(all.slice(0, 6)).toEqual(["same", "same", "same", "slow", "closes-each", "closes-tenth"]);
  expect(turns({ same: 7, each: 0 })).toEqual(Array.from({ length: 7 }, () => "same"));
  expect(turns({ same: 0, each: 1 })).toHaveLength(3);
});

test("a fault is found by what it is about", () => {
  expect(found.map(isFound)).toEqual([true, true, true]);
  expect(isFound(told("slow", CHURN, ["requests.perSec: 12 % less"]))).toBe(false);
  expect(isFound(told("closes-tenth", [], SLOW))).toBe(false);
});

test("one false alarm about timing is chance; two, one about connections, or a fault that is missed fall short", () => {
  const quiet = Array.from({ length: 29 }, () => told("same"));
  expect(shortcomings({ comparisons: [...found, ...quiet, told("same", [], SLOW)] })).toEqual([]);
  expect(shortcomings({ comparisons: [told("same", [], SLOW), told("same", [], SLOW)] })).toHaveLength(1);
  expect(shortcomings({ comparisons: [...quiet, told("same", CHURN)] })).toHaveLength(1);
  expect(shortcomings({ comparisons: [told("slow"), told("closes-each"), told("closes-tenth")] })).toHaveLength(3);
});

test("the table has a row for each case, as wide as its head", () => {
  const text = realTable({
    schemaVersion: 1,
    startedAt: "2026-11-20T04:00:00.000Z",
    machine: { kernel: "6.18", cpu: "x", cores: 2, node: "v20" },
    effort: { same: 1, each: 1, pairs: 8, duration: "400ms", neighbours: 1 },
    comparisons: [told("same"), ...found],
  });
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  expect(rows).toHaveLength(6);
  expect(new Set(rows.map((row) => row.split("|").length)).size).toBe(1);
  expect(rows[3]).toBe("| answers 1 ms later | 1 | 0 | 1 | 1 |");
});
