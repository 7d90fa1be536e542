import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pacer } from "../../../src/client/pace/pacer.js";
import type { PacePlan, PaceStage } from "../../../src/scenario/types.js";

function constant(...stages: [durationMs: number, fromPerSec: number, toPerSec?: number][]): PacePlan {
  return {
    arrivals: "constant",
    stages: stages.map(([durationMs, fromPerSec, toPerSec = fromPerSec]) => ({ durationMs, fromPerSec, toPerSec })),
    seed: 1,
  };
}

function poisson(seed: number, ...stages: Parameters<typeof constant>): PacePlan {
  return { ...constant(...stages), arrivals: "poisson", seed };
}

/** Every arrival of a plan. */
function all(pacer: Pacer): number[] {
  const times: number[] = [];
  while (pacer.nextMs < Number.POSITIVE_INFINITY) times.push(pacer.take());
  return times;
}

function before(times: readonly number[], endMs: number): number {
  return times.filter((time) => time < endMs).length;
}

/** Arrivals that the rates call for until then, by adding up trapezoids. */
function integral(stages: readonly PaceStage[], untilMs: number): number {
  let startMs = 0;
  let sum = 0;
  for (const { durationMs, fromPerSec, toPerSec } of stages) {
    const part = Math.max(0, Math.min(durationMs, untilMs - startMs));
    const rateThere = fromPerSec + ((toPerSec - fromPerSec) * part) / durationMs;
    sum += ((part / 1000) * (fromPerSec + rateThere)) / 2;
    startMs += durationMs;
  }
  return sum;
}

const rate = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 3000 }),
  fc.double({ min: 0.1, max: 100, noNaN: true }),
);
const stage = fc.record({ durationMs: fc.integer({ min: 1, max: 3000 }), fromPerSec: rate, toPerSec: rate });
const stages = fc.array(stage, { minLength: 1, maxLength: 4 });
const plan: fc.Arbitrary<PacePlan> = fc.record({
  arrivals: fc.constantFrom("constant" as const, "poisson" as const),
  stages,
  seed: fc.nat(),
});

describe("constant arrivals", () => {
  test("are a fixed gap apart, the first at once", () => {
    expect(all(new Pacer(constant([50, 100])))).toEqual([0, 10, 20, 30, 40]);
  });

  test.each([1, 3, 7, 33, 1000, 1999, 100_000])("at %i a second are just so many in each second", (perSec) => {
    const times = all(new Pacer(constant([3000, perSec])));
    expect(times).toHaveLength(3 * perSec);
    for (const second of [1, 2, 3]) expect(before(times, second * 1000)).toBe(second * perSec);
  });

  test("keep an exact rate that is no whole number", () => {
    expect(all(new Pacer(constant([60_000, 0.1])))).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
    expect(all(new Pacer(constant([10_000, 33.3])))).toHaveLength(333);
    // Ten times 0.7 add up to a little more than 7 in binary.
    const tenth: [number, number] = [100, 7];
    expect(all(new Pacer(constant(...Array.from({ length: 10 }, () => tenth))))).toHaveLength(7);
  });

  test("do not drift over a day", () => {
    const pacer = new Pacer(constant([86_400_000, 7]));
    expect(pacer.skipTo(86_399_000)).toBe(7 * 86_399);
    expect(pacer.nextMs).toBeCloseTo(86_399_000, 6);
  });

  test("grow denser in a ramp, and thinner in the next", () => {
    const times = all(new Pacer(constant([2000, 0, 100], [2000, 100, 0])));
    expect(times).toHaveLength(200);
    expect(before(times, 1000)).toBe(25);
    expect(before(times, 2000)).toBe(100);
    expect(before(times, 3000)).toBe(175);
    // In a ramp from 0 the nth arrival is where the integral is n: 100 t² / 4 = n.
    expect(times[1]).toBeCloseTo(1000 * Math.sqrt(4 / 100));
    expect(times[81]).toBeCloseTo(1000 * Math.sqrt((81 * 4) / 100));
  });

  test("leave a pause empty and go on after it", () => {
    const times = all(new Pacer(constant([1000, 10], [5000, 0], [1000, 10])));
    expect(times).toHaveLength(20);
    expect(times.slice(9, 11)).toEqual([900, 6000]);
  });

  test("are none at a rate of 0", () => {
    expect(all(new Pacer(constant([1000, 0])))).toEqual([]);
  });

  test("are what the rates call for, at every point of any ramp", () => {
    fc.assert(
      fc.property(stages, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (some, points) => {
        const times = all(new Pacer({ arrivals: "constant", stages: some, seed: 1 }));
        const endMs = some.reduce((sum, { durationMs }) => sum + durationMs, 0);
        for (const point of [...points, 1]) {
          const expected = integral(some, point * endMs);
          const count = before(times, point * endMs);
          // The first is at once, so that there is always the one that is under way.
          expect(count).toBeGreaterThan(expected - 1e-3);
          expect(count).toBeLessThan(expected + 1 + 1e-3);
        }
      }),
    );
  });
});

describe("Poisson arrivals", () => {
  test("are the same for the same seed, and others for another", () => {
    const times = (seed: number): number[] => all(new Pacer(poisson(seed, [1000, 100])));
    expect(times(4)).toEqual(times(4));
    expect(times(4)).not.toEqual(times(5));
  });

  test.each([1, 2, 3])("are as many as the rates call for, in the long run (seed %i)", (seed) => {
    const waves = poisson(seed, [100_000, 500], [100_000, 500, 1500], [100_000, 1500, 0]);
    const times = all(new Pacer(waves));
    for (const untilMs of [50_000, 100_000, 200_000, 250_000, 300_000]) {
      const expected = integral(waves.stages, untilMs);
      expect(Math.abs(before(times, untilMs) - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  test.each([1, 2, 3])("vary from second to second as much as they should (seed %i)", (seed) => {
    const times = all(new Pacer(poisson(seed, [1_000_000, 50])));
    const counts = new Array<number>(1000).fill(0);
    for (const time of times) counts[Math.floor(time / 1000)]! += 1;
    const variance = counts.reduce((sum, count) => sum + (count - 50) ** 2, 0) / counts.length;
    // Of a Poisson distribution the variance is the mean; the estimate's own deviation is √(2/1000) of it.
    expect(Math.abs(variance - 50)).toBeLessThan(5 * 50 * Math.sqrt(2 / 1000));
  });
});

describe("any pace", () => {
  test("never goes back, and stays inside its stages", () => {
    fc.assert(
      fc.property(plan, (any) => {
        const times = all(new Pacer(any));
        const endMs = any.stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        for (const time of times) expect(time >= 0 && time <= endMs).toBe(true);
      }),
    );
  });

  test("gives late comers every arrival that they missed, in order and with its time", () => {
    fc.assert(
      fc.property(plan, fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 30 }), (any, polls) => {
        const pacer = new Pacer(any);
        const taken: number[] = [];
        for (const nowMs of polls.toSorted((a, b) => a - b)) {
          while (pacer.nextMs <= nowMs) taken.push(pacer.take());
        }
        const times = all(new Pacer(any));
        const last = Math.max(...polls, -1);
        expect(taken).toEqual(times.filter((time) => time <= last));
        expect(pacer.nextMs).toBe(times[taken.length] ?? Number.POSITIVE_INFINITY);
      }),
    );
  });

  test("counts what is skipped, and goes on behind it", () => {
    fc.assert(
      fc.property(plan, fc.double({ min: 0, max: 5000, noNaN: true }), (any, endMs) => {
        const pacer = new Pacer(any);
        const times = all(new Pacer(any));
        expect(pacer.skipTo(endMs)).toBe(before(times, endMs));
        expect(all(pacer)).toEqual(times.filter((time) => time >= endMs));
      }),
    );
  });
});

describe("shares of a pace", () => {
  test("of constant arrivals make together just what one would make", () => {
    fc.assert(
      fc.property(stages, fc.integer({ min: 1, max: 5 }), (some, of) => {
        const whole: PacePlan = { arrivals: "constant", stages: some, seed: 1 };
        const shares = Array.from({ length: of }, (_, nth) => all(new Pacer(whole, { nth, of })));
        expect(shares.flat().toSorted((a, b) => a - b)).toEqual(all(new Pacer(whole)));
        const counts = shares.map((share) => share.length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("of Poisson arrivals make together as many, and none is like another", () => {
    const shares = [0, 1, 2].map((nth) => all(new Pacer(poisson(1, [100_000, 300]), { nth, of: 3 })));
    for (const share of shares) expect(Math.abs(share.length - 10_000)).toBeLessThan(5 * 100);
    expect(new Set(shares.map((share) => share[0])).size).toBe(3);
  });
});
