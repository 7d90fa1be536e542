import { expect, test } from "vitest";
import { renderMarkdown } from "../../src/report/markdown.js";
import { renderTerminal } from "../../src/report/terminal.js";
import type { RunResult } from "../../src/result/types.js";
import { closeTrial, measured, result, variantOf } from "./fixture.js";

/** Trials of 1,000, 1,100 … requests a second, everything else alike. */
function resultOf(trials: number): RunResult {
  const all = Array.from({ length: trials }, (_, i) =>
    closeTrial({
      change: { requests: { sent: 84_120, succeeded: 84_120, failed: 0, perSec: 1_000 + 100 * i, served: null } },
    }),
  );
  return result([[variantOf("close"), measured(...all)]]);
}

const terminal = (of: RunResult): string => renderTerminal(of, { width: 100, color: false });

test("several trials show a 95 % interval of each median that they do not agree on", () => {
  const text = terminal(resultOf(10));
  const block = text.slice(text.indexOf("95 % interval of each median"));
  const [low, high] = /^Requests per second +([\d,]+) – ([\d,]+)$/mu.exec(block)!.slice(1);
  // Of ten values the second and the ninth hold the median 97.9 % of the time, the third and the eighth 89.1 %.
  expect(Number(low!.replace(",", ""))).toBeGreaterThan(1_100);
  expect(Number(low!.replace(",", ""))).toBeLessThan(1_200);
  expect(Number(high!.replace(",", ""))).toBeGreaterThan(1_700);
  expect(Number(high!.replace(",", ""))).toBeLessThan(1_800);
  expect(block.split("\n\n")[0]).not.toMatch(/Latency|TIME_WAIT/u);
  expect(renderMarkdown(resultOf(10))).toMatch(/95 % interval of each median\n\n\|[^]*\| Requests per second \| 1,1/u);
});

test("too few trials for an interval show their range, and say so; one shows nothing", () => {
  expect(terminal(resultOf(3))).toMatch(
    /Range of the trials; an interval of the median takes 6 \(--trials 10\)\n +close\nRequests per second +1,000 – 1,200/u,
  );
  for (const text of [terminal(resultOf(1)), renderMarkdown(resultOf(1))])
    expect(text).not.toMatch(/interval|Range of/u);
});

test("trials that agree on everything need no interval", () => {
  const same = result([[variantOf("close"), measured(...Array.from({ length: 8 }, () => closeTrial()))]]);
  expect(terminal(same)).not.toMatch(/interval/u);
});
