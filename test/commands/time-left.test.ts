import { expect, test } from "vitest";
import { TimeLeft } from "../../src/commands/time-left.js";

test("counts what is planned, and what each trial took besides as soon as one has shown it", () => {
  let nowMs = 5_000;
  const left = new TimeLeft([1_000, 1_000, 2_000], () => nowMs);
  expect([left.trial, left.trials]).toEqual([0, 3]);
  left.next();
  expect(left.trial).toBe(1);
  // The rest of the loads, and a second guessed for each trial that is to come.
  expect(left.leftMs()).toBe(1_000 + 1_000 + 2_000 + 2 * 1_000);
  nowMs += 400;
  expect(left.leftMs()).toBe(5_600);
  expect(left.share()).toBeCloseTo(400 / 6_000);
  nowMs += 1_100;
  left.next();
  // The first took 1.5 s, of which one was its load.
  expect(left.leftMs()).toBe(1_000 + 2_000 + 500);
  nowMs += 1_500;
  left.next();
  expect(left.leftMs()).toBe(2_000);
  nowMs += 9_000;
  expect(left.leftMs()).toBe(0);
  expect(left.share()).toBe(1);
});

test("of nothing there is nothing left", () => {
  const left = new TimeLeft([], () => 0);
  expect(left.leftMs()).toBe(0);
  expect(left.share()).toBe(1);
});
