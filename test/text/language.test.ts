import { describe, expect, test } from "vitest";
import { drawAxis } from "../../src/text/columns.js";
import { share, shares, span } from "../../src/text/figures.js";
import { inLanguage, language, languageNamed, languageOf, spaced } from "../../src/text/language.js";
import { displayWidth } from "../../src/text/width.js";

test.each([
  ["zh", "zh"],
  ["zh-CN", "zh"],
  ["zh_CN.UTF-8", "zh"],
  ["ZH-Hans", "zh"],
  ["en_GB", "en"],
  ["C.UTF-8", null],
  ["de", null],
])("%s names %s", (name, is) => {
  expect(languageNamed(name)).toBe(is);
});

test("of the environment the first variable that is set decides, and what is unknown is English", () => {
  expect(languageOf({ LANG: "zh_CN.UTF-8" })).toBe("zh");
  expect(languageOf({ LC_ALL: "", LC_MESSAGES: "zh_CN", LANG: "en_US" })).toBe("zh");
  expect(languageOf({ LC_ALL: "C", LANG: "zh_CN" })).toBe("en");
  expect(languageOf({ LANG: "de_DE" })).toBe("en");
  expect(languageOf({})).toBe("en");
});

test("what is drawn meanwhile has its language, also behind an error", () => {
  expect(inLanguage("zh", () => language())).toBe("zh");
  expect(() =>
    inLanguage("zh", () => {
      throw new Error("drawn badly");
    }),
  ).toThrow("drawn badly");
  expect(language()).toBe("en");
});

describe("figures in Chinese", () => {
  const zh = (draw: () => string): string => inLanguage("zh", draw);

  test("have its units, and a per cent sign without a space", () => {
    expect([350, 3400, 60_000, 720_000, 8_000_000].map((ms) => zh(() => span(ms)))).toEqual([
      "350 ms",
      "3.4 秒",
      "60 秒",
      "12 分钟",
      "2 小时",
    ]);
    expect(zh(() => share(0.62))).toBe("62%");
    expect(zh(() => shares([0.333, 0.667]).join(" "))).toBe("33% 67%");
  });

  test("leave an axis as wide as it is", () => {
    const ticks = [
      { column: 0, text: "0 秒" },
      { column: "end", text: "10 秒" },
      { column: 12, text: "5 秒" },
    ] as const;
    expect(drawAxis(ticks, 30)).toBe("└0 秒───────┴5 秒───────10 秒┘");
    expect(displayWidth(drawAxis(ticks, 30))).toBe(30);
  });
});

test("a space stands between Chinese and Latin text, and nowhere else", () => {
  expect(spaced("每秒12个TIME_WAIT，共3个（步骤load）")).toBe("每秒 12 个 TIME_WAIT，共 3 个（步骤 load）");
  expect(spaced("plain text, 1 + 1")).toBe("plain text, 1 + 1");
  expect(spaced(spaced("占62%的连接"))).toBe(spaced("占62%的连接"));
});
