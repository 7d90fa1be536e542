import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LoadTimeline } from "../../src/client/timeline.js";

const START = 1_000_000.25;

describe("intervals", () => {
  test("hold the rate and the latencies of 100 ms each", () => {
    const timeline = new LoadTimeline(START);
    for (let i = 0; i < 50; i++) timeline.succeeded(START + i * 2, 1);
    timeline.succeeded(START + 150, 2);
    expect(timeline.close(START + 200)).toEqual({
      atMs: [100, 200],
      perSec: [500, 10],
      p50Us: [1000, 2000],
      p99Us: [1000, 2000],
    });
  });

  test("without a success are shown as such", () => {
    const timeline = new LoadTimeline(START);
    timeline.succeeded(START + 10, 1);
    timeline.succeeded(START + 310, 1);
    expect(timeline.close(START + 400)).toMatchObject({
      atMs: [100, 200, 300, 400],
      perSec: [10, 0, 0, 10],
      p50Us: [1000, null, null, 1000],
      p99Us: [1000, null, null, 1000],
    });
  });

  test("are left out at the end when shorter than half", () => {
    const timeline = new LoadTimeline(START);
    timeline.succeeded(START + 50, 1);
    timeline.succeeded(START + 120, 1);
    expect(timeline.close(START + 130).atMs).toEqual([100]);
  });

  test("are kept at the end when longer, with the rate over their own length", () => {
    const timeline = new LoadTimeline(START);
    timeline.succeeded(START + 120, 1);
    expect(timeline.close(START + 160)).toMatchObject({ atMs: [100, 160], perSec: [0, 16.7] });
  });

  test("of a load shorter than one are kept however short", () => {
    const timeline = new LoadTimeline(START);
    timeline.succeeded(START + 3, 1);
    expect(timeline.close(START + 4)).toMatchObject({ atMs: [4], perSec: [250] });
  });

  test("of a load that never began are none", () => {
    expect(new LoadTimeline(START).close(START).atMs).toEqual([]);
  });
});

test("every success of a load that ends on the grid is in exactly one interval", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 999, noNaN: true })), (times) => {
      const timeline = new LoadTimeline(START);
      for (const atMs of times.toSorted((a, b) => a - b)) timeline.succeeded(START + atMs, 1);
      const { atMs, perSec } = timeline.close(START + 1000);
      expect(atMs).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
      expect(perSec.reduce((total, rate) => total + rate, 0) / 10).toBeCloseTo(times.length);
    }),
  );
});
