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

/** A host that calls itself over loopback: so many a second end in TIME_WAIT where they were made, and where accepted. */
function toItself({ made, accepted }: { made: number; accepted: number }): ReturnType<typeof keptOf> {
  const own = { address: "127.0.0.1", peer: "127.0.0.1", seconds: 10 };
  const others = keptOf({ ...own, perSec: accepted, end: "to" });
  return keptOf({ ...own, perSec: made, closesFirst: made > 0 }).map(({ snapshot, ...rest }, at) => {
    const { counters, ends } = others[at]!.snapshot;
    const opened = 100 + (made + accepted) * at;
    const total = { "Tcp:ActiveOpens": opened, "Tcp:PassiveOpens": opened, "TcpExt:TW": 100 + opened };
    const all = { counters: { ...counters, ...total }, ends: [...snapshot.ends!, ...ends!] };
    return Object.assign(rest, { snapshot: Object.assign({}, snapshot, all) });
  });
}

test("of a host that calls itself over loopback both ends are told of one link, and nothing of requests", () => {
  const result = recorded(toItself({ made: 30, accepted: 10 }));
  const trial = result.variants["watched"]!.trials[0]!;
  expect(Object.keys(trial.links!["watched-host"]!)).toEqual(["watched-host"]);
  expect(trial.closedFirst).toMatchObject({ client: 0.75, server: 0.25 });
  expect(trial.connections.requestsPer).toBeNull();
  const told = result.findings.map(({ text }) => text).join(" ");
  expect(told).toContain("on watched-host as the server, 300 on watched-host as the client");
});

test("a host that calls itself is not told to leave the closing to itself: as the server", () => {
  const told = recorded(toItself({ made: 0, accepted: 10 })).findings.map(({ text }) => text);
  expect(told.join(" ")).toContain("left it to watched-host as the server to close all of them first");
});
