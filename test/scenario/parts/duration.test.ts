import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, LONGEST_MS, parseDuration } from "../../../src/scenario/parts/duration.js";

test.each([
  ["500ms", 500],
  ["10s", 10_000],
  ["2m", 120_000],
  ["1.5s", 1500],
  ["10 s", 10_000],
  ["0s", 0],
])("%s is %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "10", "s", "10h", "-1s", "1e3s", "10S", "1.s", ".5s", "1s ", "1s 500ms", "١s"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test("whatever is written by us reads back as the same", () => {
  fc.assert(fc.property(fc.nat(LONGEST_MS), (ms) => parseDuration(formatDuration(ms)) === ms));
});

test("the largest unit that loses nothing is taken", () => {
  expect([0, 1500, 90_000, 120_000].map(formatDuration)).toEqual(["0ms", "1500ms", "90s", "2m"]);
});
