import { expect, test } from "vitest";
import { Direction, WAITING_FRAMES } from "../../src/cable/direction.js";
import { plainLink } from "../../src/scenario/types.js";
import type { LinkPlan } from "../../src/scenario/types.js";
import { seeded } from "../../src/stats/random.js";

const FRAMES = 20_000;
const direction = (does: Partial<LinkPlan>): Direction =>
  new Direction({ ...plainLink("client", "server"), ...does }, seeded(1));

/** How often each of many frames goes on, and when, where all come at the same time. */
function many(does: Partial<LinkPlan>): { copies: number; due: number[]; way: Direction } {
  const way = direction(does);
  const due: number[] = [];
  let copies = 0;
  for (let frame = 0; frame < FRAMES; frame++)
    for (let left = way.copies(); left > 0; left--) {
      copies++;
      due.push(way.dueMs(1000, 100) ?? Number.NaN);
    }
  return { copies, due, way };
}

test("a plain cable carries each frame once and at once", () => {
  const { copies, due } = many({});
  expect(copies).toBe(FRAMES);
  expect(new Set(due)).toEqual(new Set([1000]));
});

test("shares of the frames are lost, come twice, and go ahead", () => {
  const { copies, due, way } = many({ delayMs: 10, loss: 0.02, duplicate: 0.01, reorder: 0.03 });
  const { frames, lost, duplicated, reordered } = way.counts;
  expect(frames).toBe(FRAMES);
  expect(lost / FRAMES).toBeCloseTo(0.02, 2);
  expect(duplicated! / FRAMES).toBeCloseTo(0.01, 2);
  expect(copies).toBe(FRAMES - lost + duplicated!);
  expect(due.filter((time) => time === 1000)).toHaveLength(reordered!);
  expect(reordered! / copies).toBeCloseTo(0.03, 2);
});

test("jitter spreads the delay evenly to both sides", () => {
  const { due } = many({ delayMs: 10, jitterMs: 4 });
  const delays = due.map((time) => time - 1000);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(6);
  expect(Math.max(...delays)).toBeLessThanOrEqual(14);
  expect(delays.reduce((sum, one) => sum + one, 0) / delays.length).toBeCloseTo(10, 1);
  expect(delays.filter((one) => one < 8).length / FRAMES).toBeCloseTo(0.25, 1);
});

test("a rate lets one frame after the other through, and a delay comes on top", () => {
  const way = direction({ delayMs: 5, bitsPerSec: 8000 });
  // 100 bytes take 100 ms.
  expect([way.dueMs(0, 100), way.dueMs(0, 100), way.dueMs(150, 100), way.dueMs(1000, 50)]).toEqual([
    105, 205, 305, 1055,
  ]);
});

test("where a queue is full, frames are dropped and counted", () => {
  const way = direction({ bitsPerSec: 8000 });
  const due = Array.from({ length: WAITING_FRAMES + 10 }, () => way.dueMs(0, 100));
  expect(due.filter((time) => time === null)).toHaveLength(way.counts.overflowed!);
  expect(way.counts.overflowed).toBe(9);
});

test("how late frames were is told to a fifth", () => {
  const way = direction({});
  for (let frame = 1; frame <= 1000; frame++) way.carried(frame / 1000);
  const { lateP50Us, lateP99Us, carried } = way.counts;
  expect(carried).toBe(1000);
  expect(lateP50Us! / 500).toBeGreaterThanOrEqual(1);
  expect(lateP50Us! / 500).toBeLessThan(1.2);
  expect(lateP99Us! / 990).toBeGreaterThanOrEqual(1);
  expect(lateP99Us! / 990).toBeLessThan(1.2);
  expect(direction({}).counts).toMatchObject({ carried: 0, lateP50Us: null, lateP99Us: null });
});
