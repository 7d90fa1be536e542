import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { progressLine } from "../../src/report/progress.js";
import { renderTerminal } from "../../src/report/terminal.js";
import { displayWidth, fit } from "../../src/text/width.js";
import { wrap } from "../../src/text/wrap.js";
import { closeTrial, keepAliveTrial, measured, result, variantOf } from "./fixture.js";

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }),
  fc.constantFrom("close", "keep-alive", "接続を閉じる", "a-name-that-is-longer-than-any-column-would-be-wide"),
);

/** Filling histograms is what costs: they are made once. */
const close = closeTrial({ errors: { EADDRNOTAVAIL: 12, UND_ERR_A_VERY_LONG_KIND_OF_ERROR_INDEED: 3 } });
const keepAlive = keepAliveTrial();

describe("no line is wider than the terminal", () => {
  it("for any width, number of variants, names and texts", () => {
    const cases = fc.record({
      width: fc.integer({ min: 60, max: 200 }),
      names: fc.uniqueArray(name, { minLength: 1, maxLength: 8 }),
      text: fc.string({ maxLength: 300, unit: "grapheme" }),
      color: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ width, names, text, color }) => {
        const variants = names.map((variant, i): [ReturnType<typeof variantOf>, ReturnType<typeof measured>] => [
          variantOf(variant),
          measured(i % 2 === 0 ? close : keepAlive),
        ]);
        const drawn = result(variants, {
          status: "failed",
          error: { code: "x", message: text, hint: text },
          warnings: [{ code: "x", message: text, variant: names[0]! }],
          expectations: [{ text, holds: false, measured: text, against: 5 }],
        });
        drawn.scenario.title = text;
        const lines = renderTerminal(drawn, { width, color }).split("\n");
        expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([40, 45, 50, 55, 59])("nor at %i columns, where the charts are stacked", (width) => {
    const lines = renderTerminal(result(), { width, color: false }).split("\n");
    expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
    const [latency, timeWait] = ["── close · latency", "── TIME_WAIT"].map((start) =>
      lines.findIndex((line) => line.startsWith(start)),
    );
    expect(latency).toBeGreaterThan(0);
    expect(timeWait).toBeGreaterThan(latency!);
  });

  it("in the line that tells of progress", () => {
    const progress = fc.record({
      variant: name,
      trial: fc.nat(3),
      elapsedMs: fc.integer({ min: 0, max: 200_000 }),
      durationMs: fc.integer({ min: 0, max: 100_000 }),
      perSec: fc.nat(1e6),
      timeWait: fc.record({ client: fc.option(fc.nat(300_000)), server: fc.option(fc.nat(300_000)) }),
      connections: fc.nat(1e7),
      failed: fc.nat(1e7),
      overall: fc.record({
        trial: fc.nat(2000),
        trials: fc.nat(2000),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        leftMs: fc.nat(1e9),
      }),
    });
    fc.assert(
      fc.property(progress, fc.integer({ min: 1, max: 200 }), (of, width) => {
        const line = progressLine(of, width);
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(line).not.toContain("\n");
      }),
    );
  });
});

describe("wrap", () => {
  it("keeps every line within the width and every word in its place", () => {
    const words = fc.array(fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }), { maxLength: 40 });
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 120 }), fc.integer({ min: 0, max: 4 }), (parts, width, indent) => {
        const text = parts.join(" ");
        const lines = wrap(text, width, indent);
        expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });

  it("parts no figure from its unit, and no other words that look like one", () => {
    expect(wrap("free again after 60 s.", 20)).toEqual(["free again after", "60 s."]);
    expect(wrap("at 3.4 ms 99 % 5 sides", 14)).toEqual(["at 3.4 ms 99 %", "5 sides"]);
    expect(wrap("trial 1 sides", 9)).toEqual(["trial 1", "sides"]);
  });

  it("breaks Chinese and Japanese between characters, and begins no line with what closes", () => {
    expect(wrap("服务器先关闭连接，因此它持有 TIME_WAIT。", 16)).toEqual([
      "服务器先关闭连",
      "接，因此它持有",
      "TIME_WAIT。",
    ]);
    expect(wrap("先関閉（接続）側", 8)).toEqual(["先関閉", "（接続）", "側"]);
  });

  it("indents the lines after the first", () => {
    expect(wrap("one two three four", 9, 2)).toEqual(["one two", "  three", "  four"]);
  });

  it("makes one empty line of nothing", () => {
    expect(wrap("", 10)).toEqual([""]);
  });
});

describe("displayWidth", () => {
  it.each([
    ["close", 5],
    ["接続", 4],
    ["e\u0301", 1],
    ["🦀", 2],
    ["\u001b[1mbold\u001b[22m", 4],
    ["▁█┴", 3],
  ])("of %j is %i columns", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe("fit", () => {
  it("leaves what fits and marks what it cuts", () => {
    expect(fit("keep-alive", 10)).toBe("keep-alive");
    expect(fit("keep-alive", 6)).toBe("keep-…");
    expect(fit("接続を閉じる", 6)).toBe("接続…");
  });
});
