import { expect, test } from "vitest";
import { Backoff } from "../../../src/client/pace/backoff.js";

const waits = (backoff: Backoff, count: number): number[] => Array.from({ length: count }, () => backoff.next());

test("doubles from 10 ms to 500 ms", () => {
  const longest = new Backoff(() => 1);
  expect(waits(longest, 8)).toEqual([10, 20, 40, 80, 160, 320, 500, 500]);
});

test("leaves half of each wait to chance", () => {
  const shortest = new Backoff(() => 0);
  expect(waits(shortest, 8)).toEqual([5, 10, 20, 40, 80, 160, 250, 250]);
});

test("begins again once a connection was made", () => {
  const backoff = new Backoff(() => 1);
  waits(backoff, 5);
  backoff.connected();
  expect(waits(backoff, 2)).toEqual([10, 20]);
});
