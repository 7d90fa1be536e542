import { expect, test } from "vitest";
import { deviationsApart } from "../../src/stats/rates.js";

const trials = (...events: number[]): { events: number; chances: number }[] =>
  events.map((count) => ({ events: count, chances: 100 }));

test("the same rate is not apart, and which side is above decides the sign", () => {
  expect(deviationsApart(trials(5, 5), trials(5, 5))).toBe(0);
  expect(deviationsApart(trials(0), trials(20))).toBeGreaterThan(3.3);
  expect(deviationsApart(trials(20), trials(0))).toBeCloseTo(-deviationsApart(trials(0), trials(20)));
});

test("one event more is chance, and so are events that come in clusters", () => {
  expect(deviationsApart(trials(0), trials(1))).toBeLessThan(2);
  const [spread, clustered] = [trials(7, 7, 6), trials(0, 20, 0)];
  expect(deviationsApart(trials(0, 0, 0), spread)).toBeGreaterThan(3.3);
  expect(deviationsApart(trials(0, 0, 0), clustered)).toBeLessThan(3.3);
});
