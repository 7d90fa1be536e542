import { renderToString } from "preact-render-to-string";
import { h } from "preact";
import { describe, expect, test } from "vitest";
import { compareResults } from "../../src/compare/compare.js";
import type { Comparison } from "../../src/compare/types.js";
import { LiveModel } from "../../src/live/model.js";
import { eventsOf } from "../../src/live/replay.js";
import { shownOf } from "../../src/live/shown.js";
import type { LiveState } from "../../src/live/types.js";
import { liveView } from "../../src/page/live/view.js";
import { Live } from "../../src/page/parts/live.js";
import { Page } from "../../src/page/parts/page.js";
import { pageView } from "../../src/page/view/page.js";
import { renderComparisons } from "../../src/report/comparison.js";
import { progressLine } from "../../src/report/progress.js";
import { render } from "../../src/report/render.js";
import type { RunResult } from "../../src/result/types.js";
import { parseGate } from "../../src/scenario/expect/gate.js";
import { paintRun } from "../../src/screen/painter.js";
import { inLanguage } from "../../src/text/language.js";
import { connectionsPerRequest, type Planned, resultOf, slower } from "../compare/fixture.js";
import { specimens } from "../page/specimens.js";
import { englishIn, textsOfOthers, textsOfXml } from "../support/chinese.js";
import { DOUBTFUL } from "./doubtful.js";

/** No English sentence stands on what is drawn in Chinese. What may stay is listed in test/support/chinese.ts. */

const ALL = specimens();
const KINDS = ["trials", "chain", "steps", "no-time-wait", "failed", "interrupted", "nothing"];
const RESULTS: Readonly<Record<string, RunResult>> = {
  ...Object.fromEntries(KINDS.map((kind) => [kind, ALL[kind]!])),
  doubtful: DOUBTFUL,
};
const OPTIONS = { width: 120, color: false };

/** The texts of a page, each on a line; files and documents on it stay as they are. */
function textsOf(html: string): string {
  return html
    .replaceAll(/<(pre|script|style|code)\b[^>]*>.*?<\/\1>/gsu, "※")
    .replaceAll(/<[^>]* (?:aria-label|title)="([^"]*)"[^>]*>/gu, "\n$1\n")
    .replaceAll(/<[^>]*>/gu, "\n")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

function statesOf(result: RunResult, parts: readonly number[]): LiveState[] {
  const model = new LiveModel();
  const events = [...eventsOf(result)];
  const at = parts.map((part) => Math.floor(part * (events.length - 1)));
  return events.flatMap((event, index) => {
    model.heard(event);
    return at.includes(index) ? [structuredClone(model.state)] : [];
  });
}

describe.each(Object.entries(RESULTS))("of the result %s", (_, result) => {
  const names = textsOfOthers(result);

  test.each(["terminal", "markdown", "junit"] as const)("the report as %s", (format) => {
    const text = inLanguage("zh", () => render([result], format, OPTIONS));
    expect(text).toMatch(/\p{Script=Han}/u);
    expect(englishIn(format === "junit" ? textsOfXml(text) : text, names)).toEqual([]);
  });

  test("the report as a page", () => {
    const html = inLanguage("zh", () =>
      renderToString(h(Page, { view: pageView({ results: [result], comparisons: [] }) })),
    );
    expect(englishIn(textsOf(html), names)).toEqual([]);
  });

  test("the live page and the live screen, at any moment", () => {
    const parts = [0, 0.02, 0.5, 1];
    const texts = inLanguage("zh", () =>
      statesOf(result, parts).flatMap((state) => [
        textsOf(renderToString(h(Live, { view: liveView(shownOf(state)), link: "" }))),
        paintRun(state, { columns: 120, rows: 60 }, AROUND).join("\n"),
      ]),
    );
    expect(texts.flatMap((text) => englishIn(text, names))).toEqual([]);
  });
});

const AROUND = {
  said: [],
  seen: new Set<never>(),
  scenarios: 2,
  leftMs: 9000,
  isInterrupted: false,
  lens: null,
  color: false,
  unicode: true,
};

describe("of a comparison", () => {
  const calm: Planned = { of: "keepAlive", change: slower(1) };
  const churning: Planned = { of: "keepAlive", change: connectionsPerRequest(1) };
  const few = (planned: Planned, trials: number): Planned => ({ ...planned, trials });
  const CASES: readonly [name: string, head: Planned, gates: readonly string[]][] = [
    ["worse", churning, []],
    ["the same", calm, []],
    ["slower", { of: "keepAlive", change: slower(1.5) }, []],
    ["quicker", { of: "keepAlive", change: slower(0.5) }, []],
    ["restless", { of: "keepAlive", change: slower(1.06, 3, 0.2) }, []],
    ["of one trial", few(calm, 1), []],
    ["of seven trials", few(calm, 7), []],
    [
      "with gates",
      churning,
      ["connections.requestsPer >= 0.9 * base", "errors.ECONNRESET == 0", "errors.EPIPE not worse"],
    ],
    ["with gates that are unclear", few(calm, 1), ["latencyUs.p99 not worse", "requests.perSec not worse"]],
    ["with gates that hold", churning, ["errors.ECONNRESET == 0"]],
  ];

  function compared(head: Planned, gates: readonly string[], another: Partial<RunResult>): Comparison {
    const parsed = gates.map((text) => parseGate(text, null)).flatMap((one) => (one.ok ? [one.gate] : []));
    const base = resultOf({ service: calm, other: {}, gone: {} });
    const headResult = resultOf({ service: head, other: { change: slower(1.3, 1) } }, another);
    return compareResults(
      { label: "base.json", result: base },
      { label: "head.json", result: headResult },
      { only: null, gates: parsed },
    );
  }

  const { environment } = resultOf({ service: calm });
  const elsewhere = { environment: { ...environment, cores: 96, kernel: "5.4.0", benchVersion: "0.0.1" } };
  const { warnings } = DOUBTFUL;

  test.each(CASES)("that is %s", (_, head, gates) => {
    for (const another of head === churning ? [{}, elsewhere, { warnings }] : [{}]) {
      const comparison = inLanguage("zh", () => compared(head, gates, another));
      const texts = inLanguage("zh", () => [
        renderComparisons([comparison], "terminal", OPTIONS),
        renderComparisons([comparison], "markdown", OPTIONS),
        textsOfXml(renderComparisons([comparison], "junit", OPTIONS)),
        textsOf(renderToString(h(Page, { view: pageView({ results: [], comparisons: [comparison] }) }))),
      ]);
      for (const text of texts) expect(englishIn(text, ["gone", "other", "service"])).toEqual([]);
      // What is the same in both languages: which verdict, and every figure behind it.
      const english = compared(head, gates, another);
      expect(comparison.verdict).toBe(english.verdict);
      expect(comparison.variants.map(({ metrics }) => metrics.map(({ verdict, ratio }) => [verdict, ratio]))).toEqual(
        english.variants.map(({ metrics }) => metrics.map(({ verdict, ratio }) => [verdict, ratio])),
      );
    }
  });
});

test("of a run's line", () => {
  const line = inLanguage("zh", () =>
    progressLine(
      {
        variant: "close",
        trial: 1,
        elapsedMs: 500,
        durationMs: 2000,
        perSec: 900,
        connections: 7,
        failed: 3,
        timeWait: { client: 0, server: 12 },
        overall: { trial: 2, trials: 6, share: 0.3, leftMs: 9000 },
      },
      120,
    ),
  );
  expect(line).toContain("还剩 9 秒");
  expect(englishIn(line)).toEqual([]);
});

test("the search for English finds a sentence, and leaves names alone", () => {
  expect(englishIn("客户端 client has used 3 ports")).toHaveLength(1);
  expect(englishIn("the kernel's gauge")).toHaveLength(1);
  expect(englishIn("net.ipv4.tcp_max_tw_buckets = 4096，--trials 10，bench compare，p99 3.4 ms，TIME_WAIT")).toEqual(
    [],
  );
});
