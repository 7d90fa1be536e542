import { describe, expect, test } from "vitest";
import { SHOWN_ROWS } from "../../src/metrics/rows.js";
import { inLanguage, spaced } from "../../src/text/language.js";
import { EN, EN_NOUNS } from "../../src/words/en.js";
import { counted, say, term } from "../../src/words/say.js";
import { ZH, ZH_NOUNS, ZH_TERMS } from "../../src/words/zh.js";

const HAN = /\p{Script=Han}/u;
/** Three words of English in a row, outside of what is typed. */
const ENGLISH = /[a-z]{2,} [a-z]{2,} [a-z]{2,}/u;

function slots(text: string): string[] {
  return Array.from(text.matchAll(/\{(\w+)\}/gu), ([, name]) => name!).toSorted();
}

test("Chinese has every text of English, with the same figures in it", () => {
  expect(Object.keys(ZH)).toEqual(Object.keys(EN));
  for (const [key, text] of Object.entries(EN))
    expect([key, slots(ZH[key as keyof typeof EN])]).toEqual([key, slots(text)]);
});

test("no English sentence is left in it", () => {
  const left = Object.entries(ZH).filter(([, text]) =>
    ENGLISH.test(text.replaceAll(/bench \w+( FILE)?( --\w+)?/gu, "")),
  );
  expect(left).toEqual([]);
  const without = Object.entries(ZH).filter(
    ([, text]) => !HAN.test(text) && /[a-z]{3,}/u.test(text.replaceAll(/\{\w+\}/gu, "")),
  );
  expect(without).toEqual([]);
});

test("it has a measure word for each thing that is counted", () => {
  expect(Object.keys(ZH_NOUNS)).toEqual(Object.keys(EN_NOUNS));
});

test("each row of the table of figures has its words", () => {
  const named = /^(?:p[\d.]+(?: \/ p[\d.]+)?|CPU|errors?)?$/u;
  const missing = SHOWN_ROWS.flatMap(({ title, label, ifMeasured }) =>
    ifMeasured && title === "" ? [] : [title, label],
  )
    .filter((text) => !named.test(text) && !text.includes("{") && !Object.hasOwn(ZH_TERMS, text))
    // Shares are told by the sides that have them.
    .filter((text) => !text.split(" / ").every((part) => Object.hasOwn(ZH_TERMS, part)));
  expect(missing).toEqual([]);
});

describe("a text", () => {
  test("is filled in, in the language of what is drawn", () => {
    expect(say("some-trials", { found: 1, of: 3 })).toBe("1 of 3 trials");
    expect(inLanguage("zh", () => say("some-trials", { found: 1, of: 3 }))).toBe("3 轮中有 1 轮");
    expect(say("some-trials", { found: 1, of: 3 })).toBe("1 of 3 trials");
  });

  test("counts one and several", () => {
    expect([1, 2].map((n) => counted("request", n))).toEqual(["1 request", "2 requests"]);
    expect(inLanguage("zh", () => counted("request", 1234))).toBe("1,234 个请求");
  });

  test("has a space between Chinese and Latin text, and keeps names as they are", () => {
    for (const text of Object.values(ZH)) expect(spaced(text)).toBe(text);
    expect(inLanguage("zh", () => say("in-time-wait-on", { host: "backend" }))).toBe("backend 的 TIME_WAIT 连接数");
    expect(inLanguage("zh", () => say("running-step", { scenario: "压测1.yaml" }))).toContain(" 压测1.yaml ");
  });

  test("keeps what has no other word", () => {
    expect(inLanguage("zh", () => [term("peak"), term("p50 / p90")])).toEqual(["峰值", "p50 / p90"]);
  });
});
