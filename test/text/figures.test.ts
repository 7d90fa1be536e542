import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { count, decimal, micros, microsPair, precise, share, shares, span } from "../../src/text/figures.js";

describe("figures as people read them", () => {
  it.each([
    [0, "0"],
    [12_345, "12,345"],
    [12.5, "12.5"],
    [28_232.5, "28,233"],
    [null, "–"],
    [NaN, "–"],
  ])("count %s → %s", (value, text) => {
    expect(count(value)).toBe(text);
  });

  it.each([
    [1, "1"],
    [1.018, "1.02"],
    [21.94, "21.9"],
    [99.96, "100"],
    [8412.3, "8,412"],
    [undefined, "–"],
  ])("decimal %s → %s", (value, text) => {
    expect(decimal(value)).toBe(text);
  });

  it.each([
    [7, "7 µs"],
    [999, "999 µs"],
    [1000, "1.00 ms"],
    [5118, "5.12 ms"],
    [99_960, "100 ms"],
    [999_499, "999 ms"],
    [999_500, "1.00 s"],
    [61_000_000, "61.0 s"],
    [null, "–"],
  ])("micros %s → %s", (value, text) => {
    expect(micros(value)).toBe(text);
  });

  it("writes a shared unit once, and no pair of what is not there", () => {
    expect(microsPair(5120, 7010)).toBe("5.12 / 7.01 ms");
    expect(microsPair(950, 1200)).toBe("950 µs / 1.20 ms");
    expect(microsPair(null, undefined)).toBe("–");
  });

  it.each([
    [0, "0 ms"],
    [350.4, "350 ms"],
    [3356, "3.4 s"],
    [10_000, "10 s"],
    [119_000, "119 s"],
    [120_000, "2 min"],
    [7_200_000, "2 h"],
  ])("span %s → %s", (value, text) => {
    expect(span(value)).toBe(text);
  });

  it.each([
    [0, "0 %"],
    [1, "100 %"],
    [0.0004, "<0.1 %"],
    [0.9996, ">99.9 %"],
    [0.993, "99.3 %"],
    [0.62, "62 %"],
    [0.005, "0.5 %"],
  ])("share %s → %s", (value, text) => {
    expect(share(value)).toBe(text);
  });

  it("calls no share but the whole 100 %, and none but nothing 0 %", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (value) => {
        expect(share(value)).not.toBe("100 %");
        expect(share(value)).not.toBe("0 %");
      }),
    );
  });

  it("rounds nothing away from what an expectation was held against", () => {
    expect(precise(1000.125)).toBe("1,000.125");
    expect(precise(0.9985)).toBe("0.9985");
    expect(precise("server")).toBe("server");
    expect(precise(null)).toBe("–");
  });
});

describe("shares of one whole", () => {
  it.each([
    [
      [0.335, 0.335, 0.33],
      ["34 %", "33 %", "33 %"],
    ],
    [
      [0.985, 0.015],
      ["99 %", "1 %"],
    ],
    [
      [0.9985, 0.0015],
      ["99.9 %", "0.1 %"],
    ],
    [
      [0.99999, 0.00001],
      [">99.9 %", "<0.1 %"],
    ],
    [
      [1, 0, 0],
      ["100 %", "0 %", "0 %"],
    ],
  ])("%j are %j", (values, texts) => {
    expect(shares(values)).toEqual(texts);
  });

  it("add up to 100 %, each within one unit of what it is", () => {
    const parts = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        parts.filter((of) => of.some((one) => one > 0)),
        (of) => {
          const whole = of.reduce((sum, one) => sum + one, 0);
          const texts = shares(of.map((one) => one / whole));
          const percents = texts.map((text) =>
            text === "<0.1 %" ? 0 : text === ">99.9 %" ? 100 : Number.parseFloat(text),
          );
          expect(percents.reduce((sum, one) => sum + one, 0)).toBeCloseTo(100, 6);
          of.forEach((one, at) => expect(Math.abs(percents[at]! - (one / whole) * 100)).toBeLessThanOrEqual(1.000001));
        },
      ),
    );
  });
});
