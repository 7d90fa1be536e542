import { expect, test } from "vitest";
import { importOf } from "../../src/handover/import.js";
import { Recording } from "../../src/handover/recording.js";
import { render } from "../../src/report/render.js";
import type { RunResult } from "../../src/result/types.js";
import type { Kept } from "../../src/watch/types.js";
import { keptOf } from "./kept.js";

const SECONDS = 10;

function recorded(readings: readonly Kept[], startedAt = "2026-01-01T00:00:00.000Z"): RunResult {
  const recording = new Recording("a pod");
  for (const kept of readings) recording.add(kept, { at: startedAt, everyMs: 1_000 });
  return recording.result(true)!;
}

const pod = (address: string, perSec: number, closesFirst = true): Kept[] =>
  keptOf({ address, peer: "10.0.0.9", perSec, seconds: SECONDS, closesFirst });

/** What both pods opened, accepted by one server. */
function server(closesFirstToFirst = false): Kept[] {
  const ends = [
    { peer: "10.0.0.1", perSec: 50, closesFirst: closesFirstToFirst },
    { peer: "10.0.0.2", perSec: 30, closesFirst: false },
  ].map((to) => keptOf({ address: "10.0.0.9", seconds: SECONDS, end: "to", ...to }));
  return ends[0]!.map(({ snapshot: one, source, costMs, addresses }, at) => {
    const other = ends[1]![at]!.snapshot;
    const opens = one.counters!["Tcp:PassiveOpens"]! + other.counters!["Tcp:PassiveOpens"]!;
    const both = [...one.ends!, ...other.ends!];
    const snapshot = Object.assign({}, one, { counters: { "Tcp:PassiveOpens": opens }, ends: both });
    return { source, costMs, addresses, snapshot };
  });
}

const SUMMARY = (requests: number): string =>
  `some log\n${JSON.stringify({
    metrics: {
      http_reqs: { values: { count: requests, rate: requests / 10 } },
      http_req_failed: { values: { passes: 2 } },
      http_req_duration: { values: { med: 1, "p(99)": 2 } },
    },
    state: { testRunDurationMs: 10_000 },
  })}`;

test("pods and their server become one result, a host each, its links held against both kernels", () => {
  const result = importOf(
    [
      { file: "pods/churn-1-abc.watch.json", of: recorded(pod("10.0.0.1", 50)) },
      { file: "pods/churn-2-def.json", of: recorded(pod("10.0.0.2", 30), "2026-01-01T00:00:00.500Z") },
      { file: "server.json", of: recorded(server()) },
    ],
    [
      { file: "1.log", of: SUMMARY(500) },
      { file: "2.log", of: SUMMARY(300) },
    ],
    null,
  );
  const trial = result.variants["watched"]!.trials[0]!;
  expect(Object.keys(trial.hosts!).toSorted()).toEqual(["churn-1-abc", "churn-2-def", "server"]);
  expect(trial.hosts!["server"]!.accepted).toBe(800);
  expect(trial.links!["churn-1-abc"]!["server"]).toMatchObject({ opened: 500, timeWait: { from: { created: 500 } } });
  expect(trial.links!["churn-2-def"]!["server"]).toMatchObject({ opened: 300, timeWait: { from: { created: 300 } } });
  expect(trial.timeWait).toMatchObject({ client: { created: 800 }, server: { created: 0 } });
  expect(trial.claims).toMatchObject({ requests: 800, failed: 4, succeeded: 796, latencyUs: null });
  expect(render([result], "markdown", { width: 100, color: false })).toContain("churn-2-def");
});

test("what is no recording, and what holds no summary, is refused by its name", () => {
  const { recording: _left, ...run } = recorded(pod("10.0.0.1", 5));
  expect(() => importOf([{ file: "run.json", of: run }], [], null)).toThrow(/run\.json is no recording/u);
  const one = { file: "a.json", of: recorded(pod("10.0.0.1", 5)) };
  expect(() => importOf([one], [{ file: "b.log", of: "nothing" }], null)).toThrow(/b\.log holds no summary/u);
});

test("two files of one name are two hosts", () => {
  const one = (file: string) => ({ file, of: recorded(pod("10.0.0.1", 5)) });
  const { variants } = importOf([one("a/pod.json"), one("b/pod.json")], [], null);
  expect(Object.keys(variants["watched"]!.trials[0]!.hosts!).toSorted()).toEqual(["pod", "pod-2"]);
});

test("of pods without their server none stands for it, whichever opened most", () => {
  // Pods of two machines may have one address.
  const pods = [10, 30].map((perSec, at) => ({ file: `pod-${at + 1}.json`, of: recorded(pod("10.0.0.1", perSec)) }));
  const { links, timeWait } = importOf(pods, [], null).variants["watched"]!.trials[0]!;
  expect(links).toMatchObject({
    "pod-1": { "10.0.0.9": { opened: 100, timeWait: { from: { created: 100 }, to: null } } },
    "pod-2": { "10.0.0.9": { opened: 300, timeWait: { from: { created: 300 }, to: null } } },
  });
  // What the server holds nobody knows: it is no 0.
  expect(timeWait).toMatchObject({ client: { created: 400 }, server: null });
  expect([Object.keys(links!["pod-1"]!), Object.keys(links!["pod-2"]!)]).toEqual([["10.0.0.9"], ["10.0.0.9"]]);
});

test("what two pods held one after the other was never there at once", () => {
  const first = { file: "first.json", of: recorded(pod("10.0.0.1", 50)) };
  const second = { file: "second.json", of: recorded(pod("10.0.0.2", 30), "2026-01-01T00:01:00.000Z") };
  const { timeWait, timeline } = importOf([first, second], [], null).variants["watched"]!.trials[0]!;
  expect(timeWait!.client).toEqual({ created: 800, peak: 600, end: 400 });
  expect([Math.max(...timeline.client!.time_wait), timeline.client!.time_wait.at(-1)]).toEqual([600, 400]);
});

test("who holds TIME_WAIT is told by the figures of the link that is named, whatever other pods do", () => {
  const files = [
    { file: "first.json", of: recorded(pod("10.0.0.1", 50, false)) },
    { file: "second.json", of: recorded(pod("10.0.0.2", 30)) },
    { file: "server.json", of: recorded(server(true)) },
  ];
  const { variants, findings } = importOf(files, [], null);
  expect(variants["watched"]!.trials[0]!.timeWait).toMatchObject({
    client: { created: 300 },
    server: { created: 500 },
  });
  const told = findings.map(({ text }) => text).join(" ");
  expect(told).toContain("Second holds TIME_WAIT towards the server: it sent the first FIN on every connection");
});
