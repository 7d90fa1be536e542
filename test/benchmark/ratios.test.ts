import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aComparison, aRun } from "./fixture.js";
import { cpuEachUs, enough, hardest, kernelShare, median, rateOf } from "./ratios.js";

describe("the median", () => {
  test("is the middle one, or the mean of the two in the middle", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test("has as many values below it as above, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        return below <= values.length / 2 && above <= values.length / 2;
      }),
    );
  });

  test("of nothing is an error", () => {
    expect(() => median([])).toThrow();
  });
});

test("a run is judged by connections in close mode, by requests in keep-alive", () => {
  const run = aRun({ connectionsPerSec: 10, requestsPerSec: 700 });
  expect(rateOf(run, "close")).toBe(10);
  expect(rateOf(run, "keep-alive")).toBe(700);
  expect(rateOf(aRun({ requestsPerSec: null }), "keep-alive")).toBe(0);
});

test("the kernel's share is that of all the time together, not a mean of shares", () => {
  expect(
    kernelShare([
      { userMs: 0, systemMs: 100 },
      { userMs: 300, systemMs: 0 },
    ]),
  ).toBe(0.25);
  expect(kernelShare([{ userMs: 0, systemMs: 0 }])).toBeNull();
  expect(kernelShare([])).toBeNull();
});

test("what one connection or request costs the client is told over all runs together", () => {
  const runs = [
    aRun({ windowMs: 1_000, connectionsPerSec: 1_000, requestsPerSec: 500, cpu: { userMs: 1, systemMs: 9 } }),
    aRun({ windowMs: 1_000, connectionsPerSec: 3_000, requestsPerSec: 1_500, cpu: { userMs: 5, systemMs: 25 } }),
  ];
  expect(cpuEachUs(runs, "close")).toBe(10);
  expect(cpuEachUs(runs, "keep-alive")).toBe(20);
  expect(cpuEachUs([], "close")).toBeNull();
});

test("pairs are enough when all are there, or when two leave the peer far behind, or three clearly behind", () => {
  expect(enough([1, 1, 1], 3)).toBe(true);
  expect(enough([1, 1], 3)).toBe(false);
  expect(enough([9], 3)).toBe(false);
  expect(enough([1.6, 2], 3)).toBe(true);
  expect(enough([1.6, 1.4], 3)).toBe(false);
  expect(enough([0.3, 0.3], 3)).toBe(false);
  expect(enough([1.2, 1.3, 1.2], 5)).toBe(true);
  expect(enough([1.2, 1.3, 1.1], 5)).toBe(false);
  expect(enough([], 1)).toBe(false);
});

test("the hardest peer is the one with the least median ratio; one that failed is none", () => {
  const failed = aComparison("ab", [], { failure: "it ended" });
  expect(hardest([aComparison("wrk", [1.1, 0.9]), aComparison("hey", [0.8, 2]), failed])?.peer).toBe("wrk");
  expect(hardest([failed])).toBeNull();
});
