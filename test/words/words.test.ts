import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { SHOWN_ROWS } from "../../src/metrics/rows.js";
import { inLanguage, spaced } from "../../src/text/language.js";
import { EN_NOUNS } from "../../src/words/en/nouns.js";
import { sayInLesson } from "../../src/words/lessons.js";
import { counted, say, term } from "../../src/words/say.js";
import { ZH_NOUNS, ZH_TERMS } from "../../src/words/zh/nouns.js";

const HAN = /\p{Script=Han}/u;
/** Three words of English in a row, outside of what is typed. */
const ENGLISH = /[a-z]{2,} [a-z]{2,} [a-z]{2,}/u;

type Texts = Record<string, string>;
const CATALOGUES = readdirSync(fileURLToPath(new URL("../../src/words/en", import.meta.url)))
  .map((file) => file.replace(/\.ts$/u, ""))
  .filter((name) => name !== "en" && name !== "nouns");

async function catalogue(language: "en" | "zh", name: string): Promise<Texts> {
  const { [name.toUpperCase()]: texts } = (await import(`../../src/words/${language}/${name}.ts`)) as Record<
    string,
    Texts
  >;
  return texts!;
}

function slots(text: string): string[] {
  return Array.from(text.matchAll(/\{(\w+)\}/gu), ([, name]) => name!).toSorted();
}

describe.each(CATALOGUES)("the catalogue %s", (name) => {
  test("has every text of English in Chinese, with the same figures in it", async () => {
    const [en, zh] = [await catalogue("en", name), await catalogue("zh", name)];
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    for (const [key, text] of Object.entries(en)) expect([key, slots(zh[key]!)]).toEqual([key, slots(text)]);
  });

  test("has no English sentence left in Chinese, and a space between Chinese and Latin text", async () => {
    const zh = Object.entries(await catalogue("zh", name));
    const left = zh.filter(([, text]) => ENGLISH.test(text.replaceAll(/bench \w+( FILE)?( --\w+)?/gu, "")));
    expect(left).toEqual([]);
    const without = zh.filter(([, text]) => !HAN.test(text) && /[a-z]{3,}/u.test(text.replaceAll(/\{\w+\}/gu, "")));
    expect(without).toEqual([]);
    for (const [, text] of zh) expect(spaced(text)).toBe(text);
  });
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

  test("keeps names as they are", () => {
    expect(inLanguage("zh", () => say("in-time-wait-on", { host: "backend" }))).toBe("backend 的 TIME_WAIT 连接数");
    expect(inLanguage("zh", () => sayInLesson("running-step", { scenario: "压测1.yaml" }))).toContain(" 压测1.yaml ");
  });

  test("keeps what has no other word", () => {
    expect(inLanguage("zh", () => [term("peak"), term("p50 / p90")])).toEqual(["峰值", "p50 / p90"]);
  });
});
