import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareResults } from "../../src/compare/compare.js";
import type { Comparison } from "../../src/compare/types.js";
import { COMPARISON_FORMATS, renderComparisons } from "../../src/report/comparison.js";
import { displayWidth } from "../../src/text/width.js";
import { parseGate } from "../../src/scenario/expect/gate.js";
import { connectionsPerRequest, type Planned, resultOf, slower } from "../compare/fixture.js";

const options = { width: 100, color: false };
const calm: Planned = { of: "keepAlive", change: slower(1) };

function compared(head: Planned = calm, gates: readonly string[] = [], label = "base.json"): Comparison {
  const parsed = gates.map((text) => parseGate(text, null)).flatMap((one) => (one.ok ? [one.gate] : []));
  return compareResults(
    { label, result: resultOf({ service: calm, other: {} }) },
    { label: "head.json", result: resultOf({ service: head, other: { change: slower(1.3, 1) } }) },
    { only: null, gates: parsed },
  );
}

const churning: Planned = { of: "keepAlive", change: connectionsPerRequest(1) };

describe("every format", () => {
  it.each(["terminal", "markdown"] as const)("says the verdict in plain words in its first line: %s", (format) => {
    const [first] = renderComparisons([compared(churning)], format, { ...options, width: 120 }).split("\n");
    expect(first).toContain("worse: opens 1.00 connections per request, base 0.0002");
  });

  it.each(COMPARISON_FORMATS)("ends with a line feed and does not change what it draws: %s", (format) => {
    const drawn = compared(churning, ["latencyUs.p99 not worse"]);
    const before = structuredClone(drawn);
    expect(renderComparisons([drawn], format, options)).toMatch(/[^\n]\n$/u);
    expect(drawn).toEqual(before);
  });

  it.each(COMPARISON_FORMATS)("holds nothing that a terminal obeys, whatever labels hold: %s", (format) => {
    const evil = compared(calm, [], '\u001b[31m<b>&"base\u202e');
    const text = renderComparisons([evil], format, options).replaceAll(/\r?\n/gu, "");
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe("on a terminal", () => {
  it("draws what was judged by eye", async () => {
    const drawn = compared(churning, ["connections.requestsPer >= 0.9 * base", "errors.ECONNRESET == 0"]);
    await expect(renderComparisons([drawn], "terminal", options)).toMatchFileSnapshot("snapshots/comparison.txt");
  });

  it("has no line that is wider than it", () => {
    const drawn = compared(churning, ["connections.requestsPer >= 0.9 * base"], "a-label-that-is-".repeat(9));
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 130 }), fc.boolean(), (width, color) => {
        const lines = renderComparisons([drawn], "terminal", { width, color }).split("\n");
        expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
      }),
    );
  });

  it("has colour only where it is asked for", () => {
    expect(renderComparisons([compared(churning)], "terminal", { width: 100, color: true })).toContain("\u001b[");
    expect(renderComparisons([compared(churning)], "terminal", options)).not.toContain("\u001b");
  });
});

describe("in Markdown", () => {
  it("is what was judged by eye", async () => {
    const drawn = compared(churning, ["connections.requestsPer >= 0.9 * base"]);
    await expect(renderComparisons([drawn], "markdown", options)).toMatchFileSnapshot("snapshots/comparison.md.txt");
  });

  it("has a table for each variant, in which every row has six cells", () => {
    const rows = renderComparisons([compared()], "markdown", options)
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) expect(row.replaceAll(String.raw`\|`, "").split("|")).toHaveLength(8);
  });
});

/** The tags that are open at the end, or closed in another order than they were opened. */
function unclosed(xml: string): string[] {
  const open: string[] = [];
  for (const [, end, name, selfClosed] of xml.matchAll(/<(\/?)([a-z]+)(?:[^<>"]|"[^"<]*")*?(\/?)>/gu)) {
    if (end === "/" && open.at(-1) === name) open.pop();
    else if (end === "/") return [...open, `/${name}`];
    else if (selfClosed !== "/") open.push(name!);
  }
  return open;
}

describe("as JUnit XML", () => {
  it("fails what is worse, and skips what is unclear or advice with its reason", () => {
    const xml = renderComparisons([compared(churning)], "junit", options);
    expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites/u);
    expect(xml).toMatch(/name="connections\.perRequest">\s*<failure message="worse: opens 1\.00 connections/u);
    expect(xml).toMatch(/name="closedFirst\.server">\s*<skipped message="unclear, not judged/u);
    for (const [, tests, failures, skipped, body] of xml.matchAll(
      /<testsuite [^>]*tests="(\d+)" failures="(\d+)" errors="0" skipped="(\d+)">([^]*?)<\/testsuite>/gu,
    )) {
      expect(body!.match(/<testcase /gu)).toHaveLength(Number(tests));
      expect(body!.match(/<failure /gu) ?? []).toHaveLength(Number(failures));
      expect(body!.match(/<skipped /gu) ?? []).toHaveLength(Number(skipped));
    }
  });

  it("fails by gates alone where there are some, and escapes their text", () => {
    const xml = renderComparisons([compared(churning, ["connections.requestsPer >= 0.9 * base"])], "junit", options);
    expect(xml.match(/<failure /gu)).toHaveLength(1);
    expect(xml).toContain('name="connections.requestsPer &gt;= 0.9 * base (service)"');
    expect(unclosed(xml)).toEqual([]);
  });
});

describe("as CSV", () => {
  it("has a line for each figure of each trial", () => {
    const drawn = compared();
    const lines = renderComparisons([drawn], "csv", options).trimEnd().split("\r\n");
    const figures = drawn.variants.flatMap(({ metrics }) =>
      metrics.flatMap(({ trials }) => [...trials.base, ...trials.head]),
    );
    expect(lines[0]).toBe("scenario,variant,side,trial,metric,tier,value");
    expect(lines).toHaveLength(1 + figures.length);
    expect(lines[1]).toMatch(/^close-vs-keepalive,service,base,1,connections\.perRequest,structural,0\.000\d+$/u);
    for (const line of lines) expect(line.split(",")).toHaveLength(7);
  });
});

describe("as JSON", () => {
  it("is the document, or several in one", () => {
    const drawn = compared();
    expect(JSON.parse(renderComparisons([drawn], "json", options))).toEqual(drawn);
    expect(JSON.parse(renderComparisons([drawn, drawn], "json", options))).toEqual({
      schemaVersion: 1,
      comparisons: [drawn, drawn],
    });
  });
});
