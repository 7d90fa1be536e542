import fc from "fast-check";
import { expect, test } from "vitest";
import { turnsOf } from "../../../src/client/pace/make-turns.js";
import type { Turns } from "../../../src/client/pace/turns.js";
import type { PausePlan } from "../../../src/scenario/types.js";

const think = (from: number, to = from, batch: number | null = null): PausePlan => ({
  thinkMs: { from, to },
  batch,
  seed: 1,
});

interface Begun {
  slot: number;
  atMs: number;
}

/** A load whose requests each take `serviceMs(nth)`: it goes from one thing that happens to the next. */
function play(turns: Turns, slots: number, serviceMs: (nth: number) => number, requests: number): Begun[] {
  const begun: Begun[] = [];
  const under: { slot: number; untilMs: number }[] = [];
  let nowMs = 1000;
  for (let slot = 0; slot < slots; slot++) turns.push(slot, nowMs);
  while (begun.length < requests) {
    while (turns.count > 0 && turns.nextMs <= nowMs && begun.length < requests) {
      const slot = turns.shift();
      expect(turns.take(nowMs)).toBe(nowMs);
      begun.push({ slot, atMs: nowMs });
      under.push({ slot, untilMs: nowMs + serviceMs(begun.length) });
    }
    under.sort((a, b) => a.untilMs - b.untilMs);
    const ends = under[0]?.untilMs ?? Number.POSITIVE_INFINITY;
    nowMs = Math.max(nowMs, Math.min(ends, turns.nextMs));
    while (under[0] !== undefined && under[0].untilMs <= nowMs) turns.push(under.shift()!.slot, nowMs);
  }
  expect(turns.skipTo(nowMs)).toBe(0);
  return begun;
}

test("without a pace and without pauses nobody waits", () => {
  expect(turnsOf({ pace: null }, 3, 0)).toBeNull();
});

test("each slot pauses after each of its answers, and not before its first request", () => {
  const begun = play(turnsOf({ pace: null, pauses: think(100) }, 2, 1000)!, 2, (nth) => (nth === 2 ? 30 : 10), 6);
  expect(begun.map(({ slot, atMs }) => [slot, atMs])).toEqual([
    [0, 1000],
    [1, 1000],
    [0, 1110],
    [1, 1130],
    [0, 1220],
    [1, 1240],
  ]);
});

test("a range of pauses is kept to, and is the same for the same seed", () => {
  const gaps = (): number[] => {
    const begun = play(turnsOf({ pace: null, pauses: think(100, 300) }, 1, 1000)!, 1, () => 0, 200);
    return begun.slice(1).map(({ atMs }, nth) => atMs - begun[nth]!.atMs);
  };
  const all = gaps();
  expect(Math.min(...all)).toBeGreaterThanOrEqual(100);
  expect(Math.min(...all)).toBeLessThan(120);
  expect(Math.max(...all)).toBeLessThanOrEqual(300);
  expect(Math.max(...all)).toBeGreaterThan(280);
  expect(gaps()).toEqual(all);
});

test("a batch goes out as fast as slots are free, and the next one a pause after its last answer", () => {
  const begun = play(turnsOf({ pace: null, pauses: think(500, 500, 5) }, 2, 1000)!, 2, () => 10, 12);
  expect(begun.map(({ atMs }) => atMs)).toEqual([
    1000, 1000, 1010, 1010, 1020, 1530, 1530, 1540, 1540, 1550, 2060, 2060,
  ]);
});

test("a batch may be smaller than the number of slots, which then take turns", () => {
  const begun = play(turnsOf({ pace: null, pauses: think(100, 100, 1) }, 3, 1000)!, 3, () => 10, 4);
  expect(begun.map(({ slot, atMs }) => [slot, atMs])).toEqual([
    [0, 1000],
    [1, 1110],
    [2, 1220],
    [0, 1330],
  ]);
});

test("however long requests take, a slot never begins before its pause is over, and none is forgotten", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1 }),
      (slots, pauseMs, service) => {
        const takes = (nth: number): number => service[nth % service.length]!;
        const begun = play(turnsOf({ pace: null, pauses: think(pauseMs) }, slots, 1000)!, slots, takes, 100);
        const lastEnd = new Map<number, number>();
        for (const [nth, { slot, atMs }] of begun.entries()) {
          const last = lastEnd.get(slot);
          expect(atMs).toBe(last === undefined ? 1000 : last + pauseMs);
          lastEnd.set(slot, atMs + takes(nth + 1));
        }
        if (begun.length >= slots) expect(lastEnd.size).toBe(slots);
      },
    ),
    { numRuns: 50 },
  );
});
