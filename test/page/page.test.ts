import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readAssets } from "../../src/page/assets.js";
import { renderPage } from "../../src/page/render.js";
import type { RunResult } from "../../src/result/types.js";
import { untested, claimResult } from "../report/claim-fixture.js";
import { hostTimeline, measured, result, trial, variantOf } from "../report/fixture.js";
import { twoSides } from "./looks.js";
import { HOSTILE, loadColumns, specimens } from "./specimens.js";

const ALL = specimens();
const page = (...results: RunResult[]): string => renderPage({ results, comparisons: [] });

/** What is read on the page: without marks, style and script. */
function text(html: string): string {
  return html
    .replaceAll(/<(style|script)>[^]*?<\/\1>/gu, "")
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/gu, " ");
}

describe.each(Object.entries(ALL))("the page of the result %s", (name, of) => {
  const html = page(of);

  test("is one document, with one style and one script, which its policy names", () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/u);
    for (const tag of ["style", "script"]) expect(html.split(`<${tag}>`)).toHaveLength(2);
    expect(html).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
  });

  test("names nothing that would be fetched", () => {
    expect(html).not.toMatch(/\s(?:src|srcset|poster|action)=|url\(|@import|<(?:link|iframe|img|object|embed)\b/u);
    expect(html.match(/href="(?!#|data:application\/gzip)[^"]*"/gu)).toBeNull();
  });

  test("has no figure that is none", () => {
    expect(text(html)).not.toMatch(/\b(?:NaN|undefined|Infinity)\b|\[object/u);
    expect(html.match(/(?:x|y|x1|x2|y1|y2|cx|cy|d|width|height)="[^"]*(?:NaN|Infinity|undefined)[^"]*"/u)).toBeNull();
  });

  test("uses no id twice, and describes each drawing", () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/gu)].map(([, id]) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    const drawings = html.match(/role="img"[^>]*/gu) ?? [];
    expect(drawings.filter((attributes) => !/aria-label="[^"]{5,}"/u.test(attributes))).toEqual([]);
    expect(name).not.toBe("");
  });
});

test("whatever a name or an error says stays text", () => {
  const html = page(ALL["hostile"]!);
  expect(html).not.toContain("<script>alert");
  expect(html).not.toContain("<!--");
  expect(html).not.toContain("\u202E");
  expect(text(html)).toContain(`server: <script>alert(1)</script></script><!--"'&\uFFFDgnp.exe`);
  expect(HOSTILE).toContain("\u202E");
});

test("the raw result is in it, as it was saved", () => {
  const [, base64] = /href="data:application\/gzip;base64,([^"]*)"/u.exec(page(ALL["plain"]!)) ?? [];
  expect(JSON.parse(gunzipSync(Buffer.from(base64!, "base64")).toString())).toEqual(ALL["plain"]);
});

test("a problem stands before everything else, and what mends it behind it", () => {
  const plain = ALL["plain"]!;
  const problem = {
    code: "requests-failed" as const,
    severity: "problem" as const,
    variant: "close",
    step: null,
    link: null,
    figures: { failed: 44, sent: 100, kinds: { ETIMEDOUT: 44 } },
    trials: { found: 1, of: 1 },
    text: "44 of 100 requests failed",
    remedy: "look at the server",
    source: "RFC 9110",
  };
  const read = text(page({ ...plain, findings: [problem] }));
  expect(read).toMatch(/Problem · close 44 of 100 requests failed\. To mend it: look at the server\./u);
  expect(read.indexOf("Problem")).toBeLessThan(read.indexOf("The lab"));
});

test("the figures are those of the other reports", () => {
  const read = text(page(ALL["plain"]!));
  expect(read).toMatch(/Requests per second 8,4\d\d 21,950/u);
  expect(read).toMatch(/TIME_WAIT server created 84,120 0/u);
});

test("of trials there are dots, and intervals of their medians from six on", () => {
  const html = page(ALL["trials"]!);
  expect(html.match(/<circle /gu)!.length).toBeGreaterThanOrEqual(40);
  expect(html).toContain('class="interval"');
  expect(text(html)).toContain("95 % interval of each median");
  expect(page(ALL["plain"]!)).not.toContain("<circle ");
});

test("a chain of hosts is drawn with both links", () => {
  const html = page(ALL["chain"]!);
  const read = text(html);
  expect(read).toContain("first FIN: server 100 %");
  expect(html).toContain("server to backend: ≈84,000 connections");
  expect(read).toContain("28,100 of 28,232");
});

test("where TIME_WAIT could not be read, it is not said that nothing ended", () => {
  expect(text(page(ALL["no-time-wait"]!))).not.toContain("no connection ended");
});

test("of twenty variants no table has more than six columns", () => {
  const tables = page(ALL["twenty"]!).match(/<thead>.*?<\/thead>/gu)!;
  const named = tables.map((heads) => heads.match(/>connections-/gu)?.length ?? 0).filter((names) => names > 0);
  expect(named.length).toBeGreaterThanOrEqual(4);
  expect(Math.max(...named)).toBeLessThanOrEqual(6);
});

test("several claims are one table, and other results stand as a whole", () => {
  const html = page(claimResult(), untested("conntrack-timeout"), ALL["plain"]!);
  const read = text(html);
  expect(read).toContain("2 claims: 1 partly, 1 not testable here");
  expect(read).toContain("time left in TIME_WAIT");
  expect(html.match(/<article class="run"/gu)).toHaveLength(1);
});

test("two sides of one run: pairs of trials, and the ratio with its interval", () => {
  const { run, comparison } = twoSides(1);
  const html = renderPage({ results: [run], comparisons: [comparison] });
  expect(text(html)).toContain("Head as a multiple of base");
  expect(html).toContain("trial by trial");
  expect(html).toContain('class="lead worse"');
  const alone = text(renderPage({ results: [], comparisons: [comparison] }));
  expect(alone).toContain(comparison.summary);
});

test("of a million readings it draws what can be seen, and says so", () => {
  const one = trial({ seconds: 10 });
  const host = hostTimeline(50_000, (s) => (Math.round(s * 20) === 777_777 ? 30_000 : 7), 50);
  expect(host.atMs.length).toBeGreaterThan(1_000_000);
  const long = {
    ...one,
    durationMs: 50_000_000,
    timeline: { client: null, server: host, load: loadColumns(50_000, 9000) },
  };
  const html = page(result([[variantOf("long"), measured(long)]]));
  expect(html.length).toBeLessThan(400_000);
  expect(text(html)).toContain("readings of a line, 300 are drawn");
  // The one reading that stands out is not lost.
  expect(html).toMatch(/data-y="[^"]*\b30000\b/u);
  expect(text(html)).toContain("is left out");
});

test("the page without data is below 100 kB", () => {
  const { style, script } = readAssets();
  expect(style.length + script.length).toBeLessThan(40_000);
  expect(page(ALL["failed"]!).length).toBeLessThan(100_000);
  expect(readFileSync(new URL("../../dist/LICENSES.txt", import.meta.url), "utf8")).toContain("preact ");
});

test("what a sentence has between backticks is code on a page, as in a remedy and a warning", () => {
  const plain = ALL["plain"]!;
  const [first] = ALL["chain"]!.findings;
  const html = page({
    ...plain,
    findings: [
      { ...first!, severity: "problem", text: "nginx has no `keepalive` there", remedy: "set `keepalive 16`" },
    ],
    warnings: [{ code: "sampler-late", message: "`ss` was late" }],
  });
  for (const code of ["keepalive", "keepalive 16", "ss"]) expect(html).toContain(`<code>${code}</code>`);
  expect(html.replaceAll(/<(script|pre)[^]*?<\/\1>/gu, "")).not.toContain("`");
});
