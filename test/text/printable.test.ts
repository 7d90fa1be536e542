import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { inCsv, inMarkdown, inXml } from "../../src/text/escapes.js";
import { guarded, inJson, printable, printableDocument, printableLines, visible } from "../../src/text/printable.js";

const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const foreign = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "\u001B[31m",
          "\u001B]0;title\u0007",
          "\u009B1A",
          "\u202E",
          "\u2066",
          "\r",
          "\n",
          "\t",
          "\u0000",
        ),
        fc.constantFrom(
          "\uD800",
          "\u200B",
          "\uFE0F",
          "\u2028",
          "\u001BP1;2q",
          "\u001B",
          "=1+1",
          "|",
          "<b>",
          "]]>",
          '"',
        ),
        fc.string({ unit: "grapheme", maxLength: 6 }),
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join("")),
);

describe("printable", () => {
  test.each([
    ["\u001B[31mred\u001B[0m", "red"],
    ["\u001B]0;title\u0007text", "text"],
    ["\u009B31mred", "red"],
    ["a\u202Eb", "a�b"],
    ["a\n\tb\u0085c", "a b c"],
    ["a\u0000b", "a�b"],
    ["half \uD83E", "half �"],
    ["日本語 ❤\uFE0F", "日本語 ❤"],
    ["an end\u001B", "an end�"],
  ])("%j reads %j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("says how much of a long text it left out", () => {
    expect(printable("x".repeat(400_000))).toMatch(/^x{1900,2000}… \(398,?\d+ more characters\)$/u);
    expect(printable("x".repeat(2000))).toBe("x".repeat(2000));
    expect(printableLines("line\n".repeat(700)).at(-1)).toBe("… (201 more lines)");
  });

  it("leaves nothing that a terminal obeys, and nothing to do for a second time", () => {
    fc.assert(
      fc.property(foreign, fc.integer({ min: 60, max: 200 }), (text, longest) => {
        const line = printable(text, longest);
        expect(line).not.toMatch(OBEYED);
        expect(printable(line, longest)).toBe(line);
        expect(line.length).toBeLessThanOrEqual(longest);
        for (const one of printableLines(text, longest)) expect(one).not.toMatch(OBEYED);
      }),
    );
  });

  it("keeps lines and their indents", () => {
    expect(printableLines("a\r\n  b\n\tc \u001B[1md")).toEqual(["a", "  b", "  c d"]);
  });

  it("reaches every string of a document, keys included", () => {
    expect(printableDocument({ "a\u202E": ["\u0000", { b: 1, c: null }] })).toEqual({ "a�": ["�", { b: 1, c: null }] });
  });

  test("histograms stay whole, however long: they are decoded", () => {
    const document = { histograms: { latencyUs: `HISTFAAA${"H".repeat(10_000)}` } };
    expect(printableDocument(document)).toEqual(document);
    expect(printableDocument({ histograms: "\u202E" })).toEqual({ histograms: "�" });
  });
});

test("visible text is as long as it was, so that columns stay", () => {
  fc.assert(
    fc.property(foreign, (text) => {
      expect(Array.from(visible(text)).length).toBe(Array.from(text).length);
      expect(visible(text)).not.toMatch(OBEYED);
    }),
  );
});

test("a document of JSON stays the same document", () => {
  fc.assert(
    fc.property(foreign, (text) => {
      const json = inJson(JSON.stringify({ [text]: [text] }, null, 1));
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
      expect(json).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(guarded(json)).toBe(json);
    }),
  );
});

test("the guard of a stream lets pass what bench makes itself, and nothing else", () => {
  const ours = "\u001B[1;36mbold\u001B[22m\r\n\tcell\r\u001B[2K\u001B[H\u001B[J";
  expect(guarded(ours)).toBe(ours);
  expect(guarded("\u001B[5A\u001B]0;x\u0007\r\u202E")).toBe("�[5A�]0;x���");
});

describe("each format has its own escape", () => {
  test.each([
    ["=cmd()", "'=cmd()"],
    ["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
    ["+1", "+1"],
    ["-1.5e3", "-1.5e3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["＝1", "'＝1"],
    ["\rx", '"\'\rx"'],
    ['say "a", b', '"say ""a"", b"'],
  ])("CSV: %j is %j", (text, cell) => {
    expect(inCsv(text)).toBe(cell);
  });

  it("Markdown: a text marks up nothing", () => {
    expect(inMarkdown("a|b <img> *c* _d_ TIME_WAIT")).toBe(String.raw`a\|b &lt;img&gt; \*c\* \_d\_ TIME_WAIT`);
    expect(inMarkdown("- item")).toBe(String.raw`\- item`);
    expect(inMarkdown("1. item")).toBe(String.raw`1\. item`);
    expect(inMarkdown("1.5 ms")).toBe("1.5 ms");
  });

  it("XML: only characters that XML knows", () => {
    fc.assert(
      fc.property(foreign, (text) => {
        expect(inXml(text)).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;)|[\uFFFE\uFFFF]/u);
        expect(inXml(text)).not.toMatch(/(?![\t\n\r])\p{Cc}(?<![\u007F-\u009F])/u);
      }),
    );
  });
});
