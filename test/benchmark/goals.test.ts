import { describe, expect, test } from "vitest";
import { aComparison, aRun } from "./fixture.js";
import { goalsOf } from "./goals.js";
import type { Comparison } from "./types.js";

const SAMPLING = {
  readings: [],
  sampler: { everyMs: 10, perSec: 100, coreShare: 0.01 },
  load: {
    client: "epoll" as const,
    everyMs: 10,
    pairs: 16,
    lowerQuartile: 0.98,
    medianRatio: 0.995,
    upperQuartile: 1.01,
    control: { lowerQuartile: 0.99, medianRatio: 1, upperQuartile: 1.01 },
  },
};

const [BEST, KEEP_ALIVE, KERNEL, THREADS, SAMPLED] = [0, 1, 2, 3, 4] as const;
const goal = (index: number, ...comparisons: Comparison[]) => goalsOf(comparisons, SAMPLING)[index]!;

describe("the goal of close mode", () => {
  test("turns on the peer that does best, by the median of its pairs", () => {
    const comparisons = [aComparison("wrk", [1.2, 1.0, 1.06]), aComparison("ab", [1.5]), aComparison("hey", [3])];
    expect(goal(BEST, ...comparisons)).toMatchObject({
      measured: 1.06,
      spread: { min: 1, max: 1.2, of: 3 },
      remark: "against wrk",
      met: true,
    });
  });

  test("is not met by a hair's breadth", () => {
    expect(goal(BEST, aComparison("wrk", [1.0499])).met).toBe(false);
  });

  test("has nothing to do with other servers or more threads", () => {
    const others = [aComparison("wrk", [2], { server: "node" }), aComparison("wrk", [2], { threads: 2 })];
    expect(goal(BEST, ...others)).toMatchObject({ measured: null, met: null });
  });
});

test("keep-alive and two threads are judged against wrk alone", () => {
  const keepAlive = [
    aComparison("wrk", [1.01], { mode: "keep-alive" }),
    aComparison("h2load", [0.5], { mode: "keep-alive" }),
  ];
  expect(goal(KEEP_ALIVE, ...keepAlive)).toMatchObject({ measured: 1.01, met: true });
  expect(goal(KEEP_ALIVE, keepAlive[1]!)).toMatchObject({ measured: null, met: null });
  const two = aComparison("wrk", [1.04], { threads: 2 });
  expect(goal(THREADS, two)).toMatchObject({ measured: 1.04, met: false });
});

test("the share of kernel time is that of all our runs in close mode together, with wrk's beside it", () => {
  const wrk = aComparison("wrk", [1, 1]);
  wrk.pairs[0]!.ours = aRun({ cpu: { userMs: 0, systemMs: 900 } });
  wrk.pairs[1]!.ours = aRun({ cpu: { userMs: 100, systemMs: 0 } });
  wrk.pairs[0]!.peer = aRun({ cpu: { userMs: 50, systemMs: 950 } });
  wrk.pairs[1]!.peer = aRun({ cpu: { userMs: 50, systemMs: 950 } });
  expect(goal(KERNEL, wrk)).toMatchObject({
    measured: 0.9,
    spread: { min: 0, max: 1, of: 2 },
    remark: "(wrk: 95.0 %)",
    met: false,
  });
});

test("sampling is judged by what it leaves of the load, and not at all where it was left out", () => {
  expect(goal(SAMPLED)).toMatchObject({ measured: 0.995, met: true, spread: { min: 0.98, max: 1.01, of: 16 } });
  expect(goalsOf([], null)[SAMPLED]).toMatchObject({ measured: null, met: null });
  // Of connections that are closed it is judged by itself, in results that have it.
  expect(goal(SAMPLED + 1)).toMatchObject({ measured: null, met: null });
  const closing = { ...SAMPLING.load, medianRatio: 0.97 };
  expect(goalsOf([], { ...SAMPLING, closing })[SAMPLED + 1]).toMatchObject({ measured: 0.97, met: false });
});

test("sampling is not judged where the machine by itself differs as much", () => {
  const withControl = (control: Partial<typeof SAMPLING.load.control>) => ({
    ...SAMPLING,
    load: { ...SAMPLING.load, control: { ...SAMPLING.load.control, ...control } },
  });
  expect(goalsOf([], withControl({ lowerQuartile: 0.9 }))[SAMPLED]).toMatchObject({ measured: 0.995, met: null });
  expect(goalsOf([], withControl({ medianRatio: 1.02 }))[SAMPLED]).toMatchObject({ measured: 0.995, met: null });
});
