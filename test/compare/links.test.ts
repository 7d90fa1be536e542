import { expect, test } from "vitest";
import { compareResults } from "../../src/compare/compare.js";
import type { Comparison } from "../../src/compare/types.js";
import type { Links } from "../../src/metrics/table.js";
import { renderComparisons } from "../../src/report/comparison.js";
import type { RunResult } from "../../src/result/types.js";
import { connectionsPerRequest, resultOf } from "./fixture.js";

type Link = Links[string][string];

const NO_TIME_WAIT = { created: 0, peak: 0, end: 0 };
const SENT = 219_500;

function link(perRequest: number): Link {
  const created = Math.round(perRequest * SENT);
  return {
    port: 9_000,
    opened: created,
    perRequest,
    timeWait: { from: { created, peak: created, end: created }, to: NO_TIME_WAIT },
    closedFirst: { from: 1, to: 0, reset: 0 },
    ports: { used: 0, limit: 28_232 },
    exact: true,
  };
}

/** @param backend connections to it for each request; null: no link to it; undefined: a document without links */
function run(backend: number | null | undefined, own = 0.05): RunResult {
  return resultOf({
    service: {
      of: "keepAlive",
      change: (trial) => {
        connectionsPerRequest(own)(trial, 0);
        const client = { client: { server: link(own) } };
        trial.requests.sent = SENT;
        trial.links =
          backend === undefined
            ? null
            : { ...client, ...(backend === null ? {} : { server: { backend: link(backend) } }) };
      },
    },
  });
}

const against = (base: RunResult, head: RunResult): Comparison =>
  compareResults({ label: "base", result: base }, { label: "head", result: head }, { only: null, gates: [] });

const linkMetrics = ({ variants }: Comparison): string[] =>
  variants[0]!.metrics.map(({ metric }) => metric).filter((name) => name.startsWith("links."));

test("a link beyond the load's own that churns is worse, in plain words in the first line", () => {
  const { verdict, summary } = against(run(0.05), run(1));
  expect(verdict).toBe("worse");
  expect(summary).toMatch(/^worse: server opens 1\.00 connections per request to backend, base 0\.05/u);
});

test("the load's own link is judged once, as its connections", () => {
  const worse = against(run(0.05, 0.05), run(0.05, 1));
  expect(worse.summary).toMatch(/^worse: opens 1\.00 connections per request, base 0\.05/u);
  expect(linkMetrics(worse)).toEqual([
    "links.server.backend.perRequest",
    "links.server.backend.timeWait.from.created",
    "links.server.backend.timeWait.to.created",
  ]);
});

test("a link that is new in head had none in base; one that is gone is better", () => {
  expect(against(run(null), run(1)).summary).toMatch(
    /^worse: server opens 1\.00 connections per request to backend, base 0[;.]?/u,
  );
  expect(against(run(1), run(null)).verdict).toBe("better");
});

test("a document without links was not measured: nothing is judged of them, and a note says so", () => {
  for (const [base, head, which] of [
    [run(undefined), run(1), "base"],
    [run(1), run(undefined), "head"],
  ] as const) {
    const told = against(base, head);
    expect(told.verdict).toBe("same");
    expect(linkMetrics(told)).toEqual([]);
    expect(told.notes.join()).toContain(`not measured in ${which}`);
  }
  expect(against(run(undefined), run(undefined)).notes.join()).not.toContain("not measured");
});

test("JUnit holds what both runs found, as the suite's output", () => {
  const head = run(1);
  head.findings = [
    {
      code: "link-churns",
      severity: "notice",
      variant: "service",
      step: null,
      link: { from: "server", to: "backend" },
      figures: { opened: 1, sent: 1, perRequest: 1, timeWait: { from: 0, to: 0 }, exact: true },
      trials: { found: 10, of: 10 },
      text: "server opened <1> connection",
      remedy: null,
      source: null,
    },
  ];
  const xml = renderComparisons([against(run(0.05), head)], "junit", { width: 0, color: false });
  expect(xml).toContain("<system-out>head: notice: server opened &lt;1&gt; connection</system-out>");
});
