import fc from "fast-check";
import { expect, test } from "vitest";
import { GaugeRing } from "../../src/sampler/gauge-ring.js";

function write(ring: GaugeRing, nth: number): void {
  ring.write(nth, 2, 0.5, 7, nth % 2 === 0 ? 3 : Number.NaN, nth % 2 === 0 ? 4 : Number.NaN);
}

test("what one end writes the other end takes, once and in order, whenever it comes", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 20 }), (bursts) => {
      const taker = new GaugeRing();
      const writer = new GaugeRing(taker.memory);
      let next = 0;
      for (const burst of bursts) {
        const first = next;
        for (let nth = 0; nth < burst; nth++) write(writer, next++);
        expect(taker.take().map(({ atMs }) => atMs)).toEqual(Array.from({ length: burst }, (_, nth) => first + nth));
      }
    }),
    { numRuns: 30 },
  );
});

test("a reading without counters has none", () => {
  const ring = new GaugeRing();
  write(ring, 0);
  write(ring, 1);
  const common = { kind: "gauge", costUs: 2, lateMs: 0.5, timeWait: 7 };
  expect(ring.take()).toEqual([
    { ...common, atMs: 0, established: 3, timeWaitCreated: 4 },
    { ...common, atMs: 1, established: null, timeWaitCreated: null },
  ]);
});

test("what finds no room is missing at the end, and nothing that is there is overwritten", () => {
  const ring = new GaugeRing();
  for (let nth = 0; nth < 10_000; nth++) write(ring, nth);
  const taken = ring.take();
  expect(taken.length).toBeGreaterThan(1_000);
  expect(taken.length).toBeLessThan(10_000);
  expect(taken.map(({ atMs }) => atMs)).toEqual(taken.map((_, nth) => nth));
  write(ring, 10_000);
  expect(ring.take().map(({ atMs }) => atMs)).toEqual([10_000]);
});

test("one end tells the other to stop", () => {
  const taker = new GaugeRing();
  const writer = new GaugeRing(taker.memory);
  expect(writer.stopped).toBe(false);
  taker.stop();
  expect(writer.stopped).toBe(true);
});
