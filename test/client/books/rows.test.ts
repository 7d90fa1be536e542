import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IntervalRows } from "../../../src/client/books/rows.js";
import { LoadTally } from "../../../src/client/books/tally.js";
import type { LoadReport } from "../../../src/client/types.js";

const START = 1_000_000.25;

/** Told by one teller each: when requests succeeded, with a latency in milliseconds. */
function columnsOf(tellers: [atMs: number, latencyMs: number][][], lengthMs: number): LoadReport["timeline"] {
  const rows = new IntervalRows(tellers.length);
  for (const [teller, successes] of tellers.entries()) {
    const tally = new LoadTally(START, false, (latencies) => {
      for (const interval of latencies) rows.add(teller, interval);
    });
    for (const [atMs, latencyMs] of successes) {
      tally.passTo(START + atMs);
      tally.succeed(START + atMs, latencyMs, latencyMs);
    }
    tally.close();
    rows.done(teller);
  }
  return rows.columns(lengthMs);
}

/** How many successes the columns tell of. */
function countIn({ atMs, perSec }: LoadReport["timeline"]): number {
  const counts = perSec.map((rate, nth) => (rate * (atMs[nth]! - (atMs[nth - 1] ?? 0))) / 1000);
  return Math.round(counts.reduce((total, count) => total + Math.round(count), 0));
}

describe("intervals", () => {
  test("hold the rate and the latencies of 100 ms each", () => {
    const successes = Array.from({ length: 50 }, (_, nth): [number, number] => [nth * 2, 1]);
    expect(columnsOf([[...successes, [150, 2]]], 200)).toEqual({
      atMs: [100, 200],
      perSec: [500, 10],
      p50Us: [1000, 2000],
      p99Us: [1000, 2000],
    });
  });

  test("without a success are shown as such", () => {
    expect(
      columnsOf(
        [
          [
            [10, 1],
            [310, 1],
          ],
        ],
        400,
      ),
    ).toMatchObject({
      atMs: [100, 200, 300, 400],
      perSec: [10, 0, 0, 10],
      p50Us: [1000, null, null, 1000],
    });
  });

  test("that are shorter than half at the end are a part of the last one, with their latencies", () => {
    expect(
      columnsOf(
        [
          [
            [50, 1],
            [120, 1],
            [210, 5],
          ],
        ],
        230,
      ),
    ).toEqual({
      atMs: [100, 230],
      perSec: [10, 15.4],
      p50Us: [1000, 1000],
      p99Us: [1000, 5000],
    });
    // A stall of the whole last interval, and what came right after it.
    expect(
      columnsOf(
        [
          [
            [50, 1],
            [300, 250],
          ],
        ],
        300,
      ),
    ).toMatchObject({ atMs: [100, 200, 300], perSec: [10, 0, 10] });
  });

  test("are kept at the end when longer, with the rate over their own length", () => {
    expect(columnsOf([[[120, 1]]], 160)).toMatchObject({ atMs: [100, 160], perSec: [0, 16.7] });
  });

  test("of a load shorter than one are kept however short", () => {
    expect(columnsOf([[[3, 1]]], 4)).toMatchObject({ atMs: [4], perSec: [250] });
  });

  test("of a load that never began are none", () => {
    expect(new IntervalRows(1).columns(0).atMs).toEqual([]);
  });
});

test("the rows of any load hold every success, however many tell of it and wherever it ends", () => {
  const successes = fc
    .array(fc.tuple(fc.double({ min: 0, max: 999, noNaN: true }), fc.double({ min: 0.1, max: 50, noNaN: true })))
    .map((list) => list.toSorted(([a], [b]) => a - b));
  fc.assert(
    fc.property(
      fc.array(successes, { minLength: 1, maxLength: 3 }),
      fc.double({ min: 0, max: 400, noNaN: true }),
      (tellers, restMs) => {
        const last = Math.max(0, ...tellers.flat().map(([atMs]) => atMs));
        const columns = columnsOf(tellers, last + restMs);
        expect(countIn(columns)).toBe(tellers.flat().length);
        expect(columns.perSec.map((rate) => rate > 0)).toEqual(columns.p50Us.map((latency) => latency !== null));
      },
    ),
  );
});
