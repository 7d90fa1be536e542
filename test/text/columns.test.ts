import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawAxis, drawColumns } from "../../src/text/columns.js";

const HEIGHT: Record<string, number> = { " ": 0, "▁": 1, "▂": 2, "▃": 3, "▄": 4, "▅": 5, "▆": 6, "▇": 7, "█": 8 };

describe("drawColumns", () => {
  it("draws heights in eighths of a line, zero as told and no value as blank", () => {
    expect(drawColumns([0, 1, 8, 16, null], 2, 16, "·")).toEqual(["   █ ", "·▁██ "]);
  });

  it("shows whatever is greater than zero, however small it is", () => {
    expect(drawColumns([1], 4, 1_000_000, "·").at(-1)).toBe("▁");
  });

  it("is as high as the values, to an eighth of a line, whatever they are", () => {
    const values = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 8 }), (of, rows) => {
        const lines = drawColumns(of, rows, 1000, "·");
        of.forEach((value, column) => {
          const drawn = lines.reduce((sum, line) => sum + (HEIGHT[Array.from(line)[column]!] ?? NaN), 0);
          expect(Math.abs(drawn - Math.max(1, (value / 1000) * rows * 8))).toBeLessThanOrEqual(0.5);
        });
      }),
    );
  });
});

describe("drawAxis", () => {
  it("puts each label where its column is", () => {
    expect(
      drawAxis(
        [
          { column: 0, text: "0 s" },
          { column: "end", text: "10 s" },
          { column: 8, text: "5 s" },
        ],
        20,
      ),
    ).toBe("└0 s────┴5 s───10 s┘");
  });

  it("leaves out a label that would touch a more important one or run over the end", () => {
    expect(
      drawAxis(
        [
          { column: 2, text: "1 ms" },
          { column: 5, text: "2 ms" },
          { column: 9, text: "5 ms" },
        ],
        12,
      ),
    ).toBe("──┴1 ms─────");
  });
});
