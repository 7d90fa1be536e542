import fc from "fast-check";
import { expect, test } from "vitest";
import { greatest, least, thin } from "../../src/stats/thin.js";

const columns = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 })), { maxLength: 2000 });

test("what is thinned keeps the least, the greatest, both ends, and the order", () => {
  fc.assert(
    fc.property(columns, fc.integer({ min: 4, max: 300 }), (values, most) => {
      const kept = thin(values, most);
      expect(kept.length).toBeLessThanOrEqual(most);
      expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
      const there = kept.map((at) => values[at]);
      expect(greatest(there)).toBe(greatest(values));
      expect(least(there)).toBe(least(values));
      if (values.length > 0) expect([kept[0], kept.at(-1)]).toEqual([0, values.length - 1]);
    }),
  );
});

test("a column that is short stays as it is, with its gaps", () => {
  expect(thin([3, null, 1])).toEqual([0, 1, 2]);
  expect(thin([])).toEqual([]);
});
