import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { auditOf } from "../../src/audit/audit.js";
import { renderAudit } from "../../src/report/audit.js";
import type { RunResult } from "../../src/result/types.js";
import { inLanguage } from "../../src/text/language.js";
import { displayWidth } from "../../src/text/width.js";

/** Real runs, of which only what an audit reads was kept. */
const RECORDED = JSON.parse(
  readFileSync(new URL("../fixtures/audit/recorded.json", import.meta.url), "utf8"),
) as RunResult[];
const audit = auditOf(RECORDED);

function told(program: string, situation: string): string[] {
  const found = audit.programs.find((one) => one.program === program)!;
  return found.situations.find((one) => one.situation === situation)!.differences.map(({ text }) => text);
}

test.each<[string, string, string[]]>([
  [
    "wrk",
    "keep-alive",
    [
      "wrk tells of 1,074 requests; the server got 1,094, 20 more",
      "wrk was to keep 20 connections, and opened 21",
      "95 % of 21 connections ended in a reset, which leaves no TIME_WAIT: the client sent 20 RST, the server 0",
    ],
  ],
  [
    "hey",
    "ports-used-up",
    [
      "of the 883 requests that hey tells of, 200 reached the server",
      "all 200 local ports were held after 200 requests; hey says that 683 failed, and no kernel counts such failures",
      "hey says 436 requests/s over 2 s; the server got the last one after 1.3 s, and the client then had no connection open any more",
      "the 436 requests/s of hey hold 683 requests that it says failed: 98.8/s succeeded",
      "hey exited with 0, though it says that 683 requests failed",
    ],
  ],
  [
    "hey",
    "server-resets",
    [
      "hey tells of 1,518 requests; the server got 1,679, 161 more",
      "the server reset 161 connections in place of an answer; hey says that 0 failed",
    ],
  ],
  [
    "ab",
    "ports-used-up",
    [
      "ab wrote no summary that can be read, and exited with 119; its last line: apr_pollset_poll: The timeout specified has expired (70007)",
    ],
  ],
])("%s, %s", (program, situation, sentences) => expect(told(program, situation)).toEqual(sentences));

test("each program stands once, with its version, in the order in which it was asked for", () => {
  expect(audit.programs.map(({ name }) => name)).toEqual([
    "wrk 4.1.0",
    "ab 2.3",
    "h2load 1.52.0",
    "hey 0.1",
    "siege 4.0.7",
  ]);
});

test("results of other scenarios are no audit", () => {
  const { scenario } = RECORDED[0]!;
  expect(auditOf([{ ...RECORDED[0]!, scenario: { ...scenario, name: "close-vs-keepalive" } }]).programs).toEqual([]);
});

test("a program that could not be run is told with the reason, and has no figures", () => {
  const error = { code: "tool-missing", message: "the load generator wrk was not found", hint: "Install it: …" };
  const broken = auditOf([
    { ...RECORDED[0]!, status: "failed", error, variants: { wrk: { trials: [], median: null, figures: {} } } },
  ]);
  expect(broken.programs[0]!.situations[0]).toMatchObject({ error, figures: null, differences: [] });
  expect(renderAudit(broken, "terminal", { width: 80, color: false })).toContain("was not found. Install it");
});

describe("drawn", () => {
  test.each([80, 100])("it fits a terminal of %d columns, in both languages", (width) => {
    for (const language of ["en", "zh"] as const) {
      const text = inLanguage(language, () => renderAudit(audit, "terminal", { width, color: false }));
      expect(text.split("\n").filter((line) => displayWidth(line) > width)).toEqual([]);
      expect(text).not.toMatch(/undefined|NaN|null/u);
    }
  });

  test("it is in Chinese, but for names and what programs wrote", () => {
    const text = inLanguage("zh", () => renderAudit(audit, "markdown", { width: 100, color: false }));
    const own = text.replaceAll(/apr_pollset_poll.*/gu, "");
    expect(own).not.toMatch(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/u);
  });

  test("as JSON it is the document", () => {
    expect(JSON.parse(renderAudit(audit, "json", { width: 100, color: false }))).toEqual(audit);
  });
});
