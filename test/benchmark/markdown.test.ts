import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { aComparison, aRun } from "./fixture.js";
import { goalsOf } from "./goals.js";
import { markdownOf } from "./markdown.js";
import type { BenchmarkResult, Comparison } from "./types.js";

function markdown(comparisons: Comparison[], changes: Partial<BenchmarkResult> = {}): string {
  return markdownOf({ ...result(comparisons), ...changes });
}

function result(comparisons: Comparison[]): BenchmarkResult {
  return {
    schemaVersion: 1,
    startedAt: "2026-11-20T04:00:00.000Z",
    elapsedMs: 1_000,
    status: "complete",
    machine: {
      kernel: "6.18.0",
      cpu: "Fast CPU",
      cores: 2,
      memoryBytes: 24 * 2 ** 30,
      node: "v20.20.2",
      benchVersion: "0.1.0",
      loadBefore: 0.25,
    },
    settings: { pairs: 5, seconds: 2, connections: 50 },
    ours: { name: "epoll", version: "0.1.0", threading: "as asked" },
    peers: [
      { name: "wrk", version: "4.1.0", threading: "as asked" },
      { name: "siege", version: null, threading: "its own" },
    ],
    nginx: "1.22.1",
    comparisons,
    goals: goalsOf(comparisons, null),
    sampling: null,
  };
}

describe("the table", () => {
  test("says of each goal what was measured and whether it is met, and when it was not measured", () => {
    const text = markdown([aComparison("wrk", [1.1, 1.0, 1.02])]);
    expect(text).toMatch(
      /- \*\*not met\*\*: .*best of the peers, at least 1\.05 ×; measured \*\*1\.02 ×\*\* against wrk, from 1\.00 × to 1\.10 × \(3\)\n/u,
    );
    expect(text).toMatch(/- \*\*not measured\*\*: .*keep-alive mode against wrk, at least 1\.00 ×\n/u);
    expect(text).toMatch(
      /- \*\*met\*\*: .*kernel time.*, at least 95\.0 %; measured \*\*95\.0 %\*\* \(wrk: 95\.0 %\), from/u,
    );
  });

  test("has a part for each server, mode and number of threads, with both rates", () => {
    const text = markdown([
      aComparison("wrk", [1.5]),
      aComparison("wrk", [1.25], { mode: "keep-alive", threads: 2, server: "node" }),
    ]);
    expect(text).toContain("**`close`, 1 thread, against nginx: connections/s**");
    expect(text).toContain(
      "| wrk | 30,000 | 20,000 | **1.50 ×** | 1.50 × to 1.50 × (1) | 33.3 µs : 50.0 µs | 95.0 % : 95.0 % |",
    );
    expect(text).toContain("**`keep-alive`, 2 threads, against node: requests/s**");
    expect(text).toContain("| wrk | 25,000 | 20,000 | **1.25 ×** |");
  });

  test("names the machine and the versions of all that ran", () => {
    const text = markdown([aComparison("wrk", [1])]);
    expect(text).toContain("Fast CPU, 2 cores, 24 GiB, Linux 6.18.0, Node 20.20.2, load average before 0.3");
    expect(text).toContain("epoll 0.1.0, wrk 4.1.0, siege (as many threads as it likes), nginx 1.22.1.");
  });

  test("says when something else ran on the machine", () => {
    const { machine } = result([]);
    expect(markdown([], { machine: { ...machine, loadBefore: 1.2 } })).toContain("1.2 (it was not idle");
    expect(markdown([])).not.toContain("not idle");
  });

  test("says when a goal cannot be judged", () => {
    const goal = {
      name: "x",
      atLeast: 0.99,
      measured: 1.1,
      spread: { min: 0.8, max: 1.3, of: 4 },
      remark: "",
      met: null,
    };
    expect(markdown([], { goals: [goal] })).toContain(
      "- **too noisy to tell**: x, at least 99.0 %; measured **110.0 %**, from 80.0 % to 130.0 % (4)",
    );
  });

  test("says when it is not all", () => {
    expect(markdown([], { status: "interrupted" })).toMatch(/^\*\*Interrupted/u);
    expect(markdown([])).not.toContain("Interrupted");
  });

  test("says why a peer has no figures, in one line", () => {
    const text = markdown([aComparison("ab", [], { failure: "ab ended with 1: a | b\nmore" })]);
    expect(text).toContain("failed: ab ended with 1: a \\| b |");
  });
});

describe("a remark on a peer stands below the table", () => {
  const withPeer = (changes: Parameters<typeof aRun>[0]): string => {
    const comparison = aComparison("wrk", [1]);
    comparison.pairs[0]!.peer = aRun(changes);
    return markdown([comparison]);
  };

  test("when its connections end in resets", () => {
    expect(withPeer({ resets: 0.98 })).toContain("- wrk: 98.0 % of its connections end in resets");
    expect(withPeer({ resets: 0.001 })).not.toContain("- wrk:");
  });

  test("when it counts otherwise than the server", () => {
    const claim = { requests: 30_000, failed: 0, seconds: 3 };
    expect(withPeer({ claim })).toContain("- wrk: it says 50.0 % of the requests that the server counted");
    expect(withPeer({ claim: { ...claim, requests: 59_990 } })).not.toContain("- wrk:");
  });

  test("when it had to be killed", () => {
    expect(withPeer({ claim: null })).toContain("- wrk: does not end by itself");
  });
});

test("what sampling costs stands in a table of its own", () => {
  const text = markdown([], {
    sampling: {
      readings: [
        { sockets: 0, present: 0, method: "gauge", readings: 9, medianUs: 12.4, leastUs: 10 },
        { sockets: 0, present: 0, method: "ss", readings: 9, medianUs: 2_500, leastUs: 2_000 },
        { sockets: 10_000, present: 10_000, method: "gauge", readings: 9, medianUs: 13, leastUs: 10 },
      ],
      sampler: { everyMs: 10, perSec: 100, coreShare: 0.004 },
      load: {
        client: "epoll",
        everyMs: 10,
        pairs: 16,
        lowerQuartile: 0.99,
        medianRatio: 0.998,
        upperQuartile: 1.01,
        control: { lowerQuartile: 0.992, medianRatio: 1, upperQuartile: 1.008 },
      },
    },
  });
  expect(text).toContain("| sockets in TIME_WAIT | gauge | ss |");
  expect(text).toContain("| 0 | 12 µs | 2.5 ms |");
  expect(text).toContain("| 10,000 | 13 µs |  |");
  expect(text).toMatch(/Sampling 100 times a second on both hosts leaves epoll 99\.8 % of its requests\/s/u);
});

test("README.md in this folder shows what results/benchmark.json holds", () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
  // The formatter aligns columns.
  const plain = (text: string): string => text.replaceAll(/ {2,}/gu, " ").replaceAll(/-{3,}/gu, "---").trim();
  const measured = JSON.parse(read("../../results/benchmark.json")) as BenchmarkResult;
  expect(plain(read("README.md").split(/<!-- \/?benchmark -->/u)[1] ?? "")).toBe(plain(markdownOf(measured)));
});
