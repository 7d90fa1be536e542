import fc from "fast-check";
import { expect, test } from "vitest";
import { figureText } from "../../src/text/figures.js";

test.each<[string, number | string | null, string]>([
  ["look.time_wait", 28_232, "28,232"],
  ["look.time_wait", 0, "0"],
  ["rate.requests.perSec", 470.51, "470.5"],
  ["rate.requests.perSec", 1234.5, "1,235"],
  ["one.localPort", 40_000, "40000"],
  ["end.tookMs", 0, "0 ms"],
  ["end.tookMs", 0.45, "450 µs"],
  ["end.tookMs", 350, "350 ms"],
  ["end.tookMs", 999.7, "0.9997 s"],
  ["look.timerMaxMs", 60_012, "60.01 s"],
  ["look.timerMaxMs", 240_000, "240 s"],
  ["load.latencyUs.p50", 950, "950 µs"],
  ["load.latencyUs.p99", 1_200_000, "1.2 s"],
  ["slab.objectBytes", 4096, "4,096 bytes"],
  ["read.bytes", 4096, "4,096"],
  ["load.closedFirst.server", 0.9912, "99.12 %"],
  ["again.errno", "EADDRINUSE", "EADDRINUSE"],
  ["set.after", "32768 60999", "32768 60999"],
  ["look.gone", null, "?"],
  ["look.odd", Number.NaN, "?"],
])("%s of %j is %s", (metric, value, text) => {
  expect(figureText(metric, value)).toBe(text);
});

test("whatever the name and the number, it is a text", () => {
  fc.assert(
    fc.property(fc.string(), fc.double(), (metric, value) => {
      expect(figureText(metric, value)).not.toBe("");
    }),
  );
});
