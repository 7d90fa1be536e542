import { describe, expect, it } from "vitest";
import { progressLine } from "../../src/report/progress.js";
import { REPORT_FORMATS, render } from "../../src/report/render.js";
import { claimResult } from "./claim-fixture.js";
import { closeTrial, measured, result, trial, variantOf } from "./fixture.js";

const options = { width: 100, color: false };

describe("render", () => {
  it("says that a lab with steps lets no RST end TIME_WAIT, and nothing of it elsewhere", () => {
    const steps = claimResult();
    const drawn = (value: string): string => {
      for (const { lab } of steps.scenario.variants)
        lab.sysctl = { client: { "net.ipv4.tcp_rfc1337": value }, server: {} };
      return render([steps], "terminal", options);
    };
    expect(drawn("1")).toContain("tcp_rfc1337 1");
    expect(drawn("0")).not.toContain("tcp_rfc1337");
    expect(render([result()], "terminal", options)).not.toContain("tcp_rfc1337");
  });

  it("gives the JSON of one result as the document itself", () => {
    expect(JSON.parse(render([result()], "json", options))).toEqual(result());
  });

  it("gives the JSON of several as a set, in order", () => {
    const other = { ...result(), elapsedMs: 1 };
    const set: unknown = JSON.parse(render([result(), other], "json", options));
    expect(set).toEqual({ schemaVersion: 2, results: [result(), other] });
  });

  it("escapes what JSON may hold and a terminal may not, without changing it", () => {
    const evil = "\u009b2J\u007f\u202e\u{e0041}\u001b[31m";
    const text = render([{ ...result(), startedAt: evil }], "json", options);
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    expect((JSON.parse(text) as { startedAt: string }).startedAt).toBe(evil);
  });

  it.each(["terminal", "markdown"] as const)("draws several results one after another as %s", (format) => {
    const other = result();
    other.scenario.name = "go-hello-world";
    const text = render([result(), other], format, options);
    expect(text.indexOf("close-vs-keepalive")).toBeGreaterThanOrEqual(0);
    expect(text.indexOf("go-hello-world")).toBeGreaterThan(text.indexOf("close-vs-keepalive"));
  });

  it.each(REPORT_FORMATS)("ends with one line feed as %s", (format) => {
    expect(render([result()], format, options)).toMatch(/[^\n]\n$/u);
  });

  it.each(REPORT_FORMATS)("does not change the result as %s", (format) => {
    const drawn = result();
    render([drawn], format, options);
    expect(drawn).toEqual(result());
  });
});

describe("Markdown", () => {
  it("is what was judged by eye", async () => {
    await expect(render([result()], "markdown", options)).toMatchFileSnapshot("snapshots/markdown.txt");
  });

  it("has a table in which every row has a cell for each variant", () => {
    const odd = variantOf("a|b<script>*x*");
    const closedFirst = { client: 0.4, server: 0.6, reset: 0 };
    const text = render([result([[odd, measured(trial({ closedFirst }))]])], "markdown", options);
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows.length).toBeGreaterThan(15);
    for (const row of rows) expect(row.replaceAll(String.raw`\|`, "").split("|")).toHaveLength(4);
  });

  it("escapes markup in names and texts", () => {
    const odd = variantOf("a|b<img>*x*_y_[z](u)`c`");
    const warnings = [{ code: "x", message: "<b>bold</b> TIME_WAIT" }];
    const text = render([result([[odd, measured(closeTrial())]], { warnings })], "markdown", options);
    expect(text).toContain(String.raw`**a\|b&lt;img&gt;\*x\*\_y\_\[z\](u)\`c\`**`);
    expect(text).toContain("- ⚠️ &lt;b&gt;bold&lt;/b&gt; TIME_WAIT");
  });

  it("shows a failed run's error and the lines of its hint", () => {
    const error = { code: "server-died", message: "the server died", hint: "Look:\nbench doctor" };
    const failed = result([[variantOf("close"), { trials: [], median: null, figures: {} }]], {
      status: "failed",
      error,
    });
    const text = render([failed], "markdown", options);
    expect(text).toContain("> **FAILED after 21 s: the server died**\n>\n> Look:<br>bench doctor\n");
    expect(text).not.toContain("| Requests");
  });
});

describe("progressLine", () => {
  const progress = {
    variant: "close",
    trial: 0,
    elapsedMs: 2500,
    durationMs: 10_000,
    perSec: 8412.4,
    timeWait: { client: 0, server: 14_116 },
    connections: 21_030,
    failed: 0,
  };

  it("shows how far it is, the rate and TIME_WAIT of both sides", () => {
    expect(progressLine(progress, 120)).toBe(
      "close  █████░░░░░░░░░░░░░░░  2.5/10 s  8,412/s  TIME_WAIT client 0, server 14,116  21,030 opened",
    );
  });

  it("keeps what matters most when it gets narrow", () => {
    const line = progressLine({ ...progress, failed: 7 }, 60);
    expect(line).toContain("TIME_WAIT client 0, server 14,116");
    expect(line).not.toContain("opened");
  });

  it("numbers trials from the second one on", () => {
    expect(progressLine({ ...progress, trial: 0 }, 120)).toMatch(/^close {2}/u);
    expect(progressLine({ ...progress, trial: 1 }, 120)).toMatch(/^close #2 {2}/u);
  });

  it("shows of several trials which it is, and how long all of them will take", () => {
    const overall = { trial: 3, trials: 20, share: 0.5, leftMs: 42_300 };
    expect(progressLine({ ...progress, overall }, 130)).toMatch(
      /^3\/20 close {2}█{10}░{10} {2}42 s left {2}2\.5\/10 s/u,
    );
    const narrow = progressLine({ ...progress, overall }, 66);
    expect(narrow).toContain("42 s left");
    expect(narrow).toContain("TIME_WAIT client 0, server 14,116");
  });

  it("says what cannot be read, and shows failures", () => {
    const line = progressLine({ ...progress, timeWait: { client: null, server: null }, failed: 12_000 }, 120);
    expect(line).toContain("client –, server –");
    expect(line).toContain("12,000 failed");
  });

  it("is a full bar when the load runs over its time", () => {
    expect(progressLine({ ...progress, elapsedMs: 11_000 }, 120)).toContain("████████████████████  11.0/10 s");
  });
});

describe("CSV", () => {
  it("has each figure of each trial, with links by their names and steps by theirs", () => {
    const link = {
      port: 6379,
      opened: 7,
      perRequest: 0.5,
      timeWait: { from: { created: 3, peak: 3, end: 3 }, to: null },
      closedFirst: null,
      ports: { used: 1, limit: null },
      exact: true,
    };
    const one = { ...closeTrial(), links: { server: { "server:6379": link } }, figures: { "fill.requests.sent": 12 } };
    const of = result([[variantOf("a,b"), measured(one, closeTrial())]]);
    const rows = render([of], "csv", options).split("\r\n");
    expect(rows[0]).toBe("scenario,variant,trial,metric,value");
    expect(rows).toContain('close-vs-keepalive,"a,b",1,links.server.server:6379.opened,7');
    expect(rows).toContain('close-vs-keepalive,"a,b",1,links.server.server:6379.ports.limit,');
    expect(rows).toContain('close-vs-keepalive,"a,b",1,fill.requests.sent,12');
    expect(rows).toContain('close-vs-keepalive,"a,b",2,timeWait.server.created,84120');
  });
});
