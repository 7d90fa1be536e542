import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/findings/types.js";
import { findingsOf } from "../../src/findings/findings.js";
import type { RunEvent } from "../../src/events/types.js";
import { LiveModel } from "../../src/live/model.js";
import { eventsOf } from "../../src/live/replay.js";
import { pointsOf } from "../../src/live/curve.js";
import { timeWaitOf } from "../../src/live/trial.js";
import type { LiveRun, LiveTrial } from "../../src/live/types.js";
import { panelsOf } from "../../src/screen/panels.js";
import { readResult, resultsOf } from "../../src/result/file.js";
import type { RunResult, Trial } from "../../src/result/types.js";
import { ROLES } from "../../src/scenario/types.js";
import { specimens } from "../page/specimens.js";

const ALL = specimens();
const SAVED: [name: string, result: RunResult][] = [
  ...Object.entries(ALL),
  ...(await Promise.all(
    ["results/sample.json", "results/baseline.json", "test/fixtures/compare/closes-each.json"].map(
      async (file): Promise<[string, RunResult]> => [file, resultsOf(await readResult(file))[0]!],
    ),
  )),
];

function heard(events: Iterable<RunEvent>): LiveRun {
  const model = new LiveModel();
  for (const event of events) model.heard(event);
  expect(model.state.runs).toHaveLength(1);
  return model.state.runs[0]!;
}

function newest({ variants }: LiveRun, name: string): { trial: LiveTrial; number: number } | null {
  const { trial } = variants.find((variant) => variant.name === name)!;
  return trial === null ? null : { trial, number: trial.trial };
}

function rounded(values: readonly number[]): number[] {
  return values.map((value) => Math.round(value * 10) / 10);
}

describe.each(SAVED)("the events of the result %s", (file, result) => {
  test("tell of no trouble on the way that the result does not tell of", () => {
    const troubles = ({ findings }: { findings: readonly Finding[] }): string[] =>
      findings.filter(({ severity }) => severity !== "fact").map(({ code, variant }) => `${variant}: ${code}`);
    const inTheEnd = troubles({ findings: findingsOf(result) });
    // Its figures are of version 1: what is missing there is no trouble.
    if (file === "results/sample.json") expect(inTheEnd).toEqual([]);
    for (const event of eventsOf(result))
      if (event.type === "trial-done") expect(inTheEnd).toEqual(expect.arrayContaining(troubles(event.soFar)));
  });

  const plain = ({ name }: { name: string }): boolean =>
    result.scenario.variants.find((variant) => variant.name === name)!.phases.length === 0;

  const events = [...eventsOf(result)];
  const untilOver = events.filter(({ type }) => type !== "trial-done" && type !== "run-done");

  test("come in the order of time, each trial between its begin and its end", () => {
    expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    const trials = Object.values(result.variants).flatMap((variant) => variant.trials);
    const told = events.filter(({ type }) => type !== "warning" && type !== "sample" && type !== "progress");
    expect([told[0]!.type, told.at(-1)!.type]).toEqual(["run", "run-done"]);
    expect(told.filter(({ type }) => type === "trial")).toHaveLength(trials.length);
    const done = told.flatMap((event) => (event.type === "trial-done" ? [event.figures.order] : []));
    expect(done).toEqual(trials.map(({ order }) => order).toSorted((a, b) => a - b));
  });

  test("make the lines and the figures of the saved columns while a trial goes on, and the saved ones at its end", () => {
    const going = heard(untilOver);
    const over = heard(events);
    for (const variant of result.scenario.variants) {
      for (const run of [going, over]) {
        const live = newest(run, variant.name);
        const saved = result.variants[variant.name]!.trials.at(-1);
        expect(live === null).toBe(saved === undefined);
        if (live === null || saved === undefined || !plain(variant)) continue;
        expectLines(live.trial, saved);
        expectFigures(live.trial, saved);
      }
    }
    expect(over).toMatchObject({
      status: result.status,
      findings: result.findings,
      warnings: result.warnings,
      now: null,
    });
    expect(over.result).toBe(result);
    expect(going.result).toBeNull();
  });
});

function expectLines(trial: LiveTrial, { timeline }: Trial): void {
  const zero = trial.zeroAtMs ?? 0;
  for (const role of ROLES) {
    const { atMs, values } = pointsOf(timeWaitOf(trial, role));
    expect(values).toEqual(timeline[role]?.time_wait ?? []);
    expect(rounded(atMs.map((ms) => ms - zero))).toEqual(rounded(timeline[role]?.atMs ?? []));
  }
  for (const host of trial.hosts) {
    const saved = timeline.others?.[host.name];
    if (saved !== undefined) expect(pointsOf(host.timeWaits).values).toEqual(saved.time_wait);
  }
  const load = trial.loads.at(-1);
  const { perSec, p50Us, p99Us } = timeline.load;
  expect(load === undefined ? [] : pointsOf(load.rate).values).toEqual(perSec);
  expect(load === undefined ? [] : pointsOf(load.p50Us).values).toEqual(p50Us);
  expect(load === undefined ? [] : pointsOf(load.p99Us).values).toEqual(p99Us);
}

function expectFigures(trial: LiveTrial, { requests, connections, timeline }: Trial): void {
  const load = trial.loads.at(-1);
  if (load !== undefined)
    expect(load).toMatchObject({
      succeeded: requests.succeeded,
      failed: requests.failed,
      connections: connections.opened,
    });
  for (const role of ROLES) {
    const column = timeline[role]?.time_wait ?? [];
    expect(timeWaitOf(trial, role).most).toBe(column.length === 0 ? null : Math.max(...column));
  }
}

test("links are seen with their ports while a trial goes on, and are those of the result at its end", () => {
  const result = ALL["chain"]!;
  const seen = (run: LiveRun): object[] =>
    newest(run, "churn")!.trial.links.map(({ from, to, ports, limit }) => ({ from, to, most: ports?.most, limit }));
  const events = [...eventsOf(result)];
  const going = heard(events.filter(({ type }) => type !== "trial-done" && type !== "run-done"));
  expect(seen(going)).toEqual([
    { from: "client", to: "server", most: expect.any(Number), limit: 28_232 },
    // The backend has no other link. Of the server, which has two, the document does not tell them apart.
    { from: "server", to: "backend", most: undefined, limit: null },
  ]);
  expect(seen(heard(events))).toEqual([
    { from: "client", to: "server", most: 14_116, limit: 28_232 },
    { from: "server", to: "backend", most: 28_100, limit: 28_232 },
  ]);
});

test("steps come when they were taken, with what they found, and the last load tells how it goes", () => {
  const plain = ALL["plain"]!;
  const [variant] = plain.scenario.variants;
  const [trial] = plain.variants[variant!.name]!.trials;
  const phases = [
    { name: "look", do: "read", on: "server" },
    { name: "again", do: "load", on: "client", to: "server", load: variant!.load },
  ];
  const steps = [
    { step: "look", does: "read", beganMs: -40, endedMs: -10, fault: null },
    { step: "again", does: "load", beganMs: -10, endedMs: trial!.durationMs, fault: null },
    { step: "cut", does: "wait", beganMs: trial!.durationMs, endedMs: null, fault: null },
  ];
  const result = {
    ...plain,
    scenario: { ...plain.scenario, variants: [{ ...variant!, phases }] },
    variants: {
      [variant!.name]: { ...plain.variants[variant!.name]!, trials: [{ ...trial!, steps, figures: { "look.TW": 7 } }] },
    },
  } as unknown as RunResult;
  const events = [...eventsOf(result)];
  const told = events.flatMap((event) => (event.type === "step" ? [[event.step, event.state]] : []));
  expect(told).toEqual([
    ["look", "begun"],
    ["look", "ended"],
    ["again", "begun"],
    ["again", "ended"],
    ["cut", "begun"],
  ]);
  expect(events.find((event) => event.type === "step" && event.state === "ended")).toMatchObject({
    tookMs: 30,
    figures: { TW: 7 },
  });
  const live = newest(heard(events), variant!.name)!.trial;
  expect(live.loads.at(-1)).toMatchObject({ step: "again" });
  expect(pointsOf(live.loads.at(-1)!.rate).values).toEqual(trial!.timeline.load.perSec);
});

test("expectations are open until each variant of theirs was measured, then judged, and at the end the result's", () => {
  const result = ALL["plain"]!;
  const states: string[] = [];
  const model = new LiveModel();
  for (const event of eventsOf(result)) {
    model.heard(event);
    const { expectations } = model.state.runs[0]!;
    const now = expectations.map(({ holds }) => (holds === null ? "?" : holds ? "y" : "n")).join("");
    if (states.at(-1) !== now) states.push(now);
  }
  expect(states[0]).toMatch(/^\?+$/u);
  expect(states.at(-1)).not.toContain("?");
  expect(model.state.runs[0]!.expectations).toEqual(result.expectations);
});

test("to replay twice as many trials looks twice as often at trials, not four times: findings are made when somebody looks", () => {
  const { short } = ALL as { short: RunResult };
  const [name] = Object.keys(short.variants);
  const looks = (many: number): number => {
    let count = 0;
    const [trial] = short.variants[name!]!.trials;
    const trials = Array.from({ length: many }, (_, order) =>
      Object.defineProperty({ ...trial!, order }, "requests", {
        get() {
          count++;
          return trial!.requests;
        },
      }),
    );
    const result = { ...short, variants: { [name!]: { ...short.variants[name!]!, trials } } };
    const model = new LiveModel();
    for (const event of eventsOf(result)) model.heard(event);
    expect(model.state.runs[0]!.variants[0]!.done).toBe(many);
    return count;
  };
  expect(looks(10)).toBeGreaterThanOrEqual(10);
  expect(looks(40)).toBeLessThanOrEqual(2.2 * looks(20));
});

describe("the recordings of the lessons", () => {
  const recorded = readdirSync("scenarios/lessons", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }): [string, RunResult][] => {
      const packed = readFileSync(`scenarios/lessons/${name}/recorded/lesson.json.gz`);
      const { results } = JSON.parse(gunzipSync(packed).toString()) as { results: RunResult[] };
      return results.map((result, at) => [`${name}, result ${at + 1}`, result]);
    });

  test.each(recorded)("%s: no moment shows more than there was, and the end what was saved", (_name, result) => {
    const model = new LiveModel();
    for (const event of eventsOf(result)) {
      model.heard(event);
      const [run] = model.state.runs;
      for (const { trial } of run?.variants ?? [])
        for (const { ports, limit } of trial?.links ?? [])
          expect(ports?.used ?? 0).toBeLessThanOrEqual(limit ?? Infinity);
    }
    for (const { name } of result.scenario.variants) {
      const { trial } = newest(model.state.runs[0]!, name)!;
      const { hosts } = result.variants[name]!.trials[0]!;
      for (const host of trial.hosts) {
        const saved = hosts?.[host.name];
        if (saved !== undefined) expect([host.name, host.timeWait]).toEqual([host.name, saved.timeWait.end]);
      }
    }
  });

  test("of a service with a backend nobody knows all sockets of a moment: no screen says that there are none", () => {
    const [, result] = recorded.find(([, { scenario }]) => scenario.name === "lessons/ci/pull-request")!;
    const model = new LiveModel();
    const told = (): boolean[] => {
      const { trial } = newest(model.state.runs[0]!, "head") ?? { trial: null };
      return trial === null ? [] : panelsOf(trial).map(({ isUnknown }) => isUnknown);
    };
    for (const event of eventsOf(result)) model.heard(event);
    // The client, the server, the backend.
    expect(told()).toEqual([false, true, false]);
  });

  test("ports that run out are counted as their sockets appear, not once a second", () => {
    const [, result] = recorded.find(([, { scenario }]) => scenario.name === "lessons/time-wait/ports")!;
    const model = new LiveModel();
    for (const event of eventsOf(result)) {
      model.heard(event);
      const { trial } = newest(model.state.runs[0]!, "client-closes") ?? { trial: null };
      const client = trial?.hosts.find(({ name }) => name === "client");
      const [link] = trial?.links ?? [];
      if (event.type === "sample" && event.host === "client" && link !== undefined && (client?.timeWait ?? 0) > 0)
        expect(link.ports?.used).toBeGreaterThanOrEqual(client!.timeWait!);
    }
    expect(newest(model.state.runs[0]!, "client-closes")!.trial.links[0]!.ports!.most).toBe(1_000);
  });
});
