import fc from "fast-check";
import { expect, test } from "vitest";
import { keepsPortMs, minuteRate, type PortUse, recentRate, timeUntil } from "../../src/watch/forecast.js";

const MINUTE = 60;
const evenly = (perSec: number, seconds = MINUTE): number[] =>
  Array.from({ length: MINUTE + 1 }, (_, age) => (age < seconds ? perSec : 0));

function use(change: Partial<PortUse>): PortUse {
  const closedAgo = change.closedAgo ?? [];
  const held = closedAgo.reduce((sum, count) => sum + count, 0);
  return { held, closedAgo, perSec: 0, keptMs: 60_000, buckets: Infinity, leakPerSec: 0, ...change };
}

test("a churn that began five seconds ago runs out after as long as the rest of the ports takes", () => {
  const closedAgo = evenly(100, 5);
  const perSec = recentRate(closedAgo)!;
  expect(perSec).toBe(100);
  expect(timeUntil(1_000, use({ closedAgo, perSec }))).toBeCloseTo(5_000, 6);
  expect(timeUntil(500, use({ closedAgo, perSec }))).toBe(0);
});

test("what has lasted a minute goes on for ever: as many ports come back as are taken", () => {
  const closedAgo = evenly(400);
  expect(minuteRate(closedAgo)).toBe(400);
  expect(timeUntil(28_232, use({ closedAgo, perSec: recentRate(closedAgo)! }))).toBe("never");
});

test("ports that come free by then are counted: a burst of 50 s ago is gone in ten seconds", () => {
  const closedAgo = evenly(0);
  closedAgo[50] = 500;
  // 860 are held after nine seconds, 400 after ten.
  expect(timeUntil(900, use({ closedAgo, perSec: 40 }))).toBeCloseTo(22_500, 6);
  expect(timeUntil(800, use({ closedAgo, perSec: 40 }))).toBeCloseTo(7_500, 6);
});

test("tcp_max_tw_buckets below the ports, and the ports never run out", () => {
  expect(timeUntil(1_000, use({ perSec: 100, buckets: 500 }))).toBe("never");
  expect(timeUntil(1_000, use({ perSec: 100, buckets: 500, held: 600 }))).toBeCloseTo(4_000, 6);
});

test("what nothing gives back runs out in the end, however slowly", () => {
  expect(timeUntil(1_000, use({ held: 400, leakPerSec: 1 }))).toBeCloseTo(600_000, 6);
});

test("tcp_tw_reuse gives a port back after a second: where it may", () => {
  const at = (reuse: string, timestamps: string, peer: string): number =>
    keepsPortMs({ "net.ipv4.tcp_tw_reuse": reuse, "net.ipv4.tcp_timestamps": timestamps }, { local: "10.0.0.1", peer });
  expect(at("1", "1", "10.0.0.2")).toBe(1_000);
  expect(at("1", "0", "10.0.0.2")).toBe(60_000);
  expect(at("2", "1", "10.0.0.2")).toBe(60_000);
  expect(at("2", "1", "127.0.0.1")).toBe(1_000);
  expect(at("0", "1", "127.0.0.1")).toBe(60_000);
  const closedAgo = evenly(400);
  expect(timeUntil(1_000, use({ closedAgo, perSec: 400, keptMs: 1_000 }))).toBe("never");
  expect(timeUntil(1_000, use({ closedAgo, perSec: 1_200, keptMs: 1_000 }))).toBeCloseTo(750, 6);
});

test("of what has only just begun no rate is told", () => {
  expect(recentRate([50])).toBeNull();
  expect(recentRate([])).toBe(0);
});

test("equals a simulation, second by second, for any history and rate", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: MINUTE + 1, maxLength: MINUTE + 1 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 4_000 }),
      (closedAgo, perSec, ports) => {
        const told = timeUntil(ports, use({ closedAgo, perSec }));
        let held = closedAgo.reduce((sum, count) => sum + count, 0);
        let at = held >= ports ? 0 : null;
        let peak = held;
        for (let second = 1; second <= MINUTE && at === null; second++) {
          held += perSec - closedAgo[MINUTE - second]! - (second === 1 ? closedAgo[MINUTE]! : 0);
          peak = Math.max(peak, held);
          if (held >= ports) at = second;
        }
        if (at === null) expect(told).toBe((peak * 64) / 60 < ports ? "never" : null);
        else expect(Math.max(0, Math.ceil(Number(told) / 1000 - 1e-9))).toBe(at);
      },
    ),
    { numRuns: 200 },
  );
});

test("neither a stray close long ago nor one of late makes a rate slower, or a beginning older", () => {
  const closedAgo = evenly(2_000, 3);
  closedAgo[50] = 1;
  expect(recentRate(closedAgo)).toBe(2_000);
  const begun = [10_000, 5_000, 0, 0, 0, 1];
  expect(recentRate(begun)).toBeNull();
  expect(timeUntil(28_232, use({ closedAgo: begun, perSec: recentRate(begun) }))).toBeNull();
});

test("a timer that has run out gives its port back soon; near the limit nothing is called never", () => {
  const closedAgo = evenly(0);
  closedAgo[60] = 900;
  expect(timeUntil(1_000, use({ closedAgo, perSec: 10 }))).toBe("never");
  const steady = evenly(460, MINUTE + 1);
  expect(timeUntil(28_232, use({ closedAgo: steady, perSec: recentRate(steady) }))).toBeNull();
});
