import fc from "fast-check";
import { expect, test } from "vitest";
import { DueQueue } from "../../src/cable/due.js";

test("what is due first comes first, and of the same time what was put first", () => {
  const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3000 });
  fc.assert(
    fc.property(times, fc.array(fc.boolean(), { maxLength: 3000 }), (due, takes) => {
      const queue = new DueQueue();
      let model: { time: number; item: number }[] = [];
      for (const [item, time] of due.entries()) {
        queue.put(time, item);
        model.push({ time, item });
        if (takes[item] === true) {
          model = model.toSorted((a, b) => a.time - b.time || a.item - b.item);
          expect(queue.earliest).toBe(model[0]!.time);
          expect(queue.take()).toBe(model.shift()!.item);
        }
      }
      const rest = model.toSorted((a, b) => a.time - b.time || a.item - b.item).map(({ item }) => item);
      expect(rest.map(() => queue.take())).toEqual(rest);
      expect([queue.size, queue.earliest]).toEqual([0, Infinity]);
    }),
    { numRuns: 30 },
  );
});
