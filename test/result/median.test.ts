import type { Link } from "../../src/links/types.js";
import { expect, test } from "vitest";
import { intervalOf, medianOf } from "../../src/result/median.js";
import { trialOf } from "../../src/result/trial.js";
import type { Trial } from "../../src/result/types.js";
import { measurementOf } from "./fixture.js";

const trialWith = (changes: Partial<Trial>): Trial => ({ ...trialOf(measurementOf()), ...changes });
const withRate = (perSec: number, changes: Partial<Trial> = {}): Trial =>
  trialWith({ requests: { sent: 1, succeeded: 1, failed: 0, perSec, served: null }, ...changes });

test("each figure's median stands for itself", () => {
  const trials = [withRate(10), withRate(50), withRate(20)];
  expect(medianOf(trials)?.requests.perSec).toBe(20);
  expect(medianOf(trials.slice(0, 2))?.requests.perSec).toBe(30);
});

test("interrupted and failed trials do not count", () => {
  expect(medianOf([withRate(10), withRate(99, { status: "interrupted" })])?.requests.perSec).toBe(10);
  expect(medianOf([withRate(99, { status: "failed" })])).toBeNull();
  expect(medianOf([])).toBeNull();
});

test("an error that a trial did not see happened there zero times", () => {
  const trials = [trialWith({ errors: { ECONNRESET: 9 } }), trialWith({ errors: {} }), trialWith({ errors: {} })];
  expect(medianOf(trials)?.errors).toEqual({ ECONNRESET: 0 });
});

test("what one trial could not measure has no median", () => {
  expect(medianOf([trialWith({}), trialWith({ latencyUs: null })])?.latencyUs).toBeNull();
});

test("a median holds no more than the figures of Metrics", () => {
  expect(Object.keys(medianOf([trialWith({})])!).toSorted()).toEqual([
    "closeCauses",
    "closedAfter",
    "closedFirst",
    "connectUs",
    "connections",
    "cpu",
    "errors",
    "firstByteUs",
    "handshakeUs",
    "hosts",
    "latencyUs",
    "links",
    "pace",
    "repeated",
    "requests",
    "stale",
    "statuses",
    "timeWait",
    "uncorrectedLatencyUs",
  ]);
});

test("a link that only one trial has seen was not used in the others", () => {
  const link = (opened: number): Link => ({
    port: 80,
    opened,
    perRequest: opened / 100,
    timeWait: { from: { created: opened, peak: 1, end: 1 }, to: null },
    closedFirst: { from: 1, to: 0, reset: 0 },
    ports: { used: 1, limit: 100 },
    exact: opened !== 7,
  });
  const trials = [
    trialWith({ links: { client: { server: link(10) } } }),
    trialWith({ links: { client: { server: link(20) }, server: { backend: link(7) } } }),
    trialWith({ links: { client: { server: link(30) } } }),
  ];
  expect(medianOf(trials)!.links).toEqual({
    client: { server: { ...link(20), timeWait: { from: { created: 20, peak: 1, end: 1 }, to: null } } },
    server: {
      backend: {
        ...link(0),
        timeWait: { from: { created: 0, peak: 0, end: 0 }, to: null },
        closedFirst: null,
        ports: { used: 0, limit: 100 },
        exact: false,
      },
    },
  });
});

test("the interval of a median takes six trials, and has every figure of it", () => {
  const trials = [10, 20, 30, 40, 50, 60].map((perSec) => withRate(perSec));
  expect(intervalOf(trials.slice(1))).toBeNull();
  const { low, high } = intervalOf(trials)!;
  expect(low.requests.perSec).toBeGreaterThanOrEqual(10);
  expect(low.requests.perSec).toBeLessThan(20);
  expect(high.requests.perSec).toBeLessThanOrEqual(60);
  expect(Object.keys(low)).toEqual(Object.keys(medianOf(trials)!));
  expect(intervalOf([...trials, withRate(1, { latencyUs: null })])!.low.latencyUs).toBeNull();
});
