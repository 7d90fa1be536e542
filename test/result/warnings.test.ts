import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Measurement } from "../../src/result/measurement.js";
import { trialOf } from "../../src/result/trial.js";
import { warningsOf, isolationWarnings, sysctlWarnings } from "../../src/result/warnings.js";
import { FINDING_CODES } from "../../src/findings/codes.js";
import { FINDINGS_TODAY, WARNINGS, warning, warningsAsMarkdown } from "../../src/warnings/table.js";
import { BenchError } from "../../src/errors.js";
import {
  gaugeAt,
  measurementOf,
  paceOf,
  reportOf,
  hostOf,
  sharedMeasurement,
  snapshotOf,
  tableAt,
  variantOf,
} from "./fixture.js";

const seen = new Set<string>();

function told<Warnings extends { code: string; figures: object }[]>(warnings: Warnings): Warnings {
  for (const { code } of warnings) seen.add(code);
  return warnings;
}

const codes = (measurement: Measurement): string[] =>
  told(warningsOf(measurement, trialOf(measurement))).map(({ code }) => code);

test("a trial in balance has no warning", () => {
  expect(codes(measurementOf())).toEqual([]);
});

test("a client that fills a core is told", () => {
  const measurement = measurementOf();
  measurement.hosts.client.after = snapshotOf({ "Tcp:ActiveOpens": 100 }, 0, 990, 2_000);
  expect(codes(measurement)).toEqual(["client-cpu-bound"]);
  // Of two that it can use it was half.
  expect(codes({ ...measurement, report: reportOf({ threads: 2 }) })).toEqual([]);
  // A load too short for the kernel's ticks says nothing of that.
  expect(codes({ ...measurement, report: reportOf({ endedAtMs: 1_500 }) })).toEqual([]);
});

test("a rate that was not kept is told, with what was achieved; a request or two at the very end are not", () => {
  const paced = (unsent: number): Measurement =>
    measurementOf({
      variant: variantOf({ pace: paceOf(100 + unsent) }),
      report: reportOf({ pace: { unsent, uncorrectedHistogram: null } }),
    });
  expect(codes(paced(0))).toEqual([]);
  expect(codes(paced(1))).toEqual([]);
  expect(codes(paced(2))).toEqual(["rate-not-kept"]);
  const [found] = warningsOf(paced(50), trialOf(paced(50)));
  expect(found?.message).toMatch(
    /^50 of the 150 requests that were due were never sent, because all 10 connections were busy; 100 a second/u,
  );
});

test("a sampler that missed readings is told, one that was a little late is not", () => {
  const late = measurementOf();
  late.hosts.server.samples = [gaugeAt(1_000, 0), gaugeAt(1_050, 0), gaugeAt(1_900, 0), gaugeAt(1_950, 0)];
  expect(codes(late)).toEqual(["sampler-late"]);
  const jittery = measurementOf();
  jittery.hosts.server.samples = [gaugeAt(1_000, 0), gaugeAt(1_070, 0), gaugeAt(1_100, 0), gaugeAt(1_155, 0)];
  expect(codes(jittery)).toEqual([]);
});

test("failed readings and unbalanced books are told", () => {
  const measurement = measurementOf({ samplerFaults: ["/proc/net/tcp ends inside line 3"] });
  measurement.hosts.server.after = snapshotOf({ "Tcp:PassiveOpens": 98, "TcpExt:TW": 100 }, 100);
  expect(codes(measurement)).toEqual(["sampler-fault", "books-unbalanced"]);
});

test("a shared host is told, in the way that it is isolated", () => {
  const samples = [tableAt(1_100, 0, 100)];
  expect(codes(sharedMeasurement(samples))).toEqual(["sides-by-client"]);
  expect(codes(sharedMeasurement(samples, { isolation: "none" }))).toEqual(["counted-by-client"]);
});

test("TIME_WAIT from before the load is told: only a machine without a lab has any", () => {
  const samples = [tableAt(900, 2, 5), tableAt(1_100, 2, 100)];
  const measurement = sharedMeasurement(samples, { isolation: "none" });
  const found = told(warningsOf(measurement, trialOf(measurement))).find(({ code }) => code === "time-wait-before");
  expect(found?.message).toMatch(/^7 sockets/);
  expect(codes(sharedMeasurement([tableAt(1_100, 2, 5)], { isolation: "none" }))).not.toContain("time-wait-before");
});

test("a missing lab is told with its reason", () => {
  const lack = new BenchError("isolation-not-permitted", "network namespaces are not permitted here: EPERM", "");
  expect(told(isolationWarnings({ isolation: "namespace", lack: null }))).toEqual([]);
  expect(told(isolationWarnings({ isolation: "none", lack }))[0]?.message).toMatch(
    /not permitted here: EPERM; .*not comparable/,
  );
  expect(told(isolationWarnings({ isolation: "none", lack: null }))[0]?.code).toBe("no-isolation");
});

test("only sysctls that the machine has otherwise are told as not set", () => {
  const variant = variantOf();
  variant.lab.sysctl.client = { "net.ipv4.tcp_tw_reuse": "1", "net.ipv4.ip_local_port_range": "32768\t60999" };
  const client = hostOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "2", "net.ipv4.ip_local_port_range": "32768 60999" },
  });
  const hosts = { client };
  const [found] = told(sysctlWarnings(measurementOf({ variant, hosts, isolation: "none" })));
  expect(found?.message).toContain("net.ipv4.tcp_tw_reuse is 2, not 1");
  expect(found?.message).not.toContain("port_range");
  expect(told(sysctlWarnings(measurementOf({ variant, hosts })))).toEqual([]);
});

test("a counter that does not count entries, and sockets that stay half closed, are told", () => {
  const uncalibrated = measurementOf();
  uncalibrated.hosts.server.calibration = { known: 1, counted: 0, left: 0 };
  expect(codes(uncalibrated)).toContain("counter-not-calibrated");
  const half = measurementOf();
  const table = tableAt(1_050, 0, 0);
  table.sides.server.fin_wait2 = 50;
  half.hosts.server.samples = [...half.hosts.server.samples, table];
  expect(codes(half)).toContain("half-closed");
});

test("a load generator whose summary cannot be read is told; one's own program, which writes none, is not", () => {
  const ended = { command: "wrk", exitCode: 0, signal: null, stopped: null, output: "", cut: false, claims: null };
  const program = { ...ended, unreadable: "wrk 4.1.0 wrote no summary that can be read" };
  expect(codes(measurementOf({ report: reportOf({ program }) }))).toContain("program-unreadable");
  const own = reportOf({ program: { ...ended, unreadable: null } });
  expect(codes(measurementOf({ report: own }))).not.toContain("program-unreadable");
});

test("each warning says what its figures say, and every one in the table can come up", () => {
  expect([...seen].toSorted()).toEqual(Object.keys(WARNINGS).toSorted());
  expect(warning("half-closed", { role: "server" })).toEqual({
    code: "half-closed",
    figures: { role: "server" },
    message: expect.stringMatching(/^sockets on the server/u),
  });
});

test("what a finding tells is no warning: what fails or stands out is no doubt about a figure", () => {
  expect(Object.keys(WARNINGS).filter((code) => FINDING_CODES.some((one) => one === code))).toEqual([]);
  expect(Object.keys(FINDINGS_TODAY).filter((code) => Object.hasOwn(WARNINGS, code))).toEqual([]);
});

test("results/README.md lists every warning as the table says it", () => {
  const readme = readFileSync(new URL("../../results/README.md", import.meta.url), "utf8");
  const plain = (text: string): string => text.replaceAll(/ {2,}/gu, " ").replaceAll(/-{3,}/gu, "---");
  expect(plain(readme)).toContain(plain(warningsAsMarkdown()));
});
