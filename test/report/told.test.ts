import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/findings/types.js";
import { REPORT_FORMATS, render } from "../../src/report/render.js";
import { runView } from "../../src/page/view/run.js";
import { claimResult } from "./claim-fixture.js";
import { result, variantOf } from "./fixture.js";

/** What is told in words, in each format. */

const options = { width: 100, color: false };
const REMEDY = "share one http.Agent";

function found(severity: Finding["severity"], code: string, text: string): Finding {
  const link = { from: "server", to: "backend" };
  const trials = { found: 1, of: 1 };
  const one = { code, severity, variant: "close", step: null, link, figures: {}, trials, text, remedy: REMEDY };
  return { ...one, source: "https://nodejs.org" } as unknown as Finding;
}

const told = result(undefined, {
  findings: [
    found("problem", "ports-exhausted", "server held all 100 of its ports"),
    found("notice", "link-churns", "server opened 100 connections <&>"),
    found("fact", "holder", "the server holds TIME_WAIT"),
  ],
});

describe.each(REPORT_FORMATS)("as %s", (format) => {
  it("every finding that stands out is written out, and its remedy once", () => {
    const text = render([told], format, options);
    for (const words of [/erver held all 100 of its ports/u, /erver opened 100 connections/u])
      expect(text).toMatch(words);
    if (format === "json") return;
    if (format !== "csv") expect(text).toMatch(/he server holds TIME_WAIT/u);
    expect(text.split(REMEDY)).toHaveLength(format === "csv" ? 1 : 2);
  });
});

it("another variant's finding has its remedy too", () => {
  const other = { ...found("notice", "link-churns", "the same"), variant: "keep-alive" };
  const text = render([{ ...told, findings: [...told.findings, other] }], "markdown", options);
  expect(text.split(REMEDY)).toHaveLength(3);
});

it("the page tells a remedy once as well", () => {
  expect(JSON.stringify(runView(told, "x")).split(REMEDY)).toHaveLength(2);
});

describe("as JUnit XML", () => {
  const xml = (of = told): string => render([of], "junit", options);
  const cases = (text: string): string[] => text.match(/<testcase [^]*?(?:\/>|<\/testcase>)/gu) ?? [];

  it("fails where the run ends with another exit code than 0: what stands out is skipped", () => {
    const [text] = [xml()];
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="bench run">/u);
    // It ran to its end, both expectations hold, the books balance, and one problem was found.
    expect(text).toContain('tests="5" failures="0" errors="0" skipped="1"');
    expect(text).toMatch(/name="ports-exhausted: close, server → backend">\s*<skipped message="server held all/u);
    expect(text).toMatch(
      /<system-out>close: The server holds TIME_WAIT\.\nnotice: server opened 100 connections &lt;&amp;&gt;/u,
    );
  });

  it("an expectation that does not hold is a failure, with the measured value", () => {
    const expectations = [{ text: "no ports-exhausted", holds: false, measured: 1, against: null }];
    const text = xml({ ...told, expectations });
    expect(text).toMatch(/name="no ports-exhausted">\s*<failure message="found: 1"\/>/u);
    expect(text).toContain('failures="1"');
  });

  it("a run that was not completed is an error, and its expectations are not judged", () => {
    const error = { code: "server-died", message: "the server died", hint: "" };
    const failed = result([[variantOf("close"), { trials: [], median: null, figures: {} }]], {
      status: "failed",
      error,
      expectations: [],
    });
    const text = xml(failed);
    expect(text).toMatch(/name="runs to its end">\s*<error message="FAILED after 21 s: the server died"\/>/u);
    expect(text).toContain('errors="1" skipped="2"');
  });

  it("a claim has its verdict; without one it is skipped", () => {
    const claimed = claimResult();
    expect(cases(xml(claimed)).some((one) => one.includes(claimed.claim!.reason))).toBe(true);
    const { claim: _, ...without } = claimed;
    expect(xml(without)).toMatch(/<skipped message="no verdict"\/>/u);
  });
});
