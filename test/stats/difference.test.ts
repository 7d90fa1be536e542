import { expect, test } from "vitest";
import { difference } from "../../src/stats/difference.js";

test("a difference leaves zeros out and counts from nothing what is new", () => {
  expect(difference({ a: 1, b: 2, gone: 3 }, { a: 4, b: 2, c: 5 })).toEqual({ a: 3, c: 5 });
});

test("a gauge among the counters may fall", () => {
  expect(difference({ "Tcp:CurrEstab": 5 }, { "Tcp:CurrEstab": 2 })).toEqual({ "Tcp:CurrEstab": -3 });
});
