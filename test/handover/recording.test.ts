import { expect, test } from "vitest";
import { compareResults } from "../../src/compare/compare.js";
import { Recording } from "../../src/handover/recording.js";
import { eventsOf } from "../../src/live/replay.js";
import { render } from "../../src/report/render.js";
import { faultOf } from "../../src/result/schema.js";
import type { RunResult } from "../../src/result/types.js";
import { keptOf } from "./kept.js";

const AT = { at: "2026-01-01T00:00:00.000Z", everyMs: 1_000 };

function recorded(readings: ReturnType<typeof keptOf>): RunResult {
  const recording = new Recording("this machine");
  for (const kept of readings) recording.add(kept, AT);
  return recording.result(true)!;
}

const CLIENT = { address: "10.0.0.1", peer: "10.0.0.9", perSec: 50 };

test.each([10, 90])("over %i s each connection and each TIME_WAIT is counted once, none from before", (seconds) => {
  const result = recorded(keptOf({ ...CLIENT, seconds }));
  const trial = result.variants["watched"]!.trials[0]!;
  expect(trial.connections.opened).toBe(50 * seconds);
  expect(trial.timeWait!.client.created).toBe(50 * seconds);
  expect(trial.links!["watched-host"]!["10.0.0.9"]).toMatchObject({ opened: 50 * seconds, port: 8080 });
  expect(trial.closedFirst!.client).toBeGreaterThan(0.9);
  expect(trial.requests).toEqual({ sent: null, succeeded: null, failed: null, perSec: null, served: null });
});

test("of a host that accepts, TIME_WAIT is the server's, and the timeline too", () => {
  const result = recorded(keptOf({ ...CLIENT, seconds: 10, end: "to" }));
  const { timeWait, timeline } = result.variants["watched"]!.trials[0]!;
  expect([timeWait!.client.created, timeWait!.server!.created]).toEqual([0, 500]);
  expect([Math.max(...timeline.client!.time_wait), Math.max(...timeline.server!.time_wait)]).toEqual([0, 600]);
});

test("it is a document like that of a run: read, reported, replayed, compared", () => {
  const [base, head] = [30, 60].map((perSec) => recorded(keptOf({ ...CLIENT, perSec, seconds: 10 })));
  // How many connections it has is what was seen, and no load that somebody chose.
  head!.scenario.variants[0]!.load.connections += 1;
  expect(faultOf(JSON.parse(JSON.stringify(base)))).toBeNull();
  const text = render([base!], "terminal", { width: 100, color: false });
  expect(text).toContain("Watched-host opened 300 connections, and closed first on all of them");
  expect(text).toContain("watched, not run by bench · 10 s");
  expect(text).not.toMatch(/your program|loopback|no isolation|2 connections/iu);
  expect(text).toMatch(/TIME_WAIT client created +300/u);
  expect([...eventsOf(base!)].length).toBeGreaterThan(10);
  const of = (result: RunResult, label: string) => ({ label, result });
  const compared = compareResults(of(base!, "base"), of(head!, "head"), { only: null, gates: [] });
  expect(JSON.stringify(compared)).toContain('"same"');
});

test("one reading is no recording, and one from outside of a namespace is refused", () => {
  const recording = new Recording("this machine");
  recording.add(keptOf({ ...CLIENT, seconds: 1 })[0], AT);
  expect(recording.result(true)).toBeNull();
  expect(() => recording.add(undefined, AT)).toThrow(/too little for a recording/u);
});

test("of a host that calls itself over loopback both ends are told of one link, and nothing of requests", () => {
  const made = keptOf({ address: "127.0.0.1", peer: "127.0.0.1", perSec: 30, seconds: 10 });
  const accepted = keptOf({ address: "127.0.0.1", peer: "127.0.0.1", perSec: 10, seconds: 10, end: "to" });
  const both = made.map(({ snapshot, ...rest }, at) => {
    const other = accepted[at]!.snapshot;
    const counters = { ...snapshot.counters, ...other.counters, "Tcp:ActiveOpens": 100 + 40 * at };
    Object.assign(counters, { "Tcp:PassiveOpens": 100 + 40 * at, "TcpExt:TW": 200 + 40 * at });
    const ends = [...snapshot.ends!, ...other.ends!];
    return Object.assign(rest, { snapshot: Object.assign({}, snapshot, { counters, ends }) });
  });
  const result = recorded(both);
  const trial = result.variants["watched"]!.trials[0]!;
  expect(Object.keys(trial.links!["watched-host"]!)).toEqual(["watched-host"]);
  expect(trial.closedFirst).toMatchObject({ client: 0.75, server: 0.25 });
  expect(trial.connections.requestsPer).toBeNull();
  const told = result.findings.map(({ text }) => text).join(" ");
  expect(told).toContain("on watched-host as the server, 300 on watched-host as the client");
});
