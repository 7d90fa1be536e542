import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Arrivals } from "../../../src/client/pace/arrivals.js";
import { Pacer } from "../../../src/client/pace/pacer.js";
import { TurnLoop, type PacedSlot } from "../../../src/client/pace/turn-loop.js";

const START = 5000;

beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

const now = (): number => Date.now();

interface Begun {
  slot: number;
  atMs: number;
  intendedMs: number;
}

/** A pace over some slots, each of which takes `serviceMs(nth request)` for a request. */
function play(perSec: number, slots: number, serviceMs: (nth: number) => number, most = Number.POSITIVE_INFINITY) {
  const begun: Begun[] = [];
  const ended = new Set<number>();
  const mayStart = (): boolean => now() < START + 1000 && begun.length < most;
  const pacer = new Pacer({
    arrivals: "constant",
    stages: [{ durationMs: 1000, fromPerSec: perSec, toPerSec: perSec }],
    seed: 1,
  });
  const loop = new TurnLoop({ turns: new Arrivals(slots, pacer, START), now, mayStart, durationMs: 1000 });
  const all = Array.from({ length: slots }, (_, slot): PacedSlot => {
    const self: PacedSlot = {
      begin(intendedMs) {
        begun.push({ slot, atMs: now() - START, intendedMs: intendedMs - START });
        setTimeout(() => loop.free(self), serviceMs(begun.length));
      },
      end: () => void ended.add(slot),
    };
    return self;
  });
  for (const slot of all) loop.free(slot);
  return { begun, ended, loop };
}

describe("with slots enough", () => {
  test("every request starts when it is meant to", () => {
    const { begun, loop } = play(50, 2, () => 5);
    vi.advanceTimersByTime(999);
    expect(begun.map(({ intendedMs }) => intendedMs)).toEqual(Array.from({ length: 50 }, (_, i) => i * 20));
    expect(begun.every(({ atMs, intendedMs }) => atMs === intendedMs)).toBe(true);
    expect(loop.countUnsent(false)).toBe(0);
  });

  test("the slots take turns", () => {
    const { begun } = play(50, 3, () => 5);
    vi.advanceTimersByTime(200);
    expect(begun.slice(0, 7).map(({ slot }) => slot)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  test("none starts before its time, between two milliseconds", () => {
    const { begun } = play(300, 2, () => 1);
    vi.advanceTimersByTime(999);
    expect(begun).toHaveLength(300);
    for (const { atMs, intendedMs } of begun) {
      expect(atMs).toBeGreaterThanOrEqual(intendedMs);
      expect(atMs).toBeLessThan(intendedMs + 2);
    }
  });
});

describe("while no slot is free", () => {
  test("requests wait and keep their time, then go out one after the other", () => {
    const { begun } = play(100, 1, (nth) => (nth === 10 ? 500 : 1));
    vi.advanceTimersByTime(999);
    expect(begun.map(({ intendedMs }) => intendedMs)).toEqual(Array.from({ length: 100 }, (_, i) => i * 10));
    // The tenth was begun at 90 ms: what was meant for 100 ms has waited for it, and is sent first.
    expect(begun[10]).toEqual({ slot: 0, atMs: 590, intendedMs: 100 });
    expect(begun[11]).toEqual({ slot: 0, atMs: 591, intendedMs: 110 });
    expect(begun.at(-1)).toMatchObject({ atMs: 990, intendedMs: 990 });
  });

  test("what never gets one is counted", () => {
    const { begun, loop } = play(100, 1, () => 25);
    vi.advanceTimersByTime(1000);
    expect(begun).toHaveLength(40);
    expect(loop.countUnsent(false)).toBe(60);
  });
});

describe("the end", () => {
  test("comes to the slots that are free, and to each that becomes free later", () => {
    const { ended } = play(10, 3, () => 700);
    vi.advanceTimersByTime(1001);
    // All are busy at this moment.
    expect(ended.size).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(ended).toEqual(new Set([0, 1, 2]));
  });

  test("comes with the last of a number of requests, to all free slots", () => {
    const { begun, ended } = play(100, 4, () => 1, 7);
    vi.advanceTimersByTime(200);
    expect(begun).toHaveLength(7);
    expect(ended.size).toBe(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("counts as unsent what was due until it was told to stop, and nothing later", () => {
    const { begun, loop } = play(100, 1, () => 10_000);
    vi.advanceTimersByTime(255);
    loop.stop();
    vi.advanceTimersByTime(500);
    loop.stop();
    expect(begun).toHaveLength(1);
    expect(loop.countUnsent(true)).toBe(25);
  });

  test("counts to the planned end when its timer rings a little before it", () => {
    const { begun, loop } = play(100, 1, () => 25);
    vi.advanceTimersByTime(988);
    loop.stop();
    expect(begun.length + loop.countUnsent(false)).toBe(100);
  });
});

test("whatever the server does, each request is started once or counted as unsent, and in order", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 1, max: 10 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
      (perSec, slots, service) => {
        vi.setSystemTime(START);
        const { begun, loop } = play(perSec, slots, (nth) => service[nth % service.length] ?? 1);
        vi.advanceTimersByTime(1000);
        expect(begun.length + loop.countUnsent(false)).toBe(perSec);
        const intended = begun.map(({ intendedMs }) => intendedMs);
        expect(intended).toEqual(intended.toSorted((a, b) => a - b));
        expect(begun.every(({ atMs, intendedMs }) => atMs >= intendedMs)).toBe(true);
        vi.clearAllTimers();
      },
    ),
    { numRuns: 50 },
  );
});
