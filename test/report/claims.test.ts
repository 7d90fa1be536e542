import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimProse } from "../../src/report/claim-prose.js";
import { render } from "../../src/report/render.js";
import { displayWidth } from "../../src/text/width.js";
import { type Verdict, VERDICTS } from "../../src/scenario/claim/types.js";
import { claimOf, claimResult, inSteps, PLAIN, untested } from "./claim-fixture.js";
import { result } from "./fixture.js";

const options = { width: 80, color: false };
const several = [
  claimResult(),
  claimResult({
    claim: { id: "two-thousand-concurrent", text: "After many short connections 2,000 more at once partly fail." },
    plain: { ...PLAIN, "again.errno": "none" },
    change: { warnings: [{ code: "client-cpu-bound", message: "the client was busy" }] },
  }),
  untested("conntrack-timeout"),
];
const tableRows = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("|"));

describe("one claim", () => {
  it("is drawn as it was judged by eye", async () => {
    await expect(render([claimResult()], "terminal", options)).toMatchFileSnapshot("snapshots/claim.txt");
    await expect(render([claimResult()], "markdown", options)).toMatchFileSnapshot("snapshots/claim.md.txt");
  });

  it.each(["terminal", "markdown"] as const)("shows what was said, found, by which figures, and by whom: %s", (as) => {
    const text = render([claimResult()], as, options).replaceAll(/\s+/gu, " ");
    const { claim } = claimResult();
    expect(claim!.verdict).toBe("partly");
    for (const part of [claim!.text, claim!.reason, "59.99 s", claimOf().instead, "RFC 9293, section 3.6"])
      expect(text).toContain(part);
  });

  it("has no charts and no latencies where nothing was loaded", () => {
    const text = render([claimResult()], "terminal", options);
    expect(text).not.toMatch(/Latency|──|No request was sent/u);
  });

  it("colours the verdict by what it is", () => {
    const text = render([claimResult()], "terminal", { ...options, color: true });
    expect(text).toContain("\u001b[33mpartly");
  });

  it("shows why it could not be tested, and no figures that nobody measured", () => {
    const text = render([untested("conntrack-timeout")], "terminal", options);
    expect(text).toContain("not testable here: conntrack is not installed.");
    expect(text).toContain("Install it.");
    expect(text).not.toContain("?");
    // Nothing ran anywhere.
    expect(text).not.toMatch(/isolation|namespaces|loopback|two-hosts/u);
  });

  it("shows the claim of an interrupted run without a verdict", () => {
    const text = render([claimResult({ change: { status: "interrupted" } })], "terminal", options);
    expect(text).toContain("claim: A client");
    expect(text).not.toMatch(/^(?:confirmed|refuted|partly|gone|not testable here):/mu);
  });
});

describe("several claims", () => {
  it("are one list, as it was judged by eye", async () => {
    await expect(render(several, "terminal", options)).toMatchFileSnapshot("snapshots/claims.txt");
    await expect(render(several, "markdown", options)).toMatchFileSnapshot("snapshots/claims.md.txt");
  });

  it("are counted by their verdicts", () => {
    const all = VERDICTS.map((verdict) => {
      const one = claimResult();
      one.claim!.verdict = verdict;
      return one;
    });
    expect(render([...all, ...several], "terminal", { ...options, width: 120 }).split("\n")[0]).toBe(
      "8 claims: 1 confirmed, 1 refuted, 2 partly, 1 gone, 3 not testable here",
    );
  });

  it("are one Markdown table whose cells no text can break", () => {
    const evil = "a | b \n c <b>|</b>";
    const because = { when: [], verdict: "refuted" as Verdict, because: evil };
    const odd = claimResult({ claim: { id: evil, text: evil, instead: evil, rules: [because] } });
    const rows = tableRows(render([...several, odd], "markdown", options));
    expect(rows).toHaveLength(2 + 4);
    for (const row of rows) expect(row.replaceAll(String.raw`\|`, "").split("|")).toHaveLength(7);
  });

  it.each(["terminal", "markdown"] as const)("come after the reports of what is none: %s", (as) => {
    const text = render([several[0]!, result(), several[2]!], as, options);
    expect(text.indexOf("close-vs-keepalive")).toBeGreaterThanOrEqual(0);
    expect(text.indexOf("2 claims:")).toBeGreaterThan(text.indexOf("close-vs-keepalive"));
    expect(text.match(/same-port-bind/gu)!.length).toBeGreaterThan(0);
    expect(text).not.toContain("look.timerMaxMs");
  });

  it("are a document as they are", () => {
    expect(JSON.parse(render(several, "json", options))).toEqual({ schemaVersion: 2, results: several });
  });

  it.each(["terminal", "markdown"] as const)("tell of expectations that do not hold: %s", (as) => {
    const expectations = [{ text: "plain.look.gauge == 2", holds: false, measured: 1, against: 2 }];
    const text = render([several[0]!, claimResult({ change: { expectations } })], as, options);
    expect(text).toMatch(/FAILS.*claims\/same-port-bind: plain\.look\.gauge == 2/u);
  });

  it("tell of one that was interrupted", () => {
    const text = render([several[0]!, claimResult({ change: { status: "interrupted" } })], "terminal", options);
    expect(text).toMatch(/no verdict/u);
    expect(text).toContain("INTERRUPTED after");
  });

  it("are drawn whatever a file says, within the width and without control characters", () => {
    const text = fc.string({ maxLength: 200, unit: "binary" });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 40, max: 160 }), (odd, other, width) => {
        const drawn = claimResult({
          claim: {
            id: odd,
            text: odd,
            instead: other,
            sources: [odd, other],
            figures: [{ label: odd, variant: "plain", metric: other }],
            rules: [{ verdict: "gone", when: [], because: other }],
          },
          plain: { ...PLAIN, [other]: odd },
        });
        for (const results of [[drawn], [drawn, drawn]]) {
          const lines = render(results, "terminal", { width, color: false }).split("\n");
          expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
          expect(lines.join("").replaceAll(/[\p{Cc}\u202E]/gu, "")).toBe(lines.join(""));
          expect(tableRows(render(results, "markdown", options)).join("")).not.toMatch(/[\p{Cc}\u202E]/u);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("the figures of steps", () => {
  const drawn = (...figures: Record<string, number | string | null>[]): string => {
    const variants = figures.map((of, i) => inSteps(`v${i}`, of));
    return render([result(variants, { expectations: [] })], "terminal", options);
  };

  it("are rows by step, without what is as ever", () => {
    const text = drawn(PLAIN);
    expect(text).toMatch(/again errno +EADDRINUSE\n/u);
    expect(text).toMatch(/look time_wait +1\n/u);
    expect(text).not.toMatch(/first|fin_wait2|InCsumErrors|tookMs/u);
  });

  it("are left out only where every variant is as ever", () => {
    const text = drawn({ "b.errno": "none", "c.failed": 0 }, { "b.errno": "EPIPE", "c.failed": 0 }, {});
    expect(text).toMatch(/b errno +none +EPIPE +–\n/u);
    expect(text).not.toContain("failed");
  });

  it("are shown in any case where the claim is decided by them", () => {
    const figures = [{ label: "x", variant: "plain", metric: "look.fin_wait2" }];
    expect(render([claimResult({ claim: { figures } })], "terminal", options)).toMatch(/fin_wait2 +0 +0\n/u);
  });

  it("of a load are those that matter", () => {
    const text = drawn({ "l.requests.sent": 9, "l.latencyUs.p99": 900, "l.latencyUs.p999": 950, "l.errors.EPIPE": 3 });
    expect(text).toMatch(/l requests.sent +9\n/u);
    expect(text).toMatch(/latencyUs.p99 +900 µs\n/u);
    expect(text).toMatch(/errors.EPIPE +3\n/u);
    expect(text).not.toContain("p999");
  });

  it("of an unfinished trial are those so far", () => {
    const [variant, { trials }] = inSteps("plain", PLAIN);
    const unfinished = { trials: [{ ...trials[0]!, status: "interrupted" as const }], median: null, figures: {} };
    const text = render([result([[variant, unfinished]], { status: "interrupted" })], "terminal", options);
    expect(text).toMatch(/so far/u);
    expect(text).toMatch(/again errno +EADDRINUSE\n/u);
  });
});

describe("the prose of a claim", () => {
  it("says everything that a reader needs, in lines of the width", () => {
    const claim = claimOf();
    const text = claimProse(claim, 72);
    expect(text.split("\n").filter((line) => displayWidth(line) > 72)).toEqual([]);
    const words = text.replaceAll(/\s+/gu, " ");
    const parts = [claim.text, claim.test, claim.lesson, claim.instead, ...claim.sources];
    for (const part of parts) expect(words).toContain(part);
    expect(words).toContain("partly, if plain.again.errno == EADDRINUSE and reuse.again.errno == none: bind()");
  });

  it("says when a rule always holds", () => {
    const rules = [
      { verdict: "gone" as const, when: claimOf().rules[0]!.when, because: "a" },
      { verdict: "refuted" as const, when: [], because: "b" },
    ];
    expect(claimProse(claimOf({ rules }), 80)).toContain("- refuted, otherwise: b");
    expect(claimProse(claimOf({ rules: rules.slice(1) }), 80)).toContain("- refuted, always: b");
  });

  it("prints no control characters", () => {
    expect(claimProse(claimOf({ text: "a\u001b[31m\u0007b", sources: ["c\u202ed"] }), 80)).not.toMatch(
      // oxlint-disable-next-line no-control-regex -- these are what must not be there
      /[\u0000-\u0009\u000b-\u001f\u202e]/u,
    );
  });
});
