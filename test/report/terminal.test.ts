import { describe, expect, it } from "vitest";
import { renderTerminal } from "../../src/report/terminal.js";
import { displayWidth } from "../../src/text/width.js";
import type { RunResult } from "../../src/result/types.js";
import {
  closeTrial,
  keepAliveTrial,
  keepAliveVariant,
  measured,
  metricsOf,
  result,
  trial,
  variantOf,
} from "./fixture.js";

const plain = (of: RunResult, width = 100): string => renderTerminal(of, { width, color: false });
/** The cells of the row with this label, in the block where it stands first. */
const row = (text: string, label: string): string[] => {
  const line = text.split("\n").find((candidate) => candidate.startsWith(label));
  return line === undefined ? [] : line.slice(label.length).trim().split(/ {2,}/u);
};
const rowAfter = (text: string, group: string, label: string): string[] => {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith(group));
  return row(lines.slice(first).join("\n").replaceAll(/^ +/gmu, ""), label);
};

describe("renderTerminal", () => {
  it.each([100, 80])("draws two variants at %i columns as they were judged by eye", async (width) => {
    await expect(plain(result(), width)).toMatchFileSnapshot(`snapshots/close-vs-keepalive-${width}.txt`);
  });

  it("fits two variants on one screen of 100 columns", () => {
    expect(plain(result()).trimEnd().split("\n").length).toBeLessThanOrEqual(45);
  });

  it("shows the figures of the file", () => {
    const text = plain(result());
    expect(row(text, "Requests per second")).toEqual(["8,412", "21,950"]);
    expect(rowAfter(text, "Requests", "sent / failed")).toEqual(["84,120 / 0", "219,500 / 0"]);
    expect(row(text, "Connections opened")).toEqual(["84,120", "50"]);
    expect(row(text, "Requests per connection")).toEqual(["1", "4,390"]);
    expect(row(text, "TIME_WAIT server created")).toEqual(["84,120", "0"]);
    expect(rowAfter(text, "TIME_WAIT server", "peak")).toEqual(["14,116", "0"]);
    expect(rowAfter(text, "TIME_WAIT server", "end")).toEqual(["14,116", "0"]);
    expect(row(text, "TIME_WAIT client created")).toEqual(["0", "50"]);
    expect(rowAfter(text, "TIME_WAIT client", "peak")).toEqual(["0", "50"]);
    expect(row(text, "Closed first")).toEqual(["server 100 %", "client 100 %"]);
    expect(row(text, "CPU client / server")).toEqual(["9.8 / 4.2 s", "9.8 / 4.2 s"]);
  });

  it("gives latencies the unit in which they are read", () => {
    const latency = { min: 90, mean: 300, p50: 250, p90: 990, p99: 12_345, p999: 999_600, max: 1_234_567 };
    const text = plain(result([[variantOf("close"), measured(closeTrial({ change: { latencyUs: latency } }))]]));
    expect(row(text, "Latency p50 / p90")).toEqual(["250 / 990 µs"]);
    expect(rowAfter(text, "Latency", "p99 / p99.9")).toEqual(["12.3 ms / 1.00 s"]);
    expect(rowAfter(text, "Latency", "max")).toEqual(["1.23 s"]);
  });

  it("shows how a rate was kept, and the latencies by both clocks", () => {
    const us = { min: 90, mean: 300, p50: 250, p90: 990, p99: 12_345, p999: 999_600, max: 1_234_567 };
    const pace = { wantedPerSec: 2000, sentPerSec: 1960.4, unsent: 396 };
    const paced = keepAliveTrial({ change: { pace, uncorrectedLatencyUs: us } });
    const stages = [{ durationMs: 10_000, fromPerSec: 2000, toPerSec: 2000 }];
    const plan = variantOf("open", { pace: { arrivals: "poisson", stages, seed: 1 } });
    const text = plain(result([[plan, measured(paced)]]));
    expect(row(text, "Rate wanted / sent")).toEqual(["2,000 / 1,960"]);
    expect(rowAfter(text, "Rate", "unsent")).toEqual(["396"]);
    expect(row(text, "Uncorrected p50 / p90")).toEqual(["250 / 990 µs"]);
    expect(rowAfter(text, "Uncorrected", "p99 / p99.9")).toEqual(["12.3 ms / 1.00 s"]);
    expect(text).toContain("2,000 requests/s, Poisson");
    const without = plain(result([[variantOf("closed"), measured(closeTrial())]]));
    expect(without).not.toMatch(/Rate|Uncorrected|requests\/s/u);
  });

  it("tells the range of a ramp", () => {
    const stages = [
      { durationMs: 5000, fromPerSec: 0, toPerSec: 500 },
      { durationMs: 5000, fromPerSec: 500, toPerSec: 100 },
    ];
    const plan = variantOf("ramp", { pace: { arrivals: "constant", stages, seed: 1 } });
    expect(plain(result([[plan, measured(closeTrial())]]))).toContain("0 to 500 requests/s ·");
  });

  it("shows each kind of error, the most frequent one first", () => {
    const errors = { ETIMEDOUT: 3, EADDRNOTAVAIL: 51_230 };
    const text = plain(result([[variantOf("close"), measured(closeTrial({ errors }))]]));
    expect(row(text, "Failed EADDRNOTAVAIL")).toEqual(["51,230"]);
    expect(rowAfter(text, "Failed", "ETIMEDOUT")).toEqual(["3"]);
  });

  it("says which calls failed, where the client can tell", () => {
    const errors = { EADDRNOTAVAIL: 5, ECONNRESET: 3, ETIMEDOUT: 1 };
    const errorsByCall = { "connect EADDRNOTAVAIL": 5, "send ECONNRESET": 1, "recv ECONNRESET": 2 };
    const text = plain(result([[variantOf("close"), measured({ ...closeTrial({ errors }), errorsByCall })]]));
    expect(row(text, "Failed connect EADDRNOTAVAIL")).toEqual(["5"]);
    expect(rowAfter(text, "Failed", "recv/send ECONNRESET")).toEqual(["3"]);
    expect(rowAfter(text, "Failed", "ETIMEDOUT")).toEqual(["1"]);
  });

  it("says who closed first in shares when it was not always the same side", () => {
    const closedFirst = { client: 0.37, server: 0.62, reset: 0.01 };
    const text = plain(result([[variantOf("race"), measured(trial({ closedFirst }))]]));
    expect(row(text, "Closed first")).toEqual(["server 62 %"]);
    expect(text).toMatch(/^ +client 37 %$/mu);
    expect(text).toMatch(/^ +reset 1 %$/mu);
  });

  it("has no control code without colour, and the same text with it", () => {
    const colored = renderTerminal(result(), { width: 100, color: true });
    expect(plain(result())).not.toContain("\u001b");
    expect(colored).toContain("\u001b[");
    // oxlint-disable-next-line no-control-regex -- these are what colour is made of
    expect(colored.replaceAll(/\u001b\[\d+m/gu, "").replaceAll(/ +$/gmu, "")).toBe(plain(result()));
  });

  it("wraps variants into blocks when they do not fit side by side, each with all its figures", () => {
    const names = Array.from({ length: 8 }, (_, i) => `variant-${i}`);
    const text = plain(result(names.map((name, i) => [variantOf(name), measured(closeTrial({ order: i }))])), 80);
    const heads = text.split("\n").filter((line) => /^ +variant-\d/u.test(line));
    expect(heads.join(" ").trim().split(/ +/u)).toEqual(names);
    expect(heads.length).toBeGreaterThan(1);
    expect(text.match(/^Requests per second.*$/gmu)).toHaveLength(heads.length);
    for (const name of names) expect(text).toContain(`── ${name} · `);
  });

  it("keeps the scenario's order for variants that are named by numbers", () => {
    const text = plain(result(["10", "2"].map((name) => [variantOf(name), measured(closeTrial())])));
    expect(text).toMatch(/^ +10 +2$/mu);
  });

  it("says that figures are medians, and which trial is drawn", () => {
    const trials = [1, 2, 3].map((order) => closeTrial({ order, perSec: 8000 + 100 * order }));
    const text = plain(result([[variantOf("close"), { trials, median: metricsOf(trials[1]!), figures: {} }]]));
    expect(row(text, "Trials")).toEqual(["median of 3"]);
    expect(row(text, "Requests per second")).toEqual(["8,200"]);
    expect(text).toContain("TIME_WAIT in trial 2");
    expect(text).toContain("latency of 12,000 requests, 3 trials");
  });

  it("shows what an interrupted run has measured so far, and says so", () => {
    const interrupted = { ...closeTrial({ seconds: 4 }), status: "interrupted" as const };
    const variants: Parameters<typeof result>[0] = [
      [variantOf("close"), measured(interrupted)],
      [keepAliveVariant(), { trials: [], median: null, figures: {} }],
    ];
    const text = plain(result(variants, { status: "interrupted", expectations: [], elapsedMs: 4870 }));
    expect(text).toContain("INTERRUPTED after 4.9 s");
    expect(text).toMatch(/^ +so far +not measured$/mu);
    expect(row(text, "Requests per second")).toEqual(["8,412", "–"]);
    expect(text).toContain("2 expectations not judged");
  });

  it("gives a failed run's error and hint instead of a table of dashes", () => {
    const error = { code: "server-not-ready", message: "the server was not ready", hint: "Look:\n  bench doctor" };
    const text = plain(
      result([[variantOf("close"), { trials: [], median: null, figures: {} }]], { status: "failed", error }),
    );
    expect(text).toContain("FAILED after 21 s: the server was not ready\n  Look:\n    bench doctor\n");
    expect(text).not.toContain("Requests per second");
  });

  it.each([100, 50])("draws a trial of which hardly anything is known, at %i columns", (width) => {
    const unknown = closeTrial({
      perSec: 0,
      closedFirst: null,
      change: {
        latencyUs: null,
        connectUs: null,
        timeWait: null,
        cpu: { client: null, server: null },
        histograms: { latencyUs: null, uncorrectedLatencyUs: null, connectUs: null, firstByteUs: null },
        timeline: { client: null, server: null, load: { atMs: [], perSec: [], p50Us: [], p99Us: [] } },
        kernel: { client: null, server: null },
      },
    });
    const text = plain(result([[variantOf("mac"), measured(unknown)]]), width);
    expect(row(text, "TIME_WAIT server created")).toEqual(["–"]);
    expect(text).toContain("no latencies");
    expect(text).toContain("TIME_WAIT was not read");
  });

  it("draws the other charts when a histogram is damaged, and says that it is", () => {
    const histograms = {
      latencyUs: "HISTFAAAnonsense",
      uncorrectedLatencyUs: null,
      connectUs: null,
      firstByteUs: null,
    };
    const text = plain(result([[variantOf("close"), measured(closeTrial({ change: { histograms } }))]]));
    expect(text).toContain("its histogram cannot be read");
    expect(text).toContain("server peak 14,116");
  });

  it("shows measured beside expected, and does not rely on colour to tell which failed", () => {
    const expectations = [
      { text: "close.timeWait.server.peak > 1000", holds: true, measured: 14_116, against: 1000 },
      {
        text: "close.requests.perSec > 0.5 * keep-alive.requests.perSec",
        holds: false,
        measured: 8412,
        against: 10_975,
      },
      { text: "close.closedFirst == server", holds: false, measured: null, against: "server" },
    ];
    const text = plain(result(undefined, { expectations }));
    expect(text).toContain("holds: close.timeWait.server.peak > 1000 (measured 14,116)\n");
    expect(text).toContain("FAILS: close.requests.perSec > 0.5 * keep-alive.requests.perSec (measured 8,412, against");
    expect(text).toContain("FAILS: close.closedFirst == server (nothing measured)\n");
  });

  it("shows unbalanced books once, and a warning that repeats itself once with its trials", () => {
    const books = [
      {
        name: "requests",
        left: { who: "the client", count: 84_120 },
        right: { who: "the server", count: 84_000 },
        difference: 120,
        balanced: false,
        reason: "answers were lost",
      },
      { ...balanced, name: "connections" },
    ];
    const late = { code: "sampler-late", message: "the sampler was late", variant: "close" };
    const warnings = [
      { ...late, trial: 0 },
      { ...late, trial: 2 },
      { code: "books-unbalanced", message: "requests: 84120 and 84000", variant: "close", trial: 0 },
      { code: "no-isolation", message: "not comparable" },
    ];
    const text = plain(result([[variantOf("close"), measured(closeTrial({ change: { books } }))]], { warnings }), 120);
    expect(text).toContain(
      "books do not balance: requests: the client 84,120, the server 84,000, difference +120: answers were lost (close)",
    );
    expect(text.match(/books/gu)).toHaveLength(1);
    expect(text).toContain("warning: the sampler was late (close, trials 1, 3)\n");
    expect(text).toContain("warning: not comparable\n");
  });

  it("lets no string of a file reach the terminal as a control code", () => {
    const evil = "a\u001b[31mred\u001b]0;title\u0007\u009b2J\u202Eback\nline\r\u0000";
    const variant = { ...variantOf(evil), name: evil };
    const bad = result(
      [[variant, measured(closeTrial({ errors: { [evil]: 1 }, change: { clientName: evil, serverName: evil } }))]],
      {
        status: "failed",
        error: { code: evil, message: evil, hint: evil },
        warnings: [{ code: evil, message: evil, variant: evil }],
        expectations: [{ text: evil, holds: false, measured: evil, against: evil }],
      },
    );
    bad.scenario.title = evil;
    bad.scenario.name = evil;
    bad.environment.kernel = evil;
    bad.startedAt = evil;
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(plain(bad)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    expect(plain(bad)).toContain("ared");
  });

  it("does not grow wider than a line that can be read", () => {
    const widest = Math.max(...plain(result(), 400).split("\n").map(displayWidth));
    expect(widest).toBeLessThanOrEqual(120);
  });

  it("does not claim a topology that a run without isolation cannot have", () => {
    const drawn = result();
    drawn.environment.isolation = "none";
    expect(plain(result())).toContain("namespaces · two-hosts");
    expect(plain(drawn)).toContain("no isolation · loopback");
  });

  it("says that hosts spoke IPv6", () => {
    const { lab, ...rest } = variantOf("close");
    const plan = { ...rest, lab: { ...lab, family: "ipv6" as const } };
    expect(plain(result([[plan, measured(closeTrial())]]))).toContain("namespaces · two-hosts, IPv6");
  });

  it("names no client and no server where there was none", () => {
    const nobody = { ...closeTrial(), clientName: "none", serverName: "none" };
    expect(plain(result([[variantOf("close"), measured(nobody)]]))).not.toMatch(/^.*two-hosts.*none/mu);
    expect(plain(result([[variantOf("close"), measured(nobody)]]))).not.toContain("server none");
  });

  it("draws both sides at the same scale", () => {
    const population = { client: (s: number) => 300 * s, server: (s: number) => 500 * s };
    const text = plain(result([[variantOf("race"), measured(keepAliveTrial({ population }))]]));
    expect(text).toContain("TIME_WAIT: server 5,000, client 3,000");
    expect(text.match(/ 5,000(?= |$)/gmu)).toHaveLength(2);
  });
});

const balanced = {
  name: "",
  left: { who: "the client", count: 1 },
  right: { who: "the server", count: 1 },
  difference: 0,
  balanced: true,
  reason: null,
};
