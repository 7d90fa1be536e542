import { expect, test } from "vitest";
import { isAsPromised, oneWayOf } from "./links-table.js";

test.each([
  [1, 1.19, true],
  [1, 1.21, false],
  [1, 0.79, false],
  [10, 10.49, true],
  [10, 9.49, false],
])("a delay of %d ms that took %d ms", (delayMs, tookMs, isKept) => {
  expect(isAsPromised(tookMs, delayMs)).toBe(isKept);
});

test("frames are told apart by their numbers, and those that only one end saw count nowhere", () => {
  const left: [number, number][] = [
    [0, 100],
    [1, 110],
    [2, 120],
  ];
  expect(
    oneWayOf(left, [
      [2, 126],
      [0, 105],
      [9, 1],
    ]),
  ).toEqual([6, 5]);
  expect(() => oneWayOf(left, [[2, 126]])).toThrow("of 3 frames only 1 were seen at both ends");
});
