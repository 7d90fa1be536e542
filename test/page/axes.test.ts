import fc from "fast-check";
import { expect, test } from "vitest";
import { countAxis, latencyAxis, percentileAxis, shareAxis, timeAxis } from "../../src/page/view/axes.js";
import { position } from "../../src/page/view/position.js";

test("every tick lies on its axis, and each has a text of its own", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (most) => {
      for (const axis of [countAxis(most), shareAxis(most / 1e9), timeAxis(Math.max(1, most)), latencyAxis(1, most)]) {
        const texts = axis.ticks.map(({ text }) => text);
        expect(texts.length).toBeGreaterThan(0);
        expect(new Set(texts).size).toBe(texts.length);
        for (const { at } of axis.ticks) expect(at >= axis.min && at <= axis.max).toBe(true);
      }
    }),
  );
});

test("a place is between the ends, and the same step is the same distance", () => {
  const axis = latencyAxis(130, 90_000);
  expect([axis.min, axis.max]).toEqual([100, 100_000]);
  expect(position(axis, 1000)).toBeCloseTo(1 / 3);
  expect(latencyAxis(4100, 15_000).ticks.map(({ text }) => text)).toEqual(["2 ms", "5 ms", "10 ms", "20 ms"]);
  expect(position(axis, 0)).toBe(0);
  expect(position(countAxis(100), 1e9)).toBe(1);
});

test("the tail takes as much room as the rest", () => {
  expect(percentileAxis(10_000).ticks.map(({ text }) => text)).toEqual(["p50", "p90", "p99", "p99.9", "p99.99"]);
  expect(percentileAxis(1).max).toBe(1);
});

test("times are in the unit that fits", () => {
  expect(timeAxis(300).ticks.at(-1)!.text).toBe("300 ms");
  expect(timeAxis(10_000).ticks.at(-1)!.text).toBe("10 s");
  expect(timeAxis(3_600_000).ticks.at(-1)!.text).toBe("60 min");
});
