import { describe, expect, it, test } from "vitest";
import { compareResults, compareSides } from "../../src/compare/compare.js";
import { isUnclear } from "../../src/compare/summary.js";
import type { Comparison, MetricComparison } from "../../src/compare/types.js";
import type { RunResult } from "../../src/result/types.js";
import { parseGate } from "../../src/scenario/expect/gate.js";
import type { Gate } from "../../src/scenario/types.js";
import { connectionsPerRequest, resultOf, slower } from "./fixture.js";

const against = (base: RunResult, head: RunResult, gates: readonly string[] = []): Comparison =>
  compareResults(
    { label: "base", result: base },
    { label: "head", result: head },
    { only: null, gates: gates.map(gateOf) },
  );

function gateOf(text: string): Gate {
  const parsed = parseGate(text, null);
  if (!parsed.ok) throw new Error(parsed.faults[0].message);
  return parsed.gate;
}

function metric(of: Comparison, name: string): MetricComparison {
  return of.variants[0]!.metrics.find((one) => one.metric === name)!;
}

const elsewhere = (of: RunResult): RunResult => ({ ...of, environment: { ...of.environment, cpu: "another" } });
const later = (of: RunResult): RunResult => ({ ...of, startedAt: "2026-11-21T04:00:00.000Z" });

describe("what connections do", () => {
  const base = resultOf({ service: { of: "keepAlive" } });

  it("is the same when nothing changed, on another machine too", () => {
    const same = against(base, resultOf({ service: { of: "keepAlive" } }));
    expect(same).toMatchObject({ verdict: "same", gates: [] });
    expect(against(base, elsewhere(base)).summary).toMatch(/^same: .*timing is advice/u);
  });

  it("is worse with a connection for each request, in plain words, with one trial and on another machine", () => {
    const head = resultOf({ service: { of: "keepAlive", trials: 1, change: connectionsPerRequest(1) } });
    const told = against(base, elsewhere(head));
    expect(told.verdict).toBe("worse");
    expect(told.summary).toMatch(/^worse: opens 1\.00 connections per request, base 0\.0002/u);
    expect(metric(told, "timeWait.server.createdPerRequest").verdict).toBe("worse");
    expect(metric(told, "timeWait.client.createdPerRequest").verdict).toBe("same");
    expect(metric(told, "closedFirst.server")).toMatchObject({ judged: false });
  });

  it.each([0.1, 0.01])("is worse where every so manieth request makes a connection: %f", (perRequest) => {
    const head = resultOf({ service: { of: "keepAlive", change: connectionsPerRequest(perRequest) } });
    expect(against(base, head).verdict).toBe("worse");
    expect(against(head, base).verdict).toBe("better");
  });

  it("does not depend on how many requests the same connections carried", () => {
    const head = resultOf({
      service: {
        of: "keepAlive",
        change: (trial) => {
          trial.requests = { sent: 9000, succeeded: 9000, failed: 0, perSec: 900, served: null };
          trial.connections.requestsPer = 180;
        },
      },
    });
    const told = against(base, later(elsewhere(head)));
    expect(metric(told, "connections.perRequest")).toMatchObject({ verdict: "same" });
    expect(told.verdict).toBe("same");
  });

  it("counts errors by kind, however seldom base has them", () => {
    const failing = (count: number): RunResult =>
      resultOf({ service: { change: (trial) => (trial.errors = count === 0 ? {} : { ECONNRESET: count }) } });
    expect(metric(against(failing(0), failing(500)), "errors.ECONNRESET")).toMatchObject({ base: 0, verdict: "worse" });
    expect(metric(against(failing(500), failing(0)), "errors.ECONNRESET").verdict).toBe("better");
    // Three of 84,120.
    expect(metric(against(failing(0), failing(3)), "errors.ECONNRESET").verdict).toBe("same");
  });

  it("is unclear where one side could not tell", () => {
    const blind = resultOf({ service: { of: "keepAlive", change: (trial) => (trial.timeWait = null) } });
    expect(metric(against(base, blind), "timeWait.server.createdPerRequest")).toMatchObject({
      verdict: "unclear",
      reason: "not measured in head",
    });
    expect(against(blind, blind).variants[0]!.metrics.map((one) => one.metric)).not.toContain(
      "timeWait.server.createdPerRequest",
    );
  });
});

describe("how fast it went", () => {
  const base = resultOf({ service: { change: slower(1) } });
  const slow = resultOf({ service: { change: slower(1.2, 1) } });

  it("is worse, or better, by 20 % in turns on one machine, each metric in its direction", () => {
    const told = against(base, slow);
    expect(told).toMatchObject({ verdict: "worse", pairing: "one-run" });
    for (const name of ["requests.perSec", "latencyUs.p50", "latencyUs.p99", "cpu.server.usPerRequest"])
      expect(metric(told, name)).toMatchObject({ metric: name, verdict: "worse", judged: true });
    expect(metric(told, "requests.perSec").ratio).toBeCloseTo(1 / 1.2, 1);
    expect(against(slow, base).verdict).toBe("better");
  });

  it("is the same when it is slower by 2 %: less than counts", () => {
    const told = against(base, resultOf({ service: { change: slower(1.02, 0) } }));
    expect(metric(told, "requests.perSec").verdict).toBe("same");
    expect(told.verdict).toBe("same");
  });

  it("is advice on another machine, and says what differs", () => {
    const told = against(base, elsewhere(slow));
    expect(told).toMatchObject({
      verdict: "same",
      pairing: "other-machine",
      differences: [expect.stringMatching(/another/u)],
    });
    expect(metric(told, "requests.perSec")).toMatchObject({ verdict: "worse", judged: false });
  });

  it.each([
    ["kernel", "9.9"],
    ["cores", 64],
    ["memoryBytes", 1e9],
    ["node", "v99"],
    ["isolation", "none"],
  ])("holds another %s for another machine", (field, value) => {
    const other = { ...slow, environment: { ...slow.environment, [field]: value } };
    expect(against(base, other).pairing).toBe("other-machine");
  });

  it("has to differ by more than trials among themselves when one result was made after the other", () => {
    const restless = (salt: number, factor: number): RunResult =>
      resultOf({ service: { change: slower(factor, salt, 0.15) } });
    expect(against(restless(0, 1), restless(0, 1.2)).verdict).toBe("worse");
    const told = against(restless(0, 1), later(restless(0, 1.2)));
    expect(told.pairing).toBe("one-machine");
    expect(metric(told, "requests.perSec")).toMatchObject({ verdict: "unclear" });
    expect(told.notes.join()).toMatch(/one after the other/u);
    expect(against(base, later(slow)).verdict).toBe("worse");
  });

  it("is advice between two results of which one was measured while the machine was busy otherwise", () => {
    const warnings = [{ code: "sampler-late", message: "late", variant: "service", trial: 1 }];
    const told = against(base, later({ ...slow, warnings }));
    expect(told).toMatchObject({ verdict: "same", pairing: "one-machine" });
    expect(told.summary).toMatch(/timing is advice: the machine was busy otherwise/u);
    expect(told.notes.join()).toMatch(/so busy with other things in head/u);
    expect(metric(told, "requests.perSec")).toMatchObject({ verdict: "worse", judged: false });
    // In turns both sides had the same neighbours.
    expect(against(base, { ...slow, warnings }).verdict).toBe("worse");
  });

  it("takes one step of the clock for no change", () => {
    const connecting = (us: number): RunResult =>
      resultOf({ service: { change: (trial) => (trial.connectUs!.p50 = us) } });
    expect(metric(against(connecting(15), connecting(16)), "connectUs.p50").verdict).toBe("unclear");
    expect(metric(against(connecting(15), connecting(18)), "connectUs.p50").verdict).toBe("worse");
    expect(metric(against(connecting(150), connecting(160)), "connectUs.p50").verdict).toBe("worse");
  });

  it("takes one tick of the kernel's CPU times for no change, however short the trials are", () => {
    const using = (userMs: number, sent: number): RunResult =>
      resultOf({
        service: {
          change: (trial) => {
            trial.requests = { sent, succeeded: sent, failed: 0, perSec: 100, served: null };
            trial.cpu.server = { userMs, systemMs: 0, waitMs: 0 };
          },
        },
      });
    const told = (before: number, after: number): string =>
      metric(against(using(before, 1000), using(after, 1000)), "cpu.server.usPerRequest").verdict;
    expect(told(40, 50)).toBe("unclear");
    expect(told(40, 60)).toBe("worse");
    expect(told(400, 500)).toBe("worse");
  });

  it.each([1, 3, 4])("is unclear with %i trials, and that alone is no failure", (trials) => {
    const few = (factor: number): RunResult => resultOf({ service: { trials, change: slower(factor) } });
    const told = against(few(1), few(1.5));
    expect(told.verdict).toBe("unclear");
    expect(isUnclear(told)).toBe(true);
    expect(metric(told, "requests.perSec").reason).toMatch(/too few to tell/u);
  });

  it("says how many trials it takes where all agree and are too few", () => {
    const six = (factor: number): RunResult => resultOf({ service: { trials: 6, change: slower(factor) } });
    const told = metric(against(six(1), six(1.5)), "requests.perSec");
    expect(told).toMatchObject({ verdict: "unclear" });
    expect(told.reason).toMatch(/6 pairs are too few to rule out chance in 6 metrics: --trials 10$/u);
  });

  it("is unclear where one side alone waited for a processor; its CPU time is judged all the same", () => {
    const waiting = (factor: number, waitMs: number): RunResult =>
      resultOf({
        service: {
          change: (trial, i) => {
            slower(factor)(trial, i);
            trial.cpu.client!.waitMs = waitMs;
          },
        },
      });
    const told = against(waiting(1, 100), waiting(1.5, 20_000));
    expect(metric(told, "requests.perSec")).toMatchObject({ verdict: "unclear" });
    expect(metric(told, "requests.perSec").reason).toMatch(
      /^in head the client waited for a processor \d+ % of the time/u,
    );
    expect(metric(told, "latencyUs.p50").verdict).toBe("unclear");
    expect(metric(told, "cpu.client.usPerRequest").verdict).toBe("worse");
    // Both alike: the pairs take it out.
    expect(metric(against(waiting(1, 20_000), waiting(1.5, 20_000)), "requests.perSec").verdict).toBe("worse");
    // Too little to matter.
    expect(metric(against(waiting(1, 100), waiting(1.5, 900)), "requests.perSec").verdict).toBe("worse");
  });

  it("is unclear where a trial shows zero", () => {
    const none = resultOf({ service: { change: (trial, i) => (trial.requests.perSec = i === 3 ? 0 : 100) } });
    expect(metric(against(base, none), "requests.perSec")).toMatchObject({
      verdict: "unclear",
      ratio: null,
      interval: null,
    });
  });

  it("holds no trial against more than one", () => {
    const told = against(base, resultOf({ service: { trials: 7, change: slower(1, 1) } }));
    expect(told.notes.join()).toMatch(/base has 10 trials, head 7/u);
  });
});

describe("gates", () => {
  const base = resultOf({ service: { of: "keepAlive", change: slower(1) } });
  const churning = resultOf({ service: { of: "keepAlive", change: connectionsPerRequest(1) } });

  it("break, and say with what", () => {
    const told = against(base, churning, ["connections.requestsPer >= 0.9 * base", "errors.ECONNRESET == 0"]);
    expect(told.verdict).toBe("worse");
    expect(told.summary).toBe(
      "worse: opens 1.00 connections per request, base 0.0002; the gate connections.requestsPer >= 0.9 * base does not hold",
    );
    expect(against(base, churning, ["latencyUs.p90 < 5"]).summary).toMatch(
      /^worse: latencyUs\.p90 < 5 does not hold: it is/u,
    );
    expect(told.gates).toMatchObject([
      { outcome: "breaks", measured: 1, against: 3951 },
      { outcome: "holds", measured: 0, against: 0 },
    ]);
  });

  it("alone decide where there are some", () => {
    const told = against(base, churning, ["errors.ECONNRESET == 0"]);
    expect(told.verdict).toBe("same");
    expect(told.summary).toMatch(/^holds: the gate; worse, and no gate is about it: opens 1\.00/u);
    expect(isUnclear(told)).toBe(false);
  });

  it.each([
    ["timeWait.server.created <= base", "breaks"],
    ["timeWait.client.created <= base", "holds"],
    ["connections.perRequest <= 1.1 * base", "breaks"],
    ["connections.perRequest not worse", "breaks"],
    ["errors.EPIPE not worse", "holds"],
    ["service.latencyUs.p90 <= base", "holds"],
    ["latencyUs.p50 > 1", "holds"],
    ["latencyUs.p50 != base", "breaks"],
    ["latencyUs.p50 < base", "breaks"],
    ["latencyUs.p50 == base", "holds"],
  ])("%s: %s", (gate, outcome) => {
    const flat = resultOf({ service: { of: "keepAlive" } });
    expect(against(flat, churning, [gate]).gates[0]!.outcome).toBe(outcome);
  });

  it("on timing are unclear where timing is", () => {
    const few = resultOf({ service: { trials: 2 } });
    const told = against(few, few, ["latencyUs.p99 not worse"]);
    expect(told).toMatchObject({ verdict: "unclear", gates: [{ outcome: "unclear" }] });
    expect(isUnclear(told)).toBe(true);
    expect(against(base, elsewhere(base), ["latencyUs.p99 not worse"]).gates[0]!.outcome).toBe("unclear");
  });

  it.each(["other.requests.perSec >= base", "firstByteUs.p50 <= base", "pace.unsent == 0", "connectUs.p50 not worse"])(
    "about what is not there are refused: %s",
    (gate) => {
      const blind = resultOf({ service: { change: (trial) => (trial.connectUs = null) } });
      expect(() => against(blind, blind, [gate])).toThrow(expect.objectContaining({ code: "bad-gate", exitCode: 2 }));
    },
  );
});

describe("two sides of one run", () => {
  const run = resultOf({
    "close-base": {},
    "close-head": {},
    "alive-base": { of: "keepAlive" },
    "alive-head": { of: "keepAlive", change: connectionsPerRequest(1) },
    base: {},
    head: {},
  });
  const sides = (only: readonly string[] | null = null): Comparison =>
    compareSides({ label: "run", result: run }, ["base", "head"], { only, gates: [] });

  it("are found by their names", () => {
    expect(sides().variants.map(({ name }) => name)).toEqual(["close", "alive", "head"]);
    expect(sides()).toMatchObject({ verdict: "worse", pairing: "one-run" });
    expect(sides().summary).toMatch(/^worse: opens 1\.00 connections per request, base 0\.0002 \(alive\)/u);
    expect(sides(["close"])).toMatchObject({ verdict: "same" });
  });

  it("are refused when they are not there", () => {
    expect(() => compareSides({ label: "run", result: run }, ["old", "new"], { only: null, gates: [] })).toThrow(
      expect.objectContaining({ code: "not-comparable" }),
    );
  });
});

test.each<[string, RunResult, RunResult]>([
  [
    "two scenarios",
    resultOf({ a: {} }),
    { ...resultOf({ a: {} }), scenario: { ...resultOf({ a: {} }).scenario, name: "x" } },
  ],
  ["no variant in common", resultOf({ a: {} }), resultOf({ b: {} })],
  ["no trials", resultOf({ a: {} }), resultOf({ a: { trials: 0 } })],
  ["no complete trial", resultOf({ a: { change: (trial) => (trial.status = "interrupted") } }), resultOf({ a: {} })],
  ["a base that failed", resultOf({ a: {} }, { status: "failed" }), resultOf({ a: {} })],
  ["a head that was interrupted", resultOf({ a: {} }), resultOf({ a: {} }, { status: "interrupted" })],
  ["another load", resultOf({ a: {} }), resultOf({ a: { load: { connections: 7 } } })],
  ["another client", resultOf({ a: {} }), resultOf({ a: { load: { client: "autocannon" } } })],
])("%s cannot be compared", (_what, base, head) => {
  expect(() => against(base, head)).toThrow(expect.objectContaining({ code: "not-comparable", exitCode: 2 }));
});

test("a variant that only one side has is told, and the others are compared", () => {
  const told = against(resultOf({ a: {}, b: {} }), resultOf({ b: {}, c: {} }));
  expect(told.variants.map(({ name }) => name)).toEqual(["b"]);
  expect(told.notes).toEqual(["only base has a: not compared", "only head has c: not compared"]);
});

test("a comparison is a document: the same when it is made again, and through JSON", () => {
  const [base, head] = [resultOf({ a: { change: slower(1) } }), resultOf({ a: { change: slower(1.1, 2) } })];
  const told = against(base, head);
  expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  expect(against(base, head)).toEqual(told);
});
