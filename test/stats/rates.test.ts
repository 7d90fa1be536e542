import { expect, test } from "vitest";
import { deviationsApart } from "../../src/stats/rates.js";

const trials = (...events: number[]): { events: number; chances: number }[] =>
  events.map((count) => ({ events: count, chances: 100 }));

test("the same rate is not apart, and which side is above decides the sign", () => {
  expect(deviationsApart(trials(5, 5), trials(5, 5))).toBe(0);
  expect(deviationsApart(trials(0), trials(25))).toBeGreaterThan(3.3);
  expect(deviationsApart(trials(20), trials(0))).toBeCloseTo(-deviationsApart(trials(0), trials(20)));
});

test("one event more is chance, and so are events that come in clusters", () => {
  expect(deviationsApart(trials(0), trials(1))).toBeLessThan(2);
  const [spread, clustered] = [trials(7, 7, 6), trials(0, 20, 0)];
  expect(deviationsApart(trials(0, 0, 0), spread)).toBeGreaterThan(3.3);
  expect(deviationsApart(trials(0, 0, 0), clustered)).toBeLessThan(3.3);
});

test("what chance decides for each request scatters more than a few trials show; what is always or never so does not", () => {
  const twice = (events: number, chances: number) => [0, 1].map(() => ({ events, chances }));
  // As they came: a pool of Go's that is too small, and gunicorn's workers and a client that close at the same moment.
  expect(Math.abs(deviationsApart(twice(52, 190), twice(84, 190)))).toBeLessThan(3.3);
  expect(Math.abs(deviationsApart(twice(22, 200), twice(9, 200)))).toBeLessThan(3.3);
  const once = (events: number) => [{ events, chances: 16 }];
  expect(deviationsApart(once(0), once(16))).toBeGreaterThan(3.3);
});
