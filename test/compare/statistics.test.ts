import { expect, test, vi } from "vitest";
import { QUIET, SHARED, BUSY } from "../calibrate/simulated.js";
import { shareOf, toldWorse } from "../calibrate/trials.js";

// With known truth and fixed seeds; the long run of it is `npm run calibrate`.
vi.setConfig({ testTimeout: 120_000 });

test.each([
  ["quiet", QUIET, 10],
  ["shared", SHARED, 10],
  ["busy", BUSY, 10],
  ["shared", SHARED, 20],
])(
  "of 1,000 comparisons of a thing with itself, at most 5 %% are told worse: %s, %o, %i pairs",
  (_name, noise, pairs) => {
    expect(shareOf(1000, (seed) => toldWorse({ pairs, noise, slowdown: 1, seed }))).toBeLessThanOrEqual(0.05);
  },
);

test.each([
  ["quiet", QUIET],
  ["shared", SHARED],
])("a slowdown of 10 %% is found at least 90 %% of the time with 10 pairs: %s, %o", (_name, noise) => {
  expect(shareOf(300, (seed) => toldWorse({ pairs: 10, noise, slowdown: 1.1, seed }))).toBeGreaterThanOrEqual(0.9);
});

test("what became 10 % quicker is never told worse", () => {
  expect(shareOf(200, (seed) => toldWorse({ pairs: 10, noise: SHARED, slowdown: 1 / 1.1, seed }))).toBe(0);
});
