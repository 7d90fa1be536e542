import { expect, test } from "vitest";
import { Events } from "../../src/events/events.js";
import type { Happening } from "../../src/events/types.js";
import { toldRun } from "../../src/live/told.js";
import { LiveModel } from "../../src/live/model.js";
import { MOST_KEPT, pointsOf } from "../../src/live/curve.js";
import { shownOf } from "../../src/live/shown.js";
import { timeWaitOf } from "../../src/live/trial.js";
import type { LiveRun, LiveState, LiveTrial } from "../../src/live/types.js";
import { type LinkEnd, TCP_STATES } from "../../src/sampler/types.js";
import { specimens } from "../page/specimens.js";

const { scenario, environment } = specimens()["one"]!;
const NO_STATES = Object.fromEntries(TCP_STATES.map((state) => [state, 0])) as Record<
  (typeof TCP_STATES)[number],
  number
>;

/** A trial of which two hosts stand, on a clock that the test moves. */
function begun(): {
  state: LiveState;
  run: LiveRun;
  trial: LiveTrial;
  tell(happening: Happening): void;
  pass(ms: number): void;
} {
  let nowMs = 0;
  const model = new LiveModel();
  const events = new Events(() => nowMs);
  events.subscribe(model.heard);
  const ofRun = events.ofRun(0);
  ofRun.tell({ type: "run", scenario, environment, trials: 1 });
  const ofTrial = ofRun.ofTrial("close", 0);
  ofTrial.tell({ type: "trial", order: 0 });
  ofTrial.tell({ type: "host", host: "client", addresses: ["198.18.0.1"], roles: ["client"] });
  ofTrial.tell({ type: "host", host: "server", addresses: ["198.18.0.2"], roles: ["server"] });
  const sysctls = { "net.ipv4.ip_local_port_range": "10000\t10999", "net.ipv4.tcp_max_tw_buckets": "600" };
  for (const host of ["client", "server"]) ofTrial.tell({ type: "settings", host, sysctls, left: 1 });
  const run = model.state.runs[0]!;
  return {
    state: model.state,
    run,
    trial: run.variants[0]!.trial!,
    tell: (happening) => ofTrial.tell(happening),
    pass: (ms) => void (nowMs += ms),
  };
}

function gauge(host: string, timeWait: number): Happening {
  const sample = {
    kind: "gauge",
    atMs: 0,
    costUs: 20,
    lateMs: 0,
    timeWait,
    established: 5,
    timeWaitCreated: null,
  } as const;
  return { type: "sample", host, sample };
}

/** @param remote port, address and sockets in TIME_WAIT of each end that connects */
function table(host: string, ...remote: [port: number, address: string, timeWait: number][]): Happening {
  const ends = remote.map(([port, address, time_wait]): LinkEnd => ({
    end: "from",
    port,
    local: "198.18.0.1",
    remote: address,
    states: { time_wait, established: 5 },
    timeWaitLeftMs: null,
    timeWaitBorn: 0,
  }));
  const own = { ...NO_STATES, time_wait: remote[0]?.[2] ?? 0, established: 5 };
  const sides = { client: host === "client" ? own : NO_STATES, server: host === "server" ? own : NO_STATES };
  return { type: "sample", host, sample: { kind: "table", atMs: 0, costUs: 900, source: "netlink", sides, ends } };
}

function progress(change: Partial<Extract<Happening, { type: "progress" }>>): Happening {
  const rows = { atMs: [], perSec: [], p50Us: [], p99Us: [] };
  const counts = { succeeded: 0, failed: 0, noPort: 0, connections: 0, perSec: 0 };
  const timeWait = { client: null, server: null };
  return { type: "progress", step: null, elapsedMs: 0, durationMs: 2000, ...counts, rows, timeWait, ...change };
}

test("the clock of a trial begins with its first request, however late that is told", () => {
  const { trial, tell, pass } = begun();
  pass(100);
  tell({ type: "action", host: null, what: "load", command: null, state: "begun" });
  expect(trial).toMatchObject({ doing: "load", zeroAtMs: 100 });
  pass(260);
  tell(
    progress({ elapsedMs: 240, rows: { atMs: [100, 200], perSec: [50, 60], p50Us: [900, null], p99Us: [1200, null] } }),
  );
  expect(trial.zeroAtMs).toBe(120);
  pass(250);
  tell(progress({ elapsedMs: 495, perSec: 55, connections: 20 }));
  expect(trial.zeroAtMs).toBe(115);
  const [load] = trial.loads;
  expect(load).toMatchObject({ perSec: 55, connections: 20, beganAtMs: 115 });
  expect(pointsOf(load!.p50Us)).toEqual({ atMs: [100, 200], values: [900, null] });
});

test("TIME_WAIT of a side is the gauge's without what was left, and the table's once its host has another link", () => {
  const { trial, tell } = begun();
  tell(gauge("client", 41));
  expect(pointsOf(timeWaitOf(trial, "client")).values).toEqual([40]);
  tell(table("client", [8080, "198.18.0.2", 39]));
  expect(timeWaitOf(trial, "client").last!.value).toBe(40);
  tell(table("client", [8080, "198.18.0.2", 39], [9000, "198.18.0.2", 7]));
  expect(timeWaitOf(trial, "client").last!.value).toBe(39);
  expect(trial.hosts[0]!.states).toEqual({ time_wait: 46, established: 10 });
  expect(trial.links.map(({ from, to, port, own, timeWait }) => [from, to, port, own, timeWait.from])).toEqual([
    ["client", "server", 8080, true, 39],
    ["client", "server", 9000, false, 7],
  ]);
});

test("what becomes true is told once, when it does", () => {
  const { run, tell, pass } = begun();
  const codes = (): string[] => run.notices.map(({ code }) => code);
  tell(table("client", [8080, "198.18.0.2", 400]));
  // Of the other end nothing is known yet.
  expect(codes()).toEqual([]);
  tell(table("server"));
  expect(run.notices).toMatchObject([{ code: "holder", atMs: 0, figures: { client: 400, server: 0 } }]);
  pass(5);
  tell(table("client", [8080, "198.18.0.2", 495]));
  tell(table("client", [8080, "198.18.0.2", 600]));
  expect(run.notices.slice(1)).toMatchObject([
    {
      code: "ports-half",
      atMs: 5,
      variant: "close",
      figures: { used: 500, ports: 1000 },
      link: { from: "client", to: "server" },
    },
  ]);
  expect(toldRun(run).notices[1]!.text).toBe("client has used 500 of its 1,000 local ports towards server");
  tell(gauge("client", 599));
  expect(codes()).toHaveLength(2);
  tell(gauge("client", 600));
  expect(codes()).toEqual(["holder", "ports-half", "buckets-overflow"]);
  tell(table("client", [8080, "198.18.0.2", 950]));
  tell(progress({ succeeded: 900, failed: 3, noPort: 3 }));
  tell(progress({ succeeded: 901, failed: 4, noPort: 3 }));
  expect(codes()).toEqual(["holder", "ports-half", "buckets-overflow", "ports-scarce", "ports-exhausted"]);
});

test("steps are known while they run, with what became of them", () => {
  const { trial, tell, pass } = begun();
  tell({ type: "step", step: "held", does: "read", state: "begun" });
  expect(trial).toMatchObject({ zeroAtMs: 0, steps: [{ step: "held", state: "begun", tookMs: null }] });
  pass(7);
  tell({ type: "step", step: "held", does: "read", state: "ended", tookMs: 7, fault: "not there", figures: {} });
  expect(trial.steps).toMatchObject([{ step: "held", state: "ended", tookMs: 7, fault: "not there" }]);
});

test("of an hour no more is kept, and told to who comes, than of some minutes", () => {
  const { trial, tell, pass, state } = begun();
  for (let second = 0; second < 3600; second++) {
    for (let reading = 0; reading < 4; reading++) {
      pass(250);
      for (const host of ["client", "server"]) tell(gauge(host, second === 1234 && reading === 2 ? 9_999 : reading));
    }
    tell(table("client", [8080, "198.18.0.2", second], [9000, "198.18.0.3", 1]));
    const atMs = [0, 250, 500, 750].map((ms) => second * 1000 + ms);
    const column = atMs.map((_, row) => row);
    const rows = { atMs, perSec: column, p50Us: column, p99Us: column };
    tell(progress({ elapsedMs: (second + 1) * 1000, durationMs: 3_600_000, succeeded: second, rows }));
  }
  const [{ rate, p50Us, p99Us }] = trial.loads as [LiveTrial["loads"][0]];
  const lines = [rate, p50Us, p99Us, trial.sides.client.tables, ...trial.hosts.map(({ timeWaits }) => timeWaits)];
  for (const line of lines) {
    const { atMs } = pointsOf(line);
    expect(atMs.length).toBeGreaterThan(MOST_KEPT / 4);
    expect(atMs.length).toBeLessThanOrEqual(MOST_KEPT + 3);
  }
  // The peak of one reading is there all the same.
  expect(Math.max(...pointsOf(trial.hosts[1]!.timeWaits).values.map(Number))).toBe(9_998);
  expect(JSON.stringify(shownOf(state)).length).toBeLessThan(lines.length * MOST_KEPT * 20);
});
