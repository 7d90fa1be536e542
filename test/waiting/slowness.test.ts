import { expect, test } from "vitest";
import { slowness, slownessOf } from "../../src/waiting/slowness.js";

/** A clock by which each try takes as long as the next of these. */
function clock(...tookMs: number[]): () => number {
  const times = tookMs.flatMap((took, at) => [at * 1000, at * 1000 + took]);
  return () => times.shift()!;
}

test("the quickest try counts: a busy machine is no slow one", () => {
  expect(slownessOf(clock(50, 0.4, 90, 30, 50))).toBe(1);
  expect(slownessOf(clock(50, 3, 90, 30, 50))).toBe(6);
  expect(slownessOf(clock(5000, 5000, 5000, 5000, 5000))).toBe(20);
});

test("this machine is as quick as one that we know", () => {
  expect(slowness()).toBeGreaterThanOrEqual(1);
  expect(slowness()).toBeLessThanOrEqual(20);
});
